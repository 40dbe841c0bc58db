//! Rulings in disputes like this one, and the agency they propose. Nothing is dispatched by it: a
//! coordinator rules.

use hoiam_domain::actor::Actor;
use hoiam_domain::case::Case;
use hoiam_domain::case::command::Found;
use hoiam_domain::case::state::Return;
use hoiam_domain::codes::{AgencyCode, CategoryCode, DistrictCode, SectorCode, WardCode};
use hoiam_domain::nearby::{Ground, Grounds, NEAR, Print, alike, confidence, grounds};
use hoiam_domain::private::Private;
use hoiam_domain::routing::{Directory, RouteInput, RuleSet, Verdict};
use hoiam_projections::duplicates::print;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::duplicates::instant;
use super::{Why, rounded};
use crate::log::Pool;
use crate::queries::{PrecedentRow, precedents as rows};
use crate::vault::Vault;

/// Most rulings told at once.
pub const MOST: usize = 20;
/// Most agencies proposed.
const PROPOSALS: usize = 3;

/// A ruling in a dispute like this one.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Precedent {
    /// Number of the case that was ruled on.
    pub number: String,
    /// The agency that was ruled to be competent.
    pub agency: String,
    /// Its name.
    pub agency_name: String,
    /// The agency that ruling stands for here: a successor, or the unit of the same kind for this
    /// place. None where there is none.
    pub proposes: Option<String>,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    pub ruled_at: Timestamp,
    /// Why the coordinators had the case: `unclear`, `returned` or `appeal`.
    pub cause: String,
    /// Agencies that had returned it, in order.
    pub returned_by: Vec<String>,
    /// How alike the two disputes are, 0 to 1.
    pub similarity: f64,
    /// Why, the strongest reason first.
    pub reasons: Vec<Why>,
    /// Category of that case.
    pub category: Option<String>,
    /// District of that case.
    pub district: Option<String>,
}

/// An agency that rulings propose.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Proposal {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub agency_name: String,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// Numbers of the cases whose rulings say so, the nearest first.
    pub precedents: Vec<String>,
    /// Why, in Vietnamese.
    pub vi: String,
    /// Why, in English.
    pub en: String,
}

/// What the rulings say to a dispute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Advice {
    /// Agencies proposed, the surest first.
    pub proposals: Vec<Proposal>,
    /// The rulings, the nearest first.
    pub precedents: Vec<Precedent>,
}

/// A dispute, or what may become one.
#[derive(Debug)]
pub struct Dispute {
    grounds: Grounds,
    keys: Vec<i64>,
    accused: Option<AgencyCode>,
    id: Option<Uuid>,
}

impl Dispute {
    /// A case.
    pub fn case(case: &Case, vault: &Vault) -> Self {
        let print = print(case, &|word| vault.print(word));
        let found = case.work.found.as_ref();
        let returns = &case.work.returns;
        Self {
            keys: grounds(&print, found, returns),
            grounds: Grounds {
                print,
                category: found.and_then(|found| found.category.clone()),
                sector: found.and_then(|found| found.sector.clone()),
                district: found.and_then(|found| found.district.clone()),
                ward: found.and_then(|found| found.ward.clone()),
                returned_by: returns.iter().map(|r| r.agency.clone()).collect(),
                proposed: returns.last().and_then(|last| last.proposed.clone()),
            },
            accused: case.accused.clone(),
            id: Some(case.id),
        }
    }

    /// A feedback as the rules read it.
    pub fn typed(input: &RouteInput, verdict: &Verdict, vault: &Vault) -> Self {
        let by = |word: &str| vault.print(word);
        let print = Print::of(&input.text, input.address.as_deref(), &by);
        let found = found(verdict);
        Self {
            keys: grounds(&print, Some(&found), &[] as &[Return]),
            grounds: Grounds {
                print,
                category: found.category,
                sector: found.sector,
                district: found.district,
                ward: found.ward,
                returned_by: Vec::new(),
                proposed: None,
            },
            accused: None,
            id: None,
        }
    }
}

fn found(verdict: &Verdict) -> Found {
    Found {
        kind: verdict.kind,
        sector: verdict.sector.clone(),
        category: verdict.category.clone(),
        priority: verdict.priority,
        urgent: verdict.urgent,
        confidential: verdict.confidential,
        district: verdict.district.clone(),
        ward: verdict.ward.clone(),
        place_source: verdict.place_source,
        confidence: None,
        because: Private::new(Vec::new()),
        rule: None,
        rule_set: String::new(),
    }
}

/// The rulings nearest to a dispute among the cases `reader` may see, and what they propose.
///
/// # Errors
/// When the database does not answer.
pub async fn advice(
    pool: &Pool,
    reader: &Actor,
    rules: &RuleSet,
    dispute: &Dispute,
    now: Timestamp,
    limit: usize,
) -> Result<Advice, sqlx::Error> {
    let found = rows(pool, reader, &dispute.keys, now.as_microsecond(), dispute.id).await?;
    let day = now.to_zoned(rules.policy.calendars.zone().clone()).date();
    let mut near: Vec<(f64, Vec<Ground>, PrecedentRow)> = latest(found)
        .into_iter()
        .map(|row| {
            let (score, reasons) = alike(&dispute.grounds, &of(&row));
            (score, reasons, row)
        })
        .filter(|(score, ..)| *score >= NEAR)
        .collect();
    near.sort_by(|(a, _, one), (b, _, two)| {
        b.total_cmp(a).then_with(|| two.ruled_at.cmp(&one.ruled_at))
    });
    let precedents: Vec<Precedent> = near
        .into_iter()
        .take(MOST)
        .map(|(score, reasons, row)| told(&rules.directory, dispute, day, score, &reasons, row))
        .collect();
    let proposals = proposals(&rules.directory, rules, &precedents);
    Ok(Advice { proposals, precedents: precedents.into_iter().take(limit).collect() })
}

