//! Sending a mail: by SMTP, or as a file into a folder. Nothing a mail server says is repeated in the
//! log: it names addresses.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use uuid::Uuid;

use super::Letter;
use super::config::{MailConfig, Security};
use crate::archive::private;
use crate::secret_file::keep_name;

/// How long a mail server may take for each thing it is told.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take in all.
const WHOLE: Duration = Duration::from_secs(60);

/// Sends mails.
#[derive(Debug)]
pub struct Sender {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Smtp(_) => "Smtp",
            Self::Folder(_) => "Folder",
        })
    }
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It went.
    Sent,
    /// It may go later.
    Later(String),
    /// It never will.
    Never(String),
}

impl Sender {
    /// As the configuration says; `folder` for mails without a server, unless it names one.
    ///
    /// # Errors
    /// What to change.
    pub fn new(config: &MailConfig, folder: &Path) -> Result<Self, String> {
        config.check()?;
        let from = config.from.parse().map_err(|_| "from is no address".to_owned())?;
        let Some(server) = &config.server else {
            let folder = config.spool.clone().unwrap_or_else(|| folder.to_owned());
            return Ok(Self { from, way: Way::Folder(folder) });
        };
        type Smtp = AsyncSmtpTransport<Tokio1Executor>;
        let wrong = |_| format!("{server} is no server's name");
        let mut smtp = match config.security {
            Security::Tls => Smtp::relay(server).map_err(wrong)?,
            Security::Starttls => Smtp::starttls_relay(server).map_err(wrong)?,
            Security::None => Smtp::builder_dangerous(server.as_str()),
        };
        if let Some(port) = config.port {
            smtp = smtp.port(port);
        }
        if let (Some(user), Some(password)) = (&config.user, config.password()?) {
            smtp = smtp.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self { from, way: Way::Smtp(smtp.timeout(Some(PATIENCE)).build()) })
    }

    /// Sends one mail.
    pub(super) async fn send(&self, id: Uuid, letter: &Letter, now: Timestamp) -> Outcome {
        let Some(message) = self.message(id, letter, now) else {
            return Outcome::Never("it is no mail".to_owned());
        };
        match &self.way {
            Way::Folder(folder) => {
                let (folder, text) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || write(&folder, id, &text)).await;
                match written {
                    Ok(Ok(())) => Outcome::Sent,
                    Ok(Err(error)) => Outcome::Later(error.kind().to_string()),
                    Err(_) => Outcome::Later("it was not written".to_owned()),
                }
            }
            Way::Smtp(smtp) => match tokio::time::timeout(WHOLE, smtp.send(message)).await {
                Ok(Ok(_)) => Outcome::Sent,
                Ok(Err(error)) => {
                    let said = error.status().map_or_else(String::new, |code| code.to_string());
                    let why = format!("the mail server did not take it {said}").trim().to_owned();
                    if error.is_permanent() { Outcome::Never(why) } else { Outcome::Later(why) }
                }
                Err(_) => Outcome::Later("the mail server is too slow".to_owned()),
            },
        }
    }

    fn message(&self, id: Uuid, letter: &Letter, now: Timestamp) -> Option<Message> {
        let millis = u64::try_from(now.as_millisecond()).ok()?;
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().ok()?)
            .subject(letter.subject.clone())
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(format!("<{}@{}>", id.simple(), self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            // Nobody's absence answers it (RFC 3834).
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .body(letter.text.clone())
            .ok()
    }
}

/// Whole or not at all, for the owner's eyes only.
fn write(folder: &Path, id: Uuid, text: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}.eml", id.simple()));
    let beside = path.with_extension("part");
    let mut file = private(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&beside, &path)?;
    keep_name(&path)
}
