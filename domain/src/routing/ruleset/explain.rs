//! From a feedback to a verdict: classify, find the place, run the table, choose the focal point.

mod alternatives;
mod place;

use jiff::civil::Date;

use super::RuleSet;
use super::settings::EndedUnit;
use crate::codes::AgencyCode;
use crate::kinds::{Desk, Handoff, Kind};
use crate::routing::boundaries::Boundaries;
use crate::routing::classify::Classification;
use crate::routing::directory::Category;
use crate::routing::place::Place;
use crate::routing::responsibility::attributes::Known;
use crate::routing::responsibility::table::{Table, UNCLASSIFIED};
use crate::routing::responsibility::{Decision, Facts, Resolver, decide, focal};
use crate::routing::tokens::{Token, tokens};
use crate::routing::verdict::{RouteInput, Verdict};

/// The rule a verdict names when a matter was sealed and given to nobody.
const SEALED_RULE: &str = "sealed";

/// How the reason begins that says that somebody chose the category. Stored with each verdict and
/// looked for when past cases are replayed, so it stays as it is.
pub(crate) const CHOSEN: &str = "Loại việc được chọn";

/// What was found out about a feedback before anybody is made responsible.
struct Findings<'a> {
    input: &'a RouteInput,
    read: Classification,
    category: Option<&'a Category>,
    confidence: f64,
    words: Vec<Token>,
    place: Place,
    known: Known,
    day: Date,
    because: Vec<String>,
}

impl RuleSet {
    /// Where a feedback goes, and why. Never fails: what cannot be read goes to the default desk.
    pub fn explain(&self, input: &RouteInput) -> Verdict {
        self.explain_with(input, &Boundaries::default())
    }

    /// As [`RuleSet::explain`], with imported boundaries to look coordinates up in.
    pub fn explain_with(&self, input: &RouteInput, boundaries: &Boundaries) -> Verdict {
        let mut verdict = self.judge(self.find_out(input, boundaries));
        if input.point.is_some() && !boundaries.is_empty() {
            verdict.rule_set = format!("{}+{}", self.hash, boundaries.hash());
        }
        verdict
    }

