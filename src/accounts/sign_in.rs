//! From name, password and code to a session.

use jiff::Timestamp;
use uuid::Uuid;

use super::session::{self, Must, Secret};
use super::store::{self, Credentials, Person};
use super::{AccountError, SignInError, code, id_of, login, password, patience, people};
use crate::log::{Log, Pool};
use crate::random::Random;
use crate::vault::aead::is_sealed;
use hoiam_domain::accounts::event::{CodeSet, PasswordChanged};

/// What somebody says to be signed in.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// The sign-in name as typed.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The one-time code, where one is set up.
    pub code: Option<&'a str>,
    /// What the browser got when somebody last signed in from it.
    pub device: Option<&'a Secret>,
}

/// A session just begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Who.
    pub person: Person,
    /// What they must do first.
    pub must: Option<Must>,
    /// What the browser keeps of the session.
    pub session: Secret,
    /// What the browser keeps for longer, by which it is known the next time.
    pub device: Secret,
}

/// Signs somebody in.
///
/// # Errors
/// [`SignInError`]: nothing tells an unknown name from a wrong password, neither words nor time.
pub async fn sign_in(
    log: &Log,
    random: &dyn Random,
    attempt: &Attempt<'_>,
    now: Timestamp,
) -> Result<Begun, SignInError> {
    let pool = log.pool();
    // What cannot be a name is checked like one that nobody has.
    let typed = || attempt.login.chars().take(100).collect();
    let id = id_of(&login(attempt.login).unwrap_or_else(|_| typed()));
    let device = known_device(pool, attempt.device, id).await?;
    let bucket = patience::bucket(id, device.as_ref().map(Secret::hash).as_ref());
    patience::attempt(pool, &bucket, now.as_microsecond()).await?;
    let person = store::person(pool, id).await?;
    let known = store::credentials(pool, id).await?;
    let stored = known.as_ref().map(|known| known.password.as_str());
    let right = password::verify(attempt.password, stored).await?;
    let (Some(person), Some(known)) = (person, known) else { return Err(SignInError::Refused) };
    if !right || person.disabled {
        return Err(SignInError::Refused);
    }
    if let Some(secret) = &known.code_secret {
        let Some(given) = attempt.code.filter(|code| !code.trim().is_empty()) else {
            // The password was right: asking for the code is no failure.
            store::forget_failures(pool, &bucket).await?;
            return Err(SignInError::CodeNeeded);
        };
        let secret = open_code(log, id, secret)?;
        let step = code::check(&secret, given, now, known.code_step);
        let Some(step) = step else { return Err(SignInError::Refused) };
        if !store::use_code_step(pool, id, step).await? {
            return Err(SignInError::Refused);
        }
    }
    store::forget_failures(pool, &bucket).await?;
    let device = match device {
        Some(device) => device,
        None => {
            let device = Secret::new(random);
            store::insert_device(pool, &device.hash(), id, now.as_microsecond()).await?;
            device
        }
    };
    let session = session::begin(pool, random, id, now).await?;
    let must = session::must(pool, &person).await?;
    Ok(Begun { person, must, session, device })
}

/// The browser's, if this account was used on it.
async fn known_device(
    pool: &Pool,
    device: Option<&Secret>,
    account: Uuid,
) -> Result<Option<Secret>, sqlx::Error> {
    let Some(device) = device else { return Ok(None) };
    let of = store::device_of(pool, &device.hash()).await?;
    Ok((of == Some(account)).then(|| device.clone()))
}

/// Replaces one's own password; every other session ends.
///
/// # Errors
/// [`SignInError::Refused`] when the old one is wrong, [`AccountError::Weak`] inside when the new
/// one is not good enough.
pub async fn change_password(
    log: &Log,
    random: &dyn Random,
    person: &Person,
    old: &str,
    new: &str,
    now: Timestamp,
) -> Result<(), SignInError> {
    let pool = log.pool();
    let known = own(pool, person).await?;
    let bucket = patience::bucket(person.id, Some(&[0; 32]));
    patience::attempt(pool, &bucket, now.as_microsecond()).await?;
    if !password::verify(old, Some(&known.password)).await? {
        return Err(SignInError::Refused);
    }
    store::forget_failures(pool, &bucket).await?;
    password::check(new, &person.login).map_err(AccountError::from)?;
    if old == new {
        return Err(AccountError::Weak(password::WeakPassword::Common).into());
    }
    let first = known.must_change;
    let hash = password::hash(new, random).await?;
    // With its event, in one transaction: none of the two is there without the other.
    let row = store::password_row(person.id, &hash, false);
    people::note(log, random, person, PasswordChanged { first }.into(), vec![row], now).await?;
    store::end_all(pool, person.id, false).await?;
    Ok(())
}

