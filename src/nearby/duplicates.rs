//! Cases that may be the same matter as a case, or as a feedback that is being typed.

use hoiam_domain::actor::Actor;
use hoiam_domain::case::Case;
use hoiam_domain::case::publicity::without_hidden;
use hoiam_domain::case::stage::StageName;
use hoiam_domain::codes::{CategoryCode, DistrictCode, SectorCode, WardCode};
use hoiam_domain::nearby::{
    LIKELY, Likeness, Print, Reason, Sight, WINDOW, around, compare, filing,
};
use hoiam_domain::routing::boundaries::Boundaries;
use hoiam_domain::routing::{RouteInput, RuleSet};
use hoiam_projections::duplicates::{area, point, print};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Why, rounded};
use crate::log::Log;
use crate::queries::{LookAlike, LookUp, look_alike, visible_numbers};
use crate::vault::Vault;

/// Most duplicates told at once.
pub const MOST: usize = 50;
/// Most words named that two texts share.
const WORDS: usize = 8;

/// A case that is probably the same matter.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Duplicate {
    /// Case number.
    pub number: String,
    /// How likely it is the same matter, 0 to 1; at least 0.5.
    pub score: f64,
    /// Why, the strongest reason first.
    pub reasons: Vec<Why>,
    /// Metres between the two points, where both have one.
    pub metres: Option<u32>,
    /// Words both use, folded.
    pub words: Vec<String>,
    /// Where it stands.
    pub status: String,
    /// Where it stands, in Vietnamese.
    #[schema(value_type = String)]
    pub status_vi: &'static str,
    /// Where it stands, in English.
    #[schema(value_type = String)]
    pub status_en: &'static str,
    /// The case it was merged into, where the caller may see that one.
    pub merged_into: Option<String>,
    /// It was finished before this feedback came: the matter has come back.
    pub finished_before: bool,
    /// Category.
    pub category: Option<String>,
    /// The agency that has it.
    pub agency: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Ward.
    pub ward: Option<String>,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// How its text begins.
    pub excerpt: String,
}

/// What duplicates are sought of.
#[derive(Debug)]
pub struct Sought {
    sight: Sight,
    text: String,
    keys: Vec<i64>,
    id: Option<Uuid>,
    /// Until when others were received.
    until: Timestamp,
}

impl Sought {
    /// A case.
    pub fn case(case: &Case, vault: &Vault) -> Self {
        let found = case.work.found.as_ref();
        let sight = Sight {
            print: print(case, &|word| vault.print(word)),
            point: point(case),
            category: found.and_then(|found| found.category.clone()),
            sector: found.and_then(|found| found.sector.clone()),
            district: found.and_then(|found| found.district.clone()),
            ward: found.and_then(|found| found.ward.clone()),
            received_at: case.received_at,
        };
        Self {
            keys: keys(&sight, area(case)),
            // Words both use are told to agencies as well.
            text: without_hidden(case, case.text.reveal())
                .unwrap_or_else(|| case.text.reveal().clone()),
            id: Some(case.id),
            until: case.received_at.saturating_add(WINDOW).unwrap_or(Timestamp::MAX),
            sight,
        }
    }

    /// A feedback that is being typed, as the rules read it.
    pub fn typed(
        input: &RouteInput,
        rules: &RuleSet,
        boundaries: &Boundaries,
        vault: &Vault,
    ) -> Self {
        let verdict = rules.explain_with(input, boundaries);
        let sight = Sight {
            print: Print::of(&input.text, input.address.as_deref(), &|word| vault.print(word)),
            point: input.point,
            category: verdict.category,
            sector: verdict.sector,
            district: verdict.district,
            ward: verdict.ward,
            received_at: input.at,
        };
        let narrow = sight.ward.as_ref().map(WardCode::as_str);
        let narrow = narrow.or_else(|| sight.district.as_ref().map(DistrictCode::as_str));
        let area = narrow.zip(sight.category.as_ref().map(CategoryCode::as_str));
        Self {
            keys: keys(&sight, area),
            text: input.text.clone(),
            id: None,
            until: input.at,
            sight,
        }
    }
}