    fn find_out<'a>(&'a self, input: &'a RouteInput, boundaries: &'a Boundaries) -> Findings<'a> {
        let (text, shortened) = cut(&input.text, self.settings.max_text);
        let read = self.classifier.as_ref().map_or_else(unread, |c| c.classify(text));
        let words = tokens(text);
        let day = self.day(input.at);
        let address =
            input.address.as_deref().map(|address| cut(address, self.settings.max_text).0);
        let place = self.place(input, address, &words, boundaries, day);
        let mut said = words.clone();
        said.extend(address.map(tokens).unwrap_or_default());
        let known = self.attributes.read(&input.attributes, &said);
        let given = input.category.as_ref().and_then(|code| self.directory.category(code));
        let category = given.or_else(|| self.directory.category(read.category.as_ref()?));
        let confidence = if given.is_some() { 1.0 } else { read.confidence };
        let mut because = reading_because(&read, given.is_some(), category);
        if shortened {
            because.push(format!("Chỉ xét {} ký tự đầu.", self.settings.max_text));
        }
        Findings { input, read, category, confidence, words, place, known, day, because }
    }

    fn judge(&self, found: Findings<'_>) -> Verdict {
        let table_of = |category: &Category| self.tables.get(&category.route);
        let floor = self.settings.floor(found.category.and_then(table_of));
        let sure = found.category.filter(|_| found.confidence >= floor);
        let own_table = sure.and_then(table_of);
        let kind = self.kind(&found, own_table);
        let sealed = found.read.confidential
            || self.settings.sealed_kinds.contains(&kind)
            || found.category.is_some_and(|category| category.confidential);
        let handoff = handoff(&found.read, sure, kind);
        // A sealed matter goes by its own category's table or to nobody: any other agency might
        // be the one complained of.
        let table = match (sealed, sure) {
            (true, Some(category)) if category.confidential => own_table,
            (true, _) => None,
            (false, _) => own_table.or_else(|| self.tables.get(UNCLASSIFIED)),
        };
        let mut verdict = self.blank(&found, kind, sealed, handoff);
        if found.category.is_some() && sure.is_none() {
            verdict
                .because
                .push("Độ tin cậy dưới mức cho phép nên không tự chọn đơn vị.".to_owned());
        }
        if let Some(table) = table {
            let category = if own_table.is_some() { sure } else { None };
            self.run(table, category, &found, &mut verdict);
        } else if sealed {
            verdict.rule = Some(SEALED_RULE.to_owned());
            verdict.because.push("Hồ sơ được niêm phong, không chuyển theo loại việc.".to_owned());
        }
        verdict.desk = match (sealed, kind, table.and_then(|table| table.desk)) {
            (true, ..) => Some(Desk::Sealed),
            (false, Kind::Emergency, _) => Some(Desk::Emergency),
            (false, _, Some(desk)) => Some(desk),
            _ if verdict.agency.is_some() => None,
            _ => verdict.desk.or(Some(self.settings.default_desk)),
        };
        if !sealed {
            verdict.alternatives = self.alternatives(&found, &verdict);
        }
        verdict
    }

    fn kind(&self, found: &Findings<'_>, table: Option<&Table>) -> Kind {
        if let Some(kind) = found.input.kind {
            return kind;
        }
        let read = found.read.kind;
        // No table turns danger or a sealed matter into something milder.
        if read == Kind::Emergency || self.settings.sealed_kinds.contains(&read) {
            return read;
        }
        table.and_then(|table| table.kind).unwrap_or(read)
    }

    /// The verdict before anybody is responsible.
    fn blank(
        &self,
        found: &Findings<'_>,
        kind: Kind,
        sealed: bool,
        handoff: Option<Handoff>,
    ) -> Verdict {
        let category = found.category;
        let sector = category.map(|c| c.sector.clone()).or_else(|| found.read.sector.clone());
        let urgent = category.is_some_and(|c| c.urgent) || found.read.urgent;
        let because = [&found.because, &found.known.because, &found.place.because];
        Verdict {
            kind,
            sector,
            category: category.map(|c| c.code.clone()),
            priority: category.map(|c| c.priority),
            urgent: urgent || kind == Kind::Emergency,
            confidential: sealed,
            handoff,
            district: found.place.district.clone(),
            ward: found.place.ward.clone(),
            place_source: found.place.source.filter(|_| found.place.district.is_some()),
            agency: None,
            co_agencies: Vec::new(),
            focal_point: None,
            desk: None,
            question: None,
            confidence: (found.confidence * 100.0).round() / 100.0,
            because: because.into_iter().flatten().cloned().collect(),
            rule: None,
            rule_set: self.hash.clone(),
            alternatives: Vec::new(),
        }
    }

    fn facts<'a>(
        &self,
        category: Option<&'a Category>,
        found: &'a Findings<'_>,
        verdict: &Verdict,
    ) -> Facts<'a> {
        Facts {
            category,
            kind: verdict.kind,
            handoff: verdict.handoff,
            district: found.place.district.as_ref(),
            known: &found.known,
            text: &found.words,
            day: found.day,
        }
    }

    const fn resolver(&self) -> Resolver<'_> {
        Resolver { directory: &self.directory, areas: &self.settings.areas }
    }

    /// Runs a table and writes what it decides into the verdict.
    fn run(
        &self,
        table: &Table,
        category: Option<&Category>,
        found: &Findings<'_>,
        verdict: &mut Verdict,
    ) {
        let facts = self.facts(category, found, verdict);
        let Some((rule, decision)) = decide(table, &facts, &self.resolver(), &self.attributes)
        else {
            return;
        };
        verdict.rule = Some(rule.id.clone());
        verdict.because.push(rule.why.clone());
        match decision {
            Decision::Desk(desk) => verdict.desk = Some(desk),
            Decision::NeedsDistrict => {
                verdict.because.push("Cần biết quận, huyện mới chọn được đơn vị.".to_owned());
                verdict.question = Some(self.district_question(&found.place));
            }
            Decision::Agency(code) => {
                self.give_to(code, category, found, verdict);
                verdict.question = rule
                    .ask
                    .as_deref()
                    .filter(|name| found.known.get(name).is_none())
                    .and_then(|name| self.attributes.question(name));
            }
        }
    }

    /// Makes an agency responsible: the one in force, its focal point, and who helps.
    fn give_to(
        &self,
        code: AgencyCode,
        category: Option<&Category>,
        found: &Findings<'_>,
        verdict: &mut Verdict,
    ) {
        let Some(agency) = self.in_force(&code, found.day, &mut verdict.because) else { return };
        if !verdict.confidential {
            let helpers = category.into_iter().flat_map(|c| &c.co_agencies);
            for helper in helpers {
                let helper =
                    self.resolver().resolve(helper, found.place.district.as_ref(), found.day);
                let helper = helper.map(|h| self.directory.in_force(&h, found.day).clone());
                if let Some(helper) = helper.filter(|h| *h != agency)
                    && !verdict.co_agencies.contains(&helper)
                {
                    verdict.co_agencies.push(helper);
                }
            }
        }
        verdict.focal_point = focal::choose(
            &self.directory,
            &agency,
            verdict.ward.as_ref(),
            verdict.sector.as_ref(),
            verdict.urgent,
            found.day,
        );
        verdict.agency = Some(agency);
    }

    /// The agency that answers on this day, with a sentence when that is not simply the one named.
    fn in_force(
        &self,
        code: &AgencyCode,
        day: Date,
        because: &mut Vec<String>,
    ) -> Option<AgencyCode> {
        let current = self.directory.in_force(code, day);
        let name = |code: &AgencyCode| {
            self.directory.agency(code).map_or_else(|| code.to_string(), |a| a.short_name.clone())
        };
        if current != code {
            because.push(format!("{} đã kết thúc; {} tiếp nhận.", name(code), name(current)));
        }
        let agency = self.directory.agency(current)?;
        let Some(ended) = agency.validity.to.filter(|_| agency.validity.ended_before(day)) else {
            return Some(current.clone());
        };
        let successor = agency.successor_note.as_deref().unwrap_or("chưa rõ");
        match self.settings.ended_without_successor {
            EndedUnit::Keep => {
                because.push(format!(
                    "{} đã kết thúc ngày {ended} (kế nhiệm: {successor}); đơn vị kế nhiệm chưa có trong danh bạ nên đầu mối cũ vẫn nhận.",
                    name(current)
                ));
                Some(current.clone())
            }
            EndedUnit::Desk => {
                because.push(format!(
                    "{} đã kết thúc ngày {ended} (kế nhiệm: {successor}); đơn vị kế nhiệm chưa có trong danh bạ.",
                    name(current)
                ));
                None
            }
        }
    }
}