/// Offers one-time codes: a secret that counts once [`confirm_code`] was given a code of it.
///
/// # Errors
/// When the database does not answer.
pub async fn offer_code(
    log: &Log,
    random: &dyn Random,
    person: &Person,
) -> Result<String, SignInError> {
    let secret = code::secret(random);
    let sealed = log.vault().seal_secret(&code_name(person.id), secret.as_bytes());
    store::offer_code(log.pool(), person.id, &sealed.map_err(AccountError::from)?).await?;
    Ok(secret)
}

/// Takes the offered codes into use.
///
/// # Errors
/// [`SignInError::Refused`] when the code is not one of the secret offered.
pub async fn confirm_code(
    log: &Log,
    random: &dyn Random,
    person: &Person,
    given: &str,
    now: Timestamp,
) -> Result<(), SignInError> {
    let pool = log.pool();
    let bucket = patience::bucket(person.id, Some(&[1; 32]));
    patience::attempt(pool, &bucket, now.as_microsecond()).await?;
    let known = own(pool, person).await?;
    let Some(offered) = known.code_offered.clone() else { return Err(SignInError::Refused) };
    let opened = open_code(log, person.id, &offered)?;
    let step = code::check(&opened, given, now, known.code_step).ok_or(SignInError::Refused)?;
    store::forget_failures(pool, &bucket).await?;
    if !store::use_code_step(pool, person.id, step).await? {
        return Err(SignInError::Refused);
    }
    let set = CodeSet { again: known.code_secret.is_some() };
    let row = store::code_row(person.id, Some(&offered));
    people::note(log, random, person, set.into(), vec![row], now).await?;
    Ok(())
}

/// Checks a code of somebody whom a provider vouched for.
///
/// # Errors
/// [`SignInError::Refused`] when it is wrong or was used.
pub async fn prove_code(
    log: &Log,
    person: &Person,
    given: &str,
    now: Timestamp,
) -> Result<(), SignInError> {
    let pool = log.pool();
    let bucket = patience::bucket(person.id, Some(&[2; 32]));
    patience::attempt(pool, &bucket, now.as_microsecond()).await?;
    let known = own(pool, person).await?;
    let secret = open_code(log, person.id, &known.code_secret.ok_or(SignInError::Refused)?)?;
    let step = code::check(&secret, given, now, known.code_step).ok_or(SignInError::Refused)?;
    if !store::use_code_step(pool, person.id, step).await? {
        return Err(SignInError::Refused);
    }
    Ok(store::forget_failures(pool, &bucket).await?)
}

/// Under which name the secret of an account's codes is sealed.
fn code_name(account: Uuid) -> String {
    format!("one-time code {}", account.simple())
}

/// A secret of codes; one of before there was a master key is clear.
fn open_code(log: &Log, account: Uuid, stored: &str) -> Result<String, AccountError> {
    if !is_sealed(stored) {
        return Ok(stored.to_owned());
    }
    let opened = log.vault().open_secret(&code_name(account), stored)?;
    String::from_utf8(opened).map_err(|_| AccountError::Unreadable)
}

/// Seals the secrets of all one-time codes with the present master key: after a rotation, and those
/// that were stored clear. How many.
///
/// # Errors
/// When one cannot be opened, or the database does not answer.
pub async fn seal_codes(log: &Log, only_clear: bool) -> Result<u64, AccountError> {
    let mut sealed = 0;
    let mut after = None;
    loop {
        let page = store::codes(log.pool(), after).await?;
        let Some(last) = page.last() else { return Ok(sealed) };
        after = Some(last.0);
        for (account, secret, offered) in page {
            for stored in [secret, offered].into_iter().flatten() {
                if only_clear && is_sealed(&stored) {
                    continue;
                }
                let clear = open_code(log, account, &stored)?;
                let anew = log.vault().seal_secret(&code_name(account), clear.as_bytes())?;
                store::reseal_code(log.pool(), account, &stored, &anew).await?;
                sealed += 1;
            }
        }
    }
}

async fn own(pool: &Pool, person: &Person) -> Result<Credentials, SignInError> {
    store::credentials(pool, person.id).await?.ok_or(SignInError::Refused)
}
