//! A case as its citizen may know it: nothing of other reporters, no note of the desk.

use hoiam_domain::case::Case;
use hoiam_domain::case::ledger::{Holder, holder};
use hoiam_domain::case::transitions::allowed;
use hoiam_domain::kinds::Clock;
use hoiam_domain::private::Private;
use hoiam_domain::routing::Directory;
use hoiam_domain::time::Deadline;
use hoiam_projections::timeline;
use jiff::Timestamp;
use serde::Serialize;

use super::{COMMANDS, Opened};
use crate::http::endpoints::answers::told;
use crate::http::endpoints::attachments::AttachmentView;

/// The own case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Track {
    /// Where it stands.
    #[serde(flatten)]
    standing: Standing,
    /// What the citizen wrote.
    text: String,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Sector, once known.
    sector: Option<String>,
    /// Category, once known.
    category: Option<String>,
    /// What happened, oldest first.
    timeline: Vec<Line>,
    /// The files the citizen sent, and those that are shown to them.
    attachments: Vec<AttachmentView>,
    /// What the citizen can do now.
    can: Vec<&'static str>,
    /// The citizen allows publication.
    public: bool,
    /// The citizen's name is hidden.
    anonymous: bool,
    /// The number of the case it was merged into.
    merged_into: Option<String>,
    /// Where the case stands that it was merged into.
    continued_in: Option<Standing>,
}

/// Where a case stands.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Standing {
    /// Case number.
    number: String,
    /// Version of the case.
    version: u64,
    /// Where it stands.
    status: &'static str,
    /// Where it stands, in Vietnamese.
    status_vi: &'static str,
    /// Where it stands, in English.
    status_en: &'static str,
    /// Kind of case.
    kind: &'static str,
    /// Who has it now.
    holder: HolderView,
    /// The promises, each with its explanation.
    deadlines: Vec<Promise>,
    /// The emergency services it was handed to.
    handed_off: Vec<&'static str>,
    /// What the agency asked the citizen.
    question: Option<String>,
    /// What was answered.
    answer: Option<String>,
    /// Why it was refused.
    refusal: Option<String>,
    /// How it ended.
    outcome: Option<&'static str>,
    /// When the agency said it will be finished.
    #[schema(value_type = Option<String>, format = DateTime)]
    committed_date: Option<Timestamp>,
    /// The citizen's rating.
    rating: Option<u8>,
    /// Until when the citizen may rate or reopen.
    #[schema(value_type = Option<String>, format = DateTime)]
    window_until: Option<Timestamp>,
    /// When the last thing happened.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// Who has a case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct HolderView {
    /// `desk`, `agency:CODE`, `citizen`, `arbitration`, `suspended:…` or `closed`.
    code: String,
    /// In Vietnamese.
    vi: String,
    /// In English.
    en: String,
}

/// A promise and what became of it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Promise {
    /// Until when, and why.
    #[serde(flatten)]
    deadline: Deadline,
    /// Whether it was kept, once that is known.
    kept: Option<bool>,
}

/// A line of the timeline.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Line {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What, in Vietnamese.
    vi: String,
    /// What, in English.
    en: String,
}

pub(super) fn of(opened: &Opened, lines: &[timeline::Line], directory: &Directory) -> Track {
    let (own, going_on) = (&opened.own, &opened.going_on);
    let merged = own.id != going_on.id;
    let found = own.work.found.as_ref();
    let stage = going_on.work.stage.name();
    Track {
        standing: standing(own, directory),
        text: own.text.reveal().clone(),
        received_at: own.received_at,
        sector: found.and_then(|f| f.sector.as_ref()).map(ToString::to_string),
        category: found.and_then(|f| f.category.as_ref()).map(ToString::to_string),
        timeline: lines.iter().filter(|row| row.public).map(|row| line(row, directory)).collect(),
        attachments: opened.files().map(|(_, file)| AttachmentView::of(file)).collect(),
        can: COMMANDS.into_iter().filter(|command| allowed(stage, command)).collect(),
        public: own.public,
        anonymous: opened.party().is_some_and(|party| party.anonymous),
        merged_into: merged.then(|| going_on.number.to_string()),
        continued_in: merged.then(|| standing(going_on, directory)),
    }
}

fn line(row: &timeline::Line, directory: &Directory) -> Line {
    Line { at: row.at, vi: told(&row.vi, directory), en: told(&row.en, directory) }
}

fn standing(case: &Case, directory: &Directory) -> Standing {
    let work = &case.work;
    let stage = work.stage.name();
    let reveal = |text: &Private<String>| text.reveal().clone();
    let resolution = work.resolution.as_ref();
    Standing {
        number: case.number.to_string(),
        version: case.version,
        status: stage.as_str(),
        status_vi: stage.vi(),
        status_en: stage.en(),
        kind: case.kind().as_str(),
        holder: held_by(&holder(case), directory),
        deadlines: promises(case),
        handed_off: case.handed_off.iter().map(|service| service.as_str()).collect(),
        question: work.question.as_ref().map(reveal),
        answer: work.answer.as_ref().map(reveal),
        refusal: work.refusal.as_ref().map(reveal),
        outcome: resolution.map(|r| r.outcome.as_str()),
        committed_date: resolution
            .and_then(|r| r.committed_date)
            .or(work.progress.as_ref().and_then(|p| p.committed_date)),
        rating: work.rating,
        window_until: work.window_until,
        updated_at: case.last_at,
    }
}

fn promises(case: &Case) -> Vec<Promise> {
    Clock::ALL
        .iter()
        .filter_map(|clock| case.work.clocks.get(clock))
        .map(|running| Promise {
            deadline: (*running.deadline).clone(),
            kept: running.stopped.map(|at| at <= running.deadline.due),
        })
        .collect()
}

fn held_by(holder: &Holder, directory: &Directory) -> HolderView {
    let (vi, en) = match holder {
        Holder::Desk => ("Bộ phận tiếp nhận", "the desk"),
        Holder::Agency(code) => {
            let name = directory.agency(code).map_or(code.as_str(), |agency| agency.name.as_str());
            (name, name)
        }
        Holder::Citizen => ("Bạn", "you"),
        Holder::Arbitration => ("Điều phối viên", "the coordinators"),
        Holder::Suspended(_) => ("Đã gộp vào hồ sơ khác", "merged into another case"),
        Holder::Closed => ("Đã kết thúc", "it is over"),
    };
    HolderView { code: holder.to_string(), vi: vi.to_owned(), en: en.to_owned() }
}
