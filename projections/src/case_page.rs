//! Everything one screen shows of a case, as one JSON document.
//!
//! Made from the folded case when somebody reads it, never stored: what is not stored need not be
//! written with each command, kept equal, rebuilt or erased. It holds the personal data in clear;
//! [`CasePage::seen_by`] takes away what a reader may not see before it leaves the server.

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::Case;
use hoiam_domain::case::attachment::Attachment;
use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::case::ledger::holder;
use hoiam_domain::case::publicity::without_hidden;
use hoiam_domain::case::stage::Stage;
use hoiam_domain::private::Private;
use hoiam_domain::sealed::SealedField;
use hoiam_domain::sealed::requests::is_sealed;
use hoiam_domain::text::mask::SIGN;
use hoiam_domain::time::Deadline;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one screen shows of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named as in the case itself")]
pub struct CasePage {
    pub number: String,
    pub version: u64,
    pub status: String,
    pub status_vi: String,
    pub status_en: String,
    pub holder: String,
    pub kind: String,
    pub channel: String,
    pub text: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub address: Option<String>,
    pub public: bool,
    pub confidential: bool,
    pub accused: Option<String>,
    pub sector: Option<String>,
    pub category: Option<String>,
    pub priority: Option<String>,
    pub urgent: bool,
    pub district: Option<String>,
    pub ward: Option<String>,
    /// What told the district: `boundary`, `address`, `alias`, `picked`, `box`; none for cases
    /// classified before that was recorded.
    pub place_source: Option<String>,
    /// Thousandths; none when a person classified.
    pub confidence: Option<u16>,
    pub because: Vec<String>,
    pub rule: Option<String>,
    pub rule_set: Option<String>,
    pub agency: Option<String>,
    pub focal_point: Option<String>,
    pub handler: Option<String>,
    pub parts: Vec<PartView>,
    pub reporters: Vec<ReporterView>,
    pub attachments: Vec<AttachmentView>,
    pub deadlines: Vec<DeadlineView>,
    pub returns: Vec<ReturnView>,
    pub ruled: bool,
    pub handed_off: Vec<String>,
    pub merged_into: Option<String>,
    pub merged: Vec<String>,
    pub question: Option<String>,
    pub progress: Option<String>,
    pub committed_date: Option<Timestamp>,
    pub outcome: Option<String>,
    pub resolution: Option<String>,
    pub answer: Option<String>,
    pub refusal: Option<String>,
    pub rating: Option<u8>,
    pub reopened: u32,
    pub window_until: Option<Timestamp>,
    pub received_at: Timestamp,
    pub updated_at: Timestamp,
    pub source: Option<String>,
    /// What was erased of it, if anything was: its texts are empty then.
    pub erased: Option<ErasedView>,
    /// What is sealed in it, `contact` or `content`: left out here for everybody, read with a reason.
    pub sealed: Vec<String>,
    /// The text without reporters who wish to be hidden, if any does.
    #[serde(skip)]
    hidden: Option<String>,
}

/// What was erased of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named as in the case itself")]
pub struct ErasedView {
    pub what: ErasedPart,
    pub at: Timestamp,
    pub legal_ground: String,
}

