//! What somebody asks about figures, strictly read; and where the cases of a figure are.

use axum::http::StatusCode;
use hoiam_domain::actor::Actor;
use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::routing::RuleSet;
use hoiam_projections::facts::Measure;
use hoiam_projections::facts::tables::day_begins;
use jiff::Timestamp;

use crate::figures::{By, Question, scope};
use crate::http::endpoints::cases::asked::time;
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;

/// What both questions may say.
const COMMON: [&str; 10] = [
    "from", "to", "as_of", "agency", "sector", "category", "district", "channel", "kind", "holder",
];

/// A figure by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// How many.
    Count(Measure),
    /// Minutes late, over or going on.
    LateMinutes,
    /// What came back.
    Repeats,
}

/// Minutes late.
pub(super) const LATE_MINUTES: Wanted = Wanted::LateMinutes;
/// What came back at the same place.
pub(super) const REPEATS: Wanted = Wanted::Repeats;

impl Wanted {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Count(measure) => measure.as_str(),
            Self::LateMinutes => "late_minutes",
            Self::Repeats => "repeats",
        }
    }

    /// The figure of a word.
    pub(super) fn read(params: &Params) -> Result<Self, Problem> {
        let all = || {
            let counts = Measure::COUNTS.iter().map(|measure| Self::Count(*measure));
            counts.chain([LATE_MINUTES, REPEATS])
        };
        let given = params.get("measure");
        all().find(|wanted| Some(wanted.word()) == given).ok_or_else(|| {
            let words: Vec<_> = all().map(Self::word).collect();
            wrong("measure", &format!("one of {}", words.join(", ")))
        })
    }
}

/// What is asked.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    /// As of when; now if nothing was said.
    pub(super) as_of: Timestamp,
    pub(super) with_stages: bool,
    pub(super) with_repeats: bool,
}

/// A question for figures.
pub(super) fn figures(
    params: &Params,
    rules: &RuleSet,
    reader: &Actor,
    now: Timestamp,
) -> Result<Asked, Problem> {
    params.only(&known(&["by", "with"]))?;
    let words: Vec<_> = By::ALL.iter().map(|by| by.as_str()).collect();
    let expected = format!("one of {}", words.join(", "));
    let by = params.parsed("by", &expected)?.ok_or_else(|| wrong("by", &expected))?;
    let with: Vec<&str> =
        params.get("with").map_or_else(Vec::new, |text| text.split(',').collect());
    if with.iter().any(|word| !matches!(*word, "stages" | "repeats")) {
        return Err(wrong("with", "any of stages, repeats"));
    }
    let asked = common(params, rules, reader, now, by)?;
    let (with_stages, with_repeats) = (with.contains(&"stages"), with.contains(&"repeats"));
    Ok(Asked { with_stages, with_repeats, ..asked })
}

/// A question for the cases of a figure.
pub(super) fn cases(
    params: &Params,
    rules: &RuleSet,
    reader: &Actor,
    now: Timestamp,
) -> Result<Asked, Problem> {
    params.only(&known(&["measure", "limit", "cursor"]))?;
    // Nothing but `day` leaves every fact in.
    common(params, rules, reader, now, By::Day)
}