/// The reading of a text in a city without phrases: nothing, so that the operator's choice or the
/// desk decides.
const fn unread() -> Classification {
    Classification {
        kind: Kind::Incident,
        sector: None,
        category: None,
        confidence: 0.0,
        urgent: false,
        confidential: false,
        handoff: None,
        because: Vec::new(),
        alternatives: Vec::new(),
    }
}

/// The emergency service: what the text says, else what the category always calls.
fn handoff(read: &Classification, category: Option<&Category>, kind: Kind) -> Option<Handoff> {
    let of_category = || category.filter(|c| c.urgent)?.handoff.first().copied();
    let handoff = read.handoff.or_else(of_category);
    // A written complaint or denunciation tells of the past.
    handoff.filter(|_| !matches!(kind, Kind::Complaint | Kind::Denunciation) || read.urgent)
}

/// The words and the category, in Vietnamese.
fn reading_because(read: &Classification, given: bool, category: Option<&Category>) -> Vec<String> {
    let mut because = Vec::new();
    if !read.because.is_empty() {
        let words: Vec<_> = read.because.iter().map(|word| format!("“{word}”")).collect();
        because.push(format!("Từ ngữ: {}.", words.join(", ")));
    }
    match category {
        Some(category) if given => {
            because.push(format!("{CHOSEN}: {} ({}).", category.name, category.code));
        }
        Some(category) => {
            because.push(format!("Loại việc: {} ({}).", category.name, category.code))
        }
        None => because.push("Không nhận ra loại việc.".to_owned()),
    }
    because
}

/// The first `limit` characters, and whether anything was cut off.
fn cut(text: &str, limit: usize) -> (&str, bool) {
    match text.char_indices().nth(limit) {
        Some((end, _)) => (&text[..end], true),
        None => (text, false),
    }
}
