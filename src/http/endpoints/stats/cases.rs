//! `GET /api/v1/stats/cases`: the cases of exactly one figure, page by page.

use axum::Json;
use axum::extract::State;
use hoiam_projections::facts::Measure;
use jiff::Timestamp;
use serde::Serialize;

use super::asked::{self, Wanted};
use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::queries::figures::{AfterFact, CaseFact, CasesQuestion, REACH, cases};

/// A page of the cases a figure counts.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FigureCases {
    /// The figure.
    measure: &'static str,
    /// Its cases in the order of the instants they count at. Where most of what was counted was
    /// taken back, a page may be short, even empty, and still have a next one.
    items: Vec<FigureCase>,
    /// What to pass as `cursor` for the next page, with everything else the same; null at the end.
    next: Option<String>,
}

/// A case a figure counts, counted by what held then.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FigureCase {
    /// Case number.
    number: String,
    /// When it counts: the receipt, the answer, the deadline that passed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// How often it counts.
    count: i64,
    /// Of `late_minutes`: how many.
    minutes: Option<i64>,
    /// The agency it is charged to.
    agency: Option<String>,
    /// Of lateness: who it is charged to.
    holder: Option<String>,
    /// Sector.
    sector: Option<String>,
    /// Category.
    category: Option<String>,
    /// District.
    district: Option<String>,
    /// Channel.
    channel: String,
    /// Kind of case.
    kind: String,
}

/// The cases of a figure, as `/api/v1/stats` links them.
#[utoipa::path(
    get, path = "/api/v1/stats/cases", tag = "figures",
    params(
        ("measure" = String, Query, description = "The figure, by its name in `/api/v1/stats`"),
        ("from" = Option<String>, Query, description = "As with the figures"),
        ("to" = Option<String>, Query, description = "As with the figures"),
        ("as_of" = Option<String>, Query, description = "As with the figures"),
        ("agency" = Option<String>, Query, description = "As with the figures"),
        ("sector" = Option<String>, Query, description = "As with the figures"),
        ("category" = Option<String>, Query, description = "As with the figures"),
        ("district" = Option<String>, Query, description = "As with the figures"),
        ("channel" = Option<String>, Query, description = "As with the figures"),
        ("kind" = Option<String>, Query, description = "As with the figures"),
        ("holder" = Option<String>, Query, description = "As with the figures"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 if not given"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page", body = FigureCases),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    params: Params,
) -> Result<Json<FigureCases>, Problem> {
    let asked = asked::cases(&params, &app.desk.rules(), &reader, app.desk.now())?;
    super::taken_in(&app).await?;
    let wanted = Wanted::read(&params)?;
    let limit = params.limit()?;
    let cursor = |text: &str| after(text).ok_or_else(|| wrong("cursor", "`next` of a page before"));
    let after = params.get("cursor").map(cursor).transpose()?;
    let (measures, late) = measures(wanted);
    let question = asked.question;
    // One more than asked for says whether there is a next page.
    let asked = CasesQuestion { question, measures, late, after, limit: limit + 1, reach: REACH };
    let page = cases(app.desk.log().pool(), &reader, &asked).await.map_err(DeskError::from)?;
    let rows = page.facts;
    let limit = limit as usize;
    let last = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit);
    let next = last.map(|last| last.after).or(page.walked).map(written);
    let minutes = wanted == Wanted::LateMinutes;
    let items = rows.into_iter().take(limit).filter_map(|row| item(row, minutes)).collect();
    Ok(Json(FigureCases { measure: wanted.word(), items, next }))
}

/// The measures a figure counts, and whether they are lateness.
fn measures(wanted: Wanted) -> (&'static [&'static str], bool) {
    match wanted {
        Wanted::LateMinutes => (&["late_time", "running"], true),
        Wanted::Repeats => (&[], false),
        Wanted::Count(measure) => {
            let at = Measure::COUNTS.iter().position(|known| *known == measure).unwrap_or(0);
            let late = matches!(measure, Measure::Late | Measure::Running);
            (WORDS.get(at..=at).unwrap_or_default(), late)
        }
    }
}

/// The words of all counts.
const WORDS: &[&str] = &{
    let mut words = [""; Measure::COUNTS.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = Measure::COUNTS[at].as_str();
        at += 1;
    }
    words
};

fn item(row: CaseFact, minutes: bool) -> Option<FigureCase> {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(FigureCase {
        number: row.number,
        at: Timestamp::from_microsecond(row.after.at).ok()?,
        count: row.count,
        minutes: minutes.then_some(row.seconds / 60),
        agency: some(row.agency),
        holder: some(row.holder),
        sector: some(row.sector),
        category: some(row.category),
        district: some(row.district),
        channel: row.channel,
        kind: row.kind,
    })
}

fn written(after: AfterFact) -> String {
    format!("{}.{}.{}", after.at, after.case.simple(), after.group.simple())
}

fn after(cursor: &str) -> Option<AfterFact> {
    let mut parts = cursor.split('.');
    let (at, case, group) = (parts.next()?, parts.next()?, parts.next()?);
    let known =
        AfterFact { at: at.parse().ok()?, case: case.parse().ok()?, group: group.parse().ok()? };
    parts.next().is_none().then_some(known)
}