fn keys(sight: &Sight, area: Option<(&str, &str)>) -> Vec<i64> {
    let filing = filing(&sight.print, sight.point, area);
    let beside = sight.point.into_iter().flat_map(around);
    filing.all().chain(beside).collect()
}

/// The cases `reader` may see that are probably the same matter, the likeliest first.
///
/// # Errors
/// When the database does not answer.
pub async fn duplicates(
    log: &Log,
    reader: &Actor,
    sought: &Sought,
    limit: usize,
) -> Result<Vec<Duplicate>, sqlx::Error> {
    let at = sought.sight.received_at;
    let look_up = LookUp {
        keys: sought.keys.clone(),
        from: at.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN).as_microsecond(),
        at: at.as_microsecond(),
        to: sought.until.as_microsecond(),
        point: sought.sight.point.map(|(lat, lon)| (millionths(lat), millionths(lon))),
        except: sought.id,
    };
    let rows = look_alike(log.pool(), reader, &look_up).await?;
    let mut likely: Vec<(Likeness, LookAlike)> = rows
        .into_iter()
        .map(|row| (compare(&sought.sight, &sight(&row)), row))
        .filter(|(likeness, _)| likeness.score >= LIKELY)
        .collect();
    likely.sort_by(|(a, one), (b, two)| {
        b.score.total_cmp(&a.score).then_with(|| two.received_at.cmp(&one.received_at))
    });
    likely.truncate(limit.min(MOST));
    let merged: Vec<String> =
        likely.iter().filter_map(|(_, row)| row.merged_into.clone()).collect();
    let visible = visible_numbers(log.pool(), reader, &merged).await?;
    let told = |(likeness, mut row): (Likeness, LookAlike)| {
        row.merged_into = row.merged_into.filter(|number| visible.contains(number));
        told(sought, &likeness, row, log.vault())
    };
    Ok(likely.into_iter().map(told).collect())
}

#[allow(clippy::cast_precision_loss, reason = "millionths of a degree are exact")]
fn sight(row: &LookAlike) -> Sight {
    let degrees = |millionths: i64| millionths as f64 / 1e6;
    Sight {
        print: Print::read(&row.words, &row.places),
        point: row.lat.map(degrees).zip(row.lon.map(degrees)),
        category: row.category.as_deref().map(CategoryCode::new),
        sector: row.sector.as_deref().map(SectorCode::new),
        district: row.district.as_deref().map(DistrictCode::new),
        ward: row.ward.as_deref().map(WardCode::new),
        received_at: instant(row.received_at),
    }
}

fn told(sought: &Sought, likeness: &Likeness, row: LookAlike, vault: &Vault) -> Duplicate {
    let stage: Option<StageName> = row.status.parse().ok();
    let mut words = Print::read(&row.words, "").shared(&sought.text, &|word| vault.print(word));
    words.truncate(WORDS);
    let why = |reason: &Reason| Why { code: reason.code(), vi: reason.vi(), en: reason.en() };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let metres = likeness.metres.map(|metres| metres.round() as u32);
    let finished = row.finished_at.map(instant);
    Duplicate {
        score: rounded(likeness.score),
        reasons: likeness.reasons.iter().map(why).collect(),
        metres,
        words,
        status_vi: stage.map_or("", StageName::vi),
        status_en: stage.map_or("", StageName::en),
        status: row.status,
        merged_into: row.merged_into,
        finished_before: finished.is_some_and(|at| at <= sought.sight.received_at),
        category: row.category,
        agency: row.agency,
        district: row.district,
        ward: row.ward,
        received_at: instant(row.received_at),
        excerpt: vault.read_row(row.id, row.content, &row.excerpt),
        number: row.number,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "degrees are within ±180")]
fn millionths(degrees: f64) -> i64 {
    (degrees * 1e6).round() as i64
}

/// An instant the read models stored.
pub(super) fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