/// A co-agency's part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named as in the case itself")]
pub struct PartView {
    pub agency: String,
    pub task: String,
    pub mandatory: bool,
    pub due: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// A reporter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named as in the case itself")]
pub struct ReporterView {
    pub id: String,
    pub anonymous: bool,
    pub channel: String,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachmentView {
    /// Its id within the case.
    pub id: String,
    /// What it is, by its content.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// What its sender called it.
    pub name: Option<String>,
    /// When it was attached.
    pub at: Timestamp,
    /// The role of who attached it.
    pub by: String,
    /// Shown to the citizens who reported the case.
    pub shown: bool,
    /// When it was taken, as its own data say.
    pub taken_at: Option<Timestamp>,
    /// Where it was taken, as its own data say: latitude.
    pub lat: Option<f64>,
    /// Where it was taken: longitude.
    pub lon: Option<f64>,
}

impl AttachmentView {
    /// A file as whoever may see it is told of it; never its key.
    pub fn of(file: &Attachment) -> Self {
        let place = file.taken_where.as_ref().filter(|place| !place.is_erased());
        let place = place.map(Private::reveal);
        Self {
            id: file.id.to_string(),
            media_type: file.media_type.clone(),
            size: file.size,
            name: file.name.as_ref().and_then(readable),
            at: file.at,
            by: file.by.role.to_string(),
            shown: file.shown,
            taken_at: file.taken_at.as_ref().filter(|at| !at.is_erased()).map(|at| *at.reveal()),
            lat: place.map(|place| place.lat),
            lon: place.map(|place| place.lon),
        }
    }
}

/// A clock with its promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineView {
    /// The promise and its explanation.
    #[serde(flatten)]
    pub deadline: Deadline,
    /// When it stopped.
    pub stopped: Option<Timestamp>,
    /// Whether it was kept, once that is known.
    pub kept: Option<bool>,
}

/// A return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReturnView {
    /// Who returned it.
    pub agency: String,
    /// Whose it is in that agency's view.
    pub proposed_agency: Option<String>,
}

