//! Mails to somebody who is erased, or about their cases: waiting ones, and those that went into the
//! folder where there is no mail server. Links in the folder are not followed, folders in it not
//! entered.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hoiam_domain::case::identity;
use uuid::Uuid;

use super::{BATCH, Letter, MOST, SEALED, queue};
use crate::accounts::AccountError;
use crate::log::Log;
use crate::secret_file::keep_name;
use crate::vault::Vault;

/// Entries of the folder that are looked at.
const ENTRIES: usize = 1_000_000;
/// Bytes of a file that are read: no mail of ours is longer.
const LONGEST: u64 = 256 << 10;

/// Whose mails, and about what.
#[derive(Clone, Debug)]
pub(crate) struct Whose {
    /// The keyed hashes they are known by.
    pub(crate) identities: BTreeSet<Uuid>,
    /// The numbers of their cases.
    pub(crate) numbers: Vec<String>,
}

impl Whose {
    fn is_to(&self, vault: &Vault, address: &str) -> bool {
        identity::email(address)
            .is_some_and(|address| self.identities.contains(&vault.identity("email", &address)))
    }

    fn is_about(&self, text: &str) -> bool {
        self.numbers.iter().any(|number| {
            text.match_indices(number.as_str()).any(|(at, _)| {
                let next = text[at + number.len()..].chars().next();
                !next.is_some_and(char::is_alphanumeric)
            })
        })
    }
}

/// Takes away mails that wait.
pub(crate) async fn waiting(log: &Log, whose: &Whose) -> Result<(), AccountError> {
    let mut after = Uuid::nil();
    for _ in 0..=MOST / BATCH {
        let page = queue::page(log.pool(), after, BATCH).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (id, sealed) in page {
            // One nobody can open says nothing to anybody.
            let Ok(text) = log.vault().open_secret(SEALED, &sealed) else { continue };
            let Ok(letter) = serde_json::from_slice::<Letter>(&text) else { continue };
            let about = whose.is_about(&letter.subject) || whose.is_about(&letter.text);
            if about || whose.is_to(log.vault(), &letter.to) {
                queue::done(log.pool(), id).await?;
            }
        }
    }
    Ok(())
}

/// Takes away mails in a folder; one that is not there has none.
///
/// # Errors
/// Which file, and why: a folder with more than a million entries is not looked through.
pub(crate) fn spooled(
    vault: &Vault,
    folder: &Path,
    whose: &Whose,
) -> Result<(), (PathBuf, io::Error)> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed(folder))?,
    };
    let mut gone = None;
    for (nr, entry) in entries.enumerate() {
        if nr >= ENTRIES {
            let many = io::Error::other("more than a million files: take out what is not needed");
            return Err((folder.to_owned(), many));
        }
        let path = entry.map_err(failed(folder))?.path();
        let is_mail = path.extension().is_some_and(|ending| ending == "eml" || ending == "part");
        if !is_mail {
            continue;
        }
        let mail = match read(&path) {
            Ok(mail) => mail,
            // Another one took it away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err((path, error)),
        };
        if mail.is_some_and(|mail| is_theirs(vault, &mail, whose)) {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err((path, error)),
                _ => gone = Some(path),
            }
        }
    }
    gone.map_or(Ok(()), |path| keep_name(&path).map_err(failed(folder)))
}

/// What a file says; none for what is no file.
fn read(path: &Path) -> io::Result<Option<String>> {
    let seen = fs::symlink_metadata(path)?;
    if !seen.is_file() {
        return Ok(None);
    }
    let file = File::open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let opened = file.metadata()?;
        // A link that was put in its place meanwhile.
        if (opened.dev(), opened.ino()) != (seen.dev(), seen.ino()) {
            return Ok(None);
        }
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n")))
}

fn is_theirs(vault: &Vault, mail: &str, whose: &Whose) -> bool {
    let (head, body) = mail.split_once("\n\n").unwrap_or((mail, ""));
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let mut in_base64 = false;
    for line in head.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "to" | "cc" | "bcc" if value.split(',').any(|one| whose.is_to(vault, bare(one))) => {
                return true;
            }
            "content-transfer-encoding" => in_base64 = value.trim().eq_ignore_ascii_case("base64"),
            _ => {}
        }
    }
    whose.is_about(&head) || whose.is_about(&plain(body, in_base64))
}

/// The address of `Name <address>`.
fn bare(one: &str) -> &str {
    match one.rsplit_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or(rest),
        None => one.trim(),
    }
}

/// A body without what it was wrapped in for its way; case numbers are plain letters in it then.
fn plain(body: &str, in_base64: bool) -> String {
    if !in_base64 {
        return body.replace("=\n", "");
    }
    let packed: String = body.split_whitespace().collect();
    STANDARD
        .decode(packed)
        .map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}