fn known(own: &[&'static str]) -> Vec<&'static str> {
    own.iter().copied().chain(COMMON).collect()
}

fn common(
    params: &Params,
    rules: &RuleSet,
    reader: &Actor,
    now: Timestamp,
    by: By,
) -> Result<Asked, Problem> {
    let (own, sealed) = scope(reader).ok_or_else(not_allowed)?;
    let (from, to) = (time(params, rules, "from", false)?, time(params, rules, "to", true)?);
    let as_of = time(params, rules, "as_of", false)?;
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        return Err(wrong("to", "a moment after `from`"));
    }
    if as_of.is_some_and(|as_of| as_of > now.as_microsecond()) {
        return Err(wrong("as_of", "a moment that is not in the future"));
    }
    if from.zip(as_of).is_some_and(|(from, as_of)| as_of < from) {
        return Err(wrong("as_of", "a moment that does not lie before `from`"));
    }
    let directory = &rules.directory;
    let agency = code(params, "agency", |code| directory.agencies.contains_key(code))?;
    let agency = match own {
        None => agency,
        Some(own) if agency.as_ref().is_none_or(|agency| *agency == own) => Some(own),
        Some(_) => return Err(not_allowed().field("agency")),
    };
    let mut only = Vec::new();
    for (by, there) in [
        (By::Sector, (|code, rules| rules.directory.sectors.contains_key(code)) as There),
        (By::Category, |code, rules| rules.directory.categories.contains_key(code)),
        (By::District, |code, rules| rules.directory.districts.contains_key(code)),
        (By::Channel, |code, _| Channel::ALL.iter().any(|channel| channel.as_str() == code)),
        (By::Kind, |code, _| Kind::ALL.iter().any(|kind| kind.as_str() == code)),
        (By::Holder, |code, rules| {
            matches!(code, "desk" | "arbitration" | "citizen" | "closed")
                || code
                    .strip_prefix("agency:")
                    .is_some_and(|code| rules.directory.agencies.contains_key(code))
        }),
    ] {
        if let Some(value) = code(params, by.as_str(), |code| there(code, rules))? {
            only.push((by, value));
        }
    }
    let moment = |micros: i64| Timestamp::from_microsecond(micros).ok();
    let question =
        Question { by, from, to, as_of, now: now.as_microsecond(), agency, only, sealed };
    let (from, to) = (from.and_then(moment), to.and_then(moment));
    let as_of = as_of.and_then(moment).unwrap_or(now);
    Ok(Asked { question, from, to, as_of, with_stages: false, with_repeats: false })
}

/// Whether there is such a code.
type There = fn(&str, &RuleSet) -> bool;

/// A code that exists; `-` for none.
fn code(
    params: &Params,
    name: &'static str,
    there: impl Fn(&str) -> bool,
) -> Result<Option<String>, Problem> {
    match params.get(name) {
        None => Ok(None),
        Some("-") => Ok(Some(String::new())),
        Some(code) if there(code) => Ok(Some(code.to_owned())),
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown_code",
            "Mã này không có trong danh bạ.",
            "The directory has no such code.",
        )
        .field(name)),
    }
}

fn not_allowed() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "figures_not_allowed",
        "Bạn chỉ được xem số liệu của đơn vị mình.",
        "You may see figures of your own agency only.",
    )
}

/// The facts are written in another way than this program reads.
pub(super) fn being_rebuilt() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "figures_being_rebuilt",
        "Số liệu đang được dựng lại; hãy thử lại sau.",
        "The figures are being rebuilt; try again later.",
    )
}

impl Asked {
    /// Where the cases of a figure of a group are.
    pub(super) fn link(&self, wanted: &Wanted, group: Option<&str>) -> String {
        let Question { by, agency, only, .. } = &self.question;
        let (mut from, mut to) = (self.question.from, self.question.to);
        let mut agency = agency.clone();
        let mut only = only.clone();
        match (by, group) {
            (_, None) => {}
            (By::Day, Some(day)) => {
                let day = day.parse().unwrap_or(0);
                from = Some(from.map_or(day_begins(day), |from| from.max(day_begins(day))));
                to = Some(to.map_or(day_begins(day + 1), |to| to.min(day_begins(day + 1))));
            }
            (By::Agency, Some(code)) => agency = Some(code.to_owned()),
            (by, Some(code)) => {
                only.retain(|(other, _)| other != by);
                only.push((*by, code.to_owned()));
            }
        }
        let mut link = format!("/api/v1/stats/cases?measure={}", wanted.word());
        let mut add = |name: &str, value: &str| {
            link.push('&');
            link.push_str(name);
            link.push('=');
            escape(&mut link, if value.is_empty() { "-" } else { value });
        };
        if let Some(agency) = &agency {
            add("agency", agency);
        }
        only.iter().for_each(|(by, value)| add(by.as_str(), value));
        let moment = |micros: i64| Timestamp::from_microsecond(micros).ok();
        for (name, at) in [
            ("from", from.and_then(moment)),
            ("to", to.and_then(moment)),
            ("as_of", Some(self.as_of)),
        ] {
            if let Some(at) = at {
                add(name, &at.to_string());
            }
        }
        link
    }
}

/// Percent-encodes what is not plain in an address.
fn escape(link: &mut String, text: &str) {
    use std::fmt::Write;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            link.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(link, "%{byte:02X}");
        }
    }
}
