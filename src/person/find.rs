//! Who somebody is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::case::identity::{IdentityKind, email, phone};
use uuid::Uuid;

use super::record::said;
use super::{PersonError, store};
use crate::accounts::ties;
use crate::desk::{Desk, DeskError};

/// More cases than this are no one person's: a shop's telephone, an office's address.
const MOST: usize = 500;

/// Somebody who reported cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id: that of the first identity they were known by, also when the contact was erased
    /// since; or of their account or one case.
    pub id: Uuid,
    /// Under how many telephone numbers and e-mail addresses.
    pub identities: BTreeSet<Uuid>,
    /// The streams of their cases, the first first.
    pub cases: Vec<Uuid>,
    /// Their accounts as citizens.
    pub accounts: BTreeSet<Uuid>,
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

/// The person who reported a case. Of a denunciation nothing but the case itself is told: what else
/// somebody reported, with their name, would say who the denouncer is. Its id is the case's.
///
/// # Errors
/// [`PersonError`].
pub async fn by_case(desk: &Desk, number: &CaseNumber) -> Result<Person, PersonError> {
    let case = desk.find(number).await?;
    if is_secret(desk, case).await? && desk.case(case).await?.erased.is_none() {
        return Ok(Person {
            id: case,
            identities: BTreeSet::new(),
            cases: vec![case],
            accounts: BTreeSet::new(),
        });
    }
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
    if is_case && is_left(desk, id).await? {
        return tied(desk, BTreeSet::new(), Some(id)).await;
    }
    if ties::is_open(pool, id).await? {
        return tied_with(desk, BTreeSet::new(), None, Some(id)).await;
    }
    Err(super::record::tombstone(desk.log(), id).await?.unwrap_or(PersonError::Unknown))
}

/// Whether a case is a denunciation.
pub(super) async fn is_secret(desk: &Desk, case: Uuid) -> Result<bool, PersonError> {
    Ok(desk.case(case).await?.is_denunciation())
}

/// How many cases of somebody may be told of: denunciations are not counted.
///
/// # Errors
/// [`PersonError`].
pub async fn told_of(desk: &Desk, person: &Person) -> Result<usize, PersonError> {
    let mut count = 0;
    for case in &person.cases {
        count += usize::from(!is_secret(desk, *case).await?);
    }
    Ok(count)
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

async fn tied(
    desk: &Desk,
    identities: BTreeSet<Uuid>,
    case: Option<Uuid>,
) -> Result<Person, PersonError> {
    tied_with(desk, identities, case, None).await
}

/// Everything tied to some identities, a case or an account: by cases that have several identities,
/// by accounts, through what is proven of them and the cases they reported, and by what was noted
/// when the contact alone was erased.
async fn tied_with(
    desk: &Desk,
    mut asked: BTreeSet<Uuid>,
    case: Option<Uuid>,
    account: Option<Uuid>,
) -> Result<Person, PersonError> {
    let pool = desk.log().pool();
    let mut to_ask: VecDeque<Uuid> = asked.iter().copied().collect();
    let mut new: VecDeque<Uuid> = case.into_iter().collect();
    let mut cases: BTreeSet<Uuid> = new.iter().copied().collect();
    let mut signed: VecDeque<Uuid> = account.into_iter().collect();
    let mut accounts: BTreeSet<Uuid> = signed.iter().copied().collect();
    let mut identities = BTreeSet::new();
    // The person's id under which a case is known whose contact was erased.
    let mut before: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    while !to_ask.is_empty() || !new.is_empty() || !signed.is_empty() {
        while let Some(case) = new.pop_front() {
            let known = store::identities_of(pool, case).await?;
            identities.extend(known.iter().copied());
            let persons = said(desk.log(), case).await?.persons;
            to_ask.extend(known.into_iter().chain(persons).filter(|one| asked.insert(*one)));
            let with = ties::reported_with(pool, case).await?;
            signed.extend(with.into_iter().filter(|account| accounts.insert(*account)));
        }
        if let Some(account) = signed.pop_front() {
            let proven = ties::identities_of(pool, account).await?;
            identities.extend(proven.iter().copied());
            to_ask.extend(proven.into_iter().filter(|one| asked.insert(*one)));
            let reported = ties::reported_by(pool, account, limit).await?;
            new.extend(reported.into_iter().filter(|case| cases.insert(*case)));
        }
        if let Some(identity) = to_ask.pop_front() {
            let mut found = store::cases_of(pool, identity, limit).await?;
            let said = said(desk.log(), identity).await?;
            to_ask.extend(said.persons.into_iter().filter(|one| asked.insert(*one)));
            for case in said.cases {
                before.entry(case).or_insert(identity);
                if !cases.contains(&case) && is_left(desk, case).await? {
                    found.push(case);
                }
            }
            new.extend(found.into_iter().filter(|case| cases.insert(*case)));
            let of = ties::accounts_of(pool, identity).await?;
            signed.extend(of.into_iter().filter(|account| accounts.insert(*account)));
        }
        let tied = cases.len().max(accounts.len());
        if tied > MOST {
            return Err(PersonError::TooMany { cases: tied });
        }
    }
    let cases = dated(desk, cases).await?;
    let first = cases.first().copied();
    let known_first = match first {
        Some(first) => store::identities_of(pool, first).await?.first().copied(),
        None => None,
    };
    let noted = first.and_then(|first| before.get(&first).copied());
    // Who has no case is known by their account only.
    let own = identities.first().filter(|_| !accounts.is_empty()).copied();
    let id = known_first.or(noted).or(own).or(accounts.first().copied()).or(first);
    Ok(Person { id: id.ok_or(PersonError::Unknown)?, identities, cases, accounts })
}

/// Cases by when they were received.
async fn dated(desk: &Desk, cases: BTreeSet<Uuid>) -> Result<Vec<Uuid>, PersonError> {
    let mut dated = Vec::with_capacity(cases.len());
    for case in cases {
        let received = store::received(desk.log().pool(), case).await?;
        dated.push((received.ok_or(PersonError::Missing(case))?, case));
    }
    // By number where two came at once: the first stays the first whatever is tied to it later.
    dated.sort_unstable();
    Ok(dated.into_iter().map(|(_, case)| case).collect())
}

/// Whether a case is there and something of it can still be erased.
async fn is_left(desk: &Desk, case: Uuid) -> Result<bool, PersonError> {
    match desk.case(case).await {
        Ok(case) => Ok(!case.erased.as_ref().is_some_and(|e| e.covers(ErasedPart::Everything))),
        // It came after the backup that was put back.
        Err(DeskError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