/// The last ruling of each case that stands.
fn latest(mut rows: Vec<PrecedentRow>) -> Vec<PrecedentRow> {
    rows.sort_by_key(|row| (row.id, std::cmp::Reverse(row.version)));
    rows.dedup_by_key(|row| row.id);
    rows
}

fn of(row: &PrecedentRow) -> Grounds {
    Grounds {
        print: Print::read(&row.words, &row.places),
        category: row.category.as_deref().map(CategoryCode::new),
        sector: row.sector.as_deref().map(SectorCode::new),
        district: row.district.as_deref().map(DistrictCode::new),
        ward: row.ward.as_deref().map(WardCode::new),
        returned_by: row.returned_by.split_whitespace().map(AgencyCode::new).collect(),
        proposed: row.proposed.as_deref().map(AgencyCode::new),
    }
}

fn told(
    directory: &Directory,
    dispute: &Dispute,
    day: Date,
    similarity: f64,
    reasons: &[Ground],
    row: PrecedentRow,
) -> Precedent {
    let agency = AgencyCode::new(row.agency);
    let proposes = stands_for(directory, &agency, dispute.grounds.district.as_ref(), day)
        .filter(|agency| dispute.accused.as_ref() != Some(agency));
    let why = |ground: &Ground| Why { code: ground.code(), vi: ground.vi(), en: ground.en() };
    Precedent {
        agency_name: name(directory, &agency),
        agency: agency.to_string(),
        proposes: proposes.map(|agency| agency.to_string()),
        ruled_at: instant(row.ruled_at),
        cause: row.cause,
        returned_by: row.returned_by.split_whitespace().map(str::to_owned).collect(),
        similarity: rounded(similarity),
        reasons: reasons.iter().map(why).collect(),
        category: row.category,
        district: row.district,
        number: row.number,
    }
}

/// The agency a ruling stands for in this district on this day: the unit of the same kind where
/// the one ruled for works in other districts only, and who took over from it.
fn stands_for(
    directory: &Directory,
    agency: &AgencyCode,
    district: Option<&DistrictCode>,
    day: Date,
) -> Option<AgencyCode> {
    let ruled = directory.agency(agency)?;
    let here = match district {
        Some(district) if !ruled.areas.is_empty() && !ruled.areas.contains(district) => {
            let same_kind = |other: &&hoiam_domain::routing::Agency| {
                other.unit == ruled.unit && other.areas.contains(district)
            };
            &directory.agencies.values().find(same_kind)?.code
        }
        _ => agency,
    };
    Some(directory.in_force(here, day).clone())
}

fn name(directory: &Directory, agency: &AgencyCode) -> String {
    directory.agency(agency).map_or_else(|| agency.to_string(), |row| row.short_name.clone())
}

fn proposals(directory: &Directory, rules: &RuleSet, near: &[Precedent]) -> Vec<Proposal> {
    let all: Vec<f64> = near.iter().map(|precedent| precedent.similarity).collect();
    let mut proposals: Vec<Proposal> = Vec::new();
    for precedent in near {
        let Some(agency) = &precedent.proposes else { continue };
        if proposals.iter().any(|proposal| proposal.agency == *agency) {
            continue;
        }
        let same: Vec<&Precedent> =
            near.iter().filter(|other| other.proposes.as_ref() == Some(agency)).collect();
        let scores: Vec<f64> = same.iter().map(|other| other.similarity).collect();
        let agency_name = name(directory, &AgencyCode::new(agency));
        let day = precedent.ruled_at.to_zoned(rules.policy.calendars.zone().clone()).date();
        let others = same.len() - 1;
        let (vi, en) = sentences(&agency_name, &precedent.number, day, others);
        proposals.push(Proposal {
            confidence: rounded(confidence(precedent.similarity, &scores, &all)),
            precedents: same.iter().map(|other| other.number.clone()).collect(),
            agency: agency.clone(),
            agency_name,
            vi,
            en,
        });
    }
    proposals.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    proposals.truncate(PROPOSALS);
    proposals
}

/// `Đề xuất: UBND Quận 1, theo phán quyết HCM-26-000123-4 ngày 10/03/2026 và 2 phán quyết khác.`
fn sentences(agency: &str, number: &str, day: Date, others: usize) -> (String, String) {
    let (vi, en) = match others {
        0 => (String::new(), String::new()),
        1 => (" và 1 phán quyết khác".to_owned(), " and 1 other".to_owned()),
        more => (format!(" và {more} phán quyết khác"), format!(" and {more} others")),
    };
    let date = day.strftime("%d/%m/%Y");
    (
        format!("Đề xuất: {agency}, theo phán quyết {number} ngày {date}{vi}."),
        format!("Proposed: {agency}, because of ruling {number} of {day}{en}."),
    )
}