fn string(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

impl CasePage {
    /// The page of a case.
    pub fn of(case: &Case) -> Self {
        let work = &case.work;
        let stage = work.stage.name();
        let found = work.found.as_ref();
        let location = case.location.as_ref();
        let lead = work.lead.as_ref();
        Self {
            number: case.number.to_string(),
            version: case.version,
            status: stage.as_str().to_owned(),
            status_vi: stage.vi().to_owned(),
            status_en: stage.en().to_owned(),
            holder: holder(case).to_string(),
            kind: case.kind().to_string(),
            channel: case.channel.to_string(),
            text: case.text.reveal().clone(),
            lat: location.and_then(|l| l.lat),
            lon: location.and_then(|l| l.lon),
            address: location.and_then(|l| l.address.as_ref()).and_then(readable),
            public: case.public,
            confidential: case.confidential,
            accused: string(case.accused.as_ref()),
            sector: string(found.and_then(|f| f.sector.as_ref())),
            category: string(found.and_then(|f| f.category.as_ref())),
            priority: string(found.and_then(|f| f.priority)),
            urgent: found.is_some_and(|f| f.urgent),
            district: string(found.and_then(|f| f.district.as_ref())),
            ward: string(found.and_then(|f| f.ward.as_ref())),
            place_source: string(found.and_then(|f| f.place_source)),
            confidence: found.and_then(|f| f.confidence),
            because: found.map(|f| f.because.reveal().clone()).unwrap_or_default(),
            rule: found.and_then(|f| f.rule.clone()),
            rule_set: found.map(|f| f.rule_set.clone()),
            agency: string(lead.map(|l| &l.agency)),
            focal_point: string(lead.and_then(|l| l.focal_point.as_ref())),
            handler: lead.and_then(|l| l.handler.clone()),
            parts: parts(case),
            reporters: reporters(case),
            attachments: case.attachments.iter().map(AttachmentView::of).collect(),
            deadlines: deadlines(case),
            returns: returns(case),
            ruled: work.ruled,
            handed_off: case.handed_off.iter().map(ToString::to_string).collect(),
            merged_into: match &work.stage {
                Stage::Merged { number, .. } => Some(number.to_string()),
                _ => None,
            },
            merged: case.absorbed.iter().map(|a| a.number.to_string()).collect(),
            question: work.question.as_ref().and_then(readable),
            progress: work.progress.as_ref().and_then(|p| readable(&p.note)),
            committed_date: work
                .resolution
                .as_ref()
                .and_then(|r| r.committed_date)
                .or(work.progress.as_ref().and_then(|p| p.committed_date)),
            outcome: work.resolution.as_ref().map(|r| r.outcome.as_str().to_owned()),
            resolution: work.resolution.as_ref().and_then(|r| readable(&r.note)),
            answer: work.answer.as_ref().and_then(readable),
            refusal: work.refusal.as_ref().and_then(readable),
            rating: work.rating,
            reopened: work.reopened,
            window_until: work.window_until,
            received_at: case.received_at,
            updated_at: case.last_at,
            source: case.source.as_ref().map(|s| format!("{}:{}", s.system, s.id)),
            erased: case.erased.as_ref().map(|erased| ErasedView {
                what: erased.what,
                at: erased.at,
                legal_ground: erased.legal_ground.clone(),
            }),
            sealed: [SealedField::Contact, SealedField::Content]
                .into_iter()
                .filter(|field| is_sealed(case, *field))
                .map(|field| field.as_str().to_owned())
                .collect(),
            hidden: without_hidden(case, case.text.reveal()),
        }
    }

    /// The page as `reader` may see it; that they may see the case at all is checked before.
    /// The desk and agencies learn who reported unless the reporter is anonymous or the case
    /// confidential; other systems and administrators never do. What a denunciation says is on no
    /// page: like hidden contacts it is read with a reason.
    #[must_use]
    pub fn seen_by(mut self, reader: &Actor) -> Self {
        let desk = matches!(reader.role, Role::Operator | Role::Coordinator | Role::System);
        let agency = reader.role.belongs_to_agency();
        let sealed = self.confidential;
        for reporter in &mut self.reporters {
            let own = reader.role == Role::Citizen && reader.id == reporter.id;
            let told = (desk || agency) && !reporter.anonymous && !sealed;
            if !(own || told) {
                reporter.name = None;
                reporter.phone = None;
                reporter.email = None;
            }
        }
        if !desk {
            self.accused = None;
        }
        // Who signs what they write is not hidden by leaving out the name beside it.
        if let Some(hidden) = self.hidden.take().filter(|_| !desk && reader.role != Role::Citizen) {
            self.text = hidden;
        }
        if self.sealed.iter().any(|field| field == SealedField::Content.as_str()) {
            self.without_content();
        }
        self
    }

    fn without_content(&mut self) {
        SIGN.clone_into(&mut self.text);
        self.because.clear();
        (self.lat, self.lon, self.address) = (None, None, None);
        for part in &mut self.parts {
            SIGN.clone_into(&mut part.task);
        }
        let texts = [
            &mut self.question,
            &mut self.progress,
            &mut self.resolution,
            &mut self.answer,
            &mut self.refusal,
        ];
        for text in texts.into_iter().flatten() {
            SIGN.clone_into(text);
        }
        for file in &mut self.attachments {
            (file.name, file.taken_at, file.lat, file.lon) = (None, None, None, None);
        }
    }
}

/// A text, unless it was erased.
fn readable<S>(text: &Private<String, S>) -> Option<String> {
    (!text.is_erased()).then(|| text.reveal().clone())
}

fn parts(case: &Case) -> Vec<PartView> {
    let view = |part: &hoiam_domain::case::state::Part| PartView {
        agency: part.agency.to_string(),
        task: part.task.reveal().clone(),
        mandatory: part.mandatory,
        due: part.due,
        finished_at: part.finished_at,
    };
    case.work.parts.iter().map(view).collect()
}

fn reporters(case: &Case) -> Vec<ReporterView> {
    let view = |party: &hoiam_domain::case::party::Party| ReporterView {
        id: party.id.clone(),
        anonymous: party.anonymous,
        channel: party.channel.to_string(),
        name: party.contact.name.as_ref().and_then(readable),
        phone: party.contact.phone.as_ref().and_then(readable),
        email: party.contact.email.as_ref().and_then(readable),
    };
    case.parties.iter().map(view).collect()
}

fn deadlines(case: &Case) -> Vec<DeadlineView> {
    let view = |running: &hoiam_domain::case::clocks::RunningClock| DeadlineView {
        deadline: (*running.deadline).clone(),
        stopped: running.stopped,
        kept: running.stopped.map(|at| at <= running.deadline.due),
    };
    case.work.clocks.values().map(view).collect()
}

fn returns(case: &Case) -> Vec<ReturnView> {
    let view = |back: &hoiam_domain::case::state::Return| ReturnView {
        agency: back.agency.to_string(),
        proposed_agency: string(back.proposed.as_ref()),
    };
    case.work.returns.iter().map(view).collect()
}
