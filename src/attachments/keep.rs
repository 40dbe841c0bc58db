//! A file on its way into a case: looked at, made clean, sealed, stored, and then attached by the
//! command path. Only when it is durable is its event appended.

use std::sync::Arc;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::attachment::{Attach, Attachment, TakenWhere};
use hoiam_domain::case::{Case, CaseNumber};
use hoiam_domain::private::Private;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::media::{Media, sniff};
use super::pending::{self, Pending};
use super::seal::Key;
use super::{AttachmentError, Attachments, photo, store};
use crate::desk::{Circumstances, Desk, DeskError};
use crate::random::sortable_id;
use crate::tracking::hex;

/// Longest name that is kept, in characters.
const NAME: usize = 120;
/// A picture may grow this much when it is written anew.
const GROWTH: usize = 3;

/// A file as it was sent.
#[derive(Debug)]
pub struct Upload {
    /// What the sender calls it.
    pub name: Option<String>,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Staff shows it to the reporters.
    pub shown: bool,
}

/// What became of it.
#[derive(Debug)]
pub struct Kept {
    /// The case as it is now.
    pub case: Arc<Case>,
    /// The attachment.
    pub attachment: Attachment,
    /// The request was answered before.
    pub replayed: bool,
    /// It was added now; else it was there already.
    pub added: bool,
}

/// A file made clean.
struct Clean {
    media: Media,
    bytes: Vec<u8>,
    taken_at: Option<Timestamp>,
    taken_where: Option<TakenWhere>,
}

impl Attachments {
    /// Attaches a file to a case. The same file sent again by the same person adds nothing.
    ///
    /// # Errors
    /// [`AttachmentError`]; nothing was attached.
    pub async fn attach(
        &self,
        desk: &Desk,
        actor: &Actor,
        number: &CaseNumber,
        upload: Upload,
        circumstances: &Circumstances,
    ) -> Result<Kept, AttachmentError> {
        let case = desk.case(desk.find(number).await?).await?;
        let sent = Private::new(hex(&Sha256::digest(&upload.bytes)));
        let mut command = Attach {
            id: sortable_id(desk.random(), desk.now()),
            media_type: String::new(),
            size: 0,
            stored: String::new(),
            shown: upload.shown,
            name: upload.name.as_deref().and_then(tidy).map(Private::new),
            sent,
            key: Private::new(String::new()),
            taken_at: None,
            taken_where: None,
            at_most: self.limits.count,
        };
        if case.attached_before(actor, &command.sent, command.shown).is_some() {
            // There is nothing to store; the desk looks at the key of the request all the same.
            return self.append(desk, actor, number, &command, circumstances).await;
        }
        desk.may_attach(&case, actor, &command, circumstances)?;
        let zone = desk.rules().policy.calendars.zone().clone();
        let clean = self.clean(upload.bytes, zone).await?;
        let key = Key::new(desk.random());
        let sealed = key.seal(case.id, command.id, &clean.bytes);
        let sealed = sealed.ok_or(AttachmentError::BrokenOff)?;
        command.stored = store::name_of(&sealed);
        command.size = u64::try_from(clean.bytes.len()).unwrap_or(u64::MAX);
        command.media_type = clean.media.as_str().to_owned();
        command.key = Private::new(key.show());
        command.taken_at = clean.taken_at.map(Private::new);
        command.taken_where = clean.taken_where.map(Private::new);
        drop(clean.bytes);
        self.store_and_append(desk, actor, &case, &command, sealed, circumstances).await
    }

    async fn store_and_append(
        &self,
        desk: &Desk,
        actor: &Actor,
        case: &Case,
        command: &Attach,
        sealed: Vec<u8>,
        circumstances: &Circumstances,
    ) -> Result<Kept, AttachmentError> {
        let pool = desk.log().pool();
        let file = Pending { stored: command.stored.clone(), case: case.id };
        pending::add(pool, &file, desk.now().as_microsecond()).await?;
        let stored = self.store.put(&file.stored, sealed).await;
        let kept = match stored {
            Ok(()) => self.append(desk, actor, &case.number, command, circumstances).await,
            Err(error) => Err(error.into()),
        };
        let unneeded = match &kept {
            Ok(kept) => !kept.added,
            Err(AttachmentError::Desk(error)) => surely_not(error),
            Err(_) => false,
        };
        // What is left behind here the sweeper finds by its row; nobody waits for that.
        if unneeded && self.store.delete(&file.stored).await.is_err() {
            return kept;
        }
        if (unneeded || kept.is_ok())
            && let Err(error) = pending::remove(pool, &file.stored).await
        {
            tracing::warn!(%error, "a row of a file that has its event stays for a day");
        }
        kept
    }

    async fn append(
        &self,
        desk: &Desk,
        actor: &Actor,
        number: &CaseNumber,
        command: &Attach,
        circumstances: &Circumstances,
    ) -> Result<Kept, AttachmentError> {
        let done = desk.attach(actor, number, command, circumstances).await?;
        let own = done.case.attachment(command.id);
        let same = || done.case.attached_before(actor, &command.sent, command.shown);
        let added = own.is_some();
        let attachment = own.or_else(same).cloned().ok_or(AttachmentError::BrokenOff)?;
        Ok(Kept { case: done.case, attachment, replayed: done.replayed, added })
    }

    /// The file as it may be kept. Pictures are decoded, few at a time, off the threads that
    /// answer requests.
    async fn clean(&self, bytes: Vec<u8>, zone: TimeZone) -> Result<Clean, AttachmentError> {
        let media = sniff(&bytes)?;
        if media.picture().is_none() {
            return Ok(Clean { media, bytes, taken_at: None, taken_where: None });
        }
        let permit = self.decoding.clone().acquire_owned().await;
        let permit = permit.map_err(|_| AttachmentError::BrokenOff)?;
        let most = self.limits.bytes.saturating_mul(GROWTH);
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            photo::renewed(media, &bytes, &zone, most)
        });
        let photo = work.await.map_err(|_| AttachmentError::BrokenOff)??;
        let photo::Photo { media, bytes, taken_at, taken_where } = photo;
        Ok(Clean { media, bytes, taken_at, taken_where })
    }
}

/// The command was certainly not carried out. After anything else it may have been, and its file
/// stays until the log has been asked.
fn surely_not(error: &DeskError) -> bool {
    matches!(
        error,
        DeskError::Rejected(_)
            | DeskError::NotFound
            | DeskError::Stale { .. }
            | DeskError::KeyReused
            | DeskError::TooLarge
    )
}

/// A file's name as it is kept: its last part, without what cannot be seen; none if nothing is left.
fn tidy(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = |c: &char| !c.is_control() && !is_invisible(*c);
    let text: String = last.chars().filter(seen).take(NAME).collect();
    let text = text.trim().trim_start_matches('.').to_owned();
    (!text.is_empty()).then_some(text)
}

/// Characters that turn or hide what stands around them: a name must read as what it is.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_only() {
        for (sent, kept) in [
            ("ổ gà.jpg", Some("ổ gà.jpg")),
            ("C:\\Users\\Thu\\anh.jpg", Some("anh.jpg")),
            ("../../etc/passwd", Some("passwd")),
            ("a\u{202e}gpj.exe", Some("agpj.exe")),
            ("  .htaccess ", Some("htaccess")),
            ("\u{0}\r\n\u{200b}", None),
            ("thư mục/", None),
            ("", None),
        ] {
            assert_eq!(tidy(sent).as_deref(), kept, "{sent:?}");
        }
        assert_eq!(tidy(&"ạ".repeat(500)).unwrap().chars().count(), NAME);
    }
}
