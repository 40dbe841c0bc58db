//! Who somebody is.

use std::collections::{BTreeSet, VecDeque};

use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::identity::{IdentityKind, email, phone};
use uuid::Uuid;

use super::{PersonError, store};
use crate::desk::Desk;

/// More cases than this are no one person's: a shop's telephone, an office's address.
const MOST: usize = 500;

/// Somebody who reported cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id: that of the first identity they were known by, or of their one case.
    pub id: Uuid,
    /// Under how many telephone numbers and e-mail addresses.
    pub identities: BTreeSet<Uuid>,
    /// The streams of their cases, the first first.
    pub cases: Vec<Uuid>,
}

/// The person with a telephone number, however it is written.
///
/// # Errors
/// [`PersonError`]; [`PersonError::Unknown`] also for what is no number.
pub async fn by_phone(desk: &Desk, given: &str) -> Result<Person, PersonError> {
    known(desk, IdentityKind::Phone, phone(given)).await
}

/// The person with an e-mail address.
///
/// # Errors
/// As [`by_phone`].
pub async fn by_email(desk: &Desk, given: &str) -> Result<Person, PersonError> {
    known(desk, IdentityKind::Email, email(given)).await
}

/// The person who reported a case.
///
/// # Errors
/// [`PersonError`].
pub async fn by_case(desk: &Desk, number: &CaseNumber) -> Result<Person, PersonError> {
    let case = desk.find(number).await?;
    tied(desk, BTreeSet::new(), Some(case)).await
}

/// The person with an id, or with any identity of theirs.
///
/// # Errors
/// [`PersonError::Erased`] when only a tombstone is left.
pub async fn by_id(desk: &Desk, id: Uuid) -> Result<Person, PersonError> {
    match tied(desk, BTreeSet::from([id]), None).await {
        Err(PersonError::Unknown) => {}
        found => return found,
    }
    let pool = desk.log().pool();
    let is_case = store::received(pool, id).await?.is_some();
    if is_case && desk.case(id).await?.erased.is_none() {
        return tied(desk, BTreeSet::new(), Some(id)).await;
    }
    Err(super::record::tombstone(desk.log(), id).await?.unwrap_or(PersonError::Unknown))
}

async fn known(
    desk: &Desk,
    kind: IdentityKind,
    value: Option<String>,
) -> Result<Person, PersonError> {
    let value = value.ok_or(PersonError::Unknown)?;
    let identity = desk.log().vault().identity(kind.as_str(), &value);
    tied(desk, BTreeSet::from([identity]), None).await
}

/// Everything tied to some identities or a case, by cases that have several identities.
async fn tied(
    desk: &Desk,
    mut identities: BTreeSet<Uuid>,
    case: Option<Uuid>,
) -> Result<Person, PersonError> {
    let pool = desk.log().pool();
    let mut to_ask: VecDeque<Uuid> = identities.iter().copied().collect();
    let mut new: VecDeque<Uuid> = case.into_iter().collect();
    let mut cases: BTreeSet<Uuid> = new.iter().copied().collect();
    while !to_ask.is_empty() || !new.is_empty() {
        while let Some(case) = new.pop_front() {
            for identity in store::identities_of(pool, case).await? {
                if identities.insert(identity) {
                    to_ask.push_back(identity);
                }
            }
        }
        if let Some(identity) = to_ask.pop_front() {
            let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
            for case in store::cases_of(pool, identity, limit).await? {
                if cases.insert(case) {
                    new.push_back(case);
                }
            }
        }
        if cases.len() > MOST {
            return Err(PersonError::TooMany { cases: cases.len() });
        }
    }
    let mut dated = Vec::with_capacity(cases.len());
    for case in cases {
        let received = store::received(pool, case).await?.ok_or(PersonError::Missing(case))?;
        dated.push((received, case));
    }
    // By number where two came at once: the first stays the first whatever is tied to it later.
    dated.sort_unstable();
    let cases: Vec<Uuid> = dated.into_iter().map(|(_, case)| case).collect();
    let first = *cases.first().ok_or(PersonError::Unknown)?;
    let id = store::identities_of(pool, first).await?.first().copied().unwrap_or(first);
    Ok(Person { id, identities, cases })
}
