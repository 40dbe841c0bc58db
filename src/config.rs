//! The configuration: flags, then environment, then a strict TOML file, into one validated type.

mod file;
#[cfg(test)]
mod fuzz;
mod given;
mod shown;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use hoiam_domain::case::CaseNumber;

use crate::accounts::openid::OpenIdConfig;
use crate::accounts::openid::config::is_usable;
use crate::attachments;
use crate::log::{Database, LogOptions};
use crate::mail::config::MailConfig;
use crate::outside::guard::Reach;
use crate::proof::Witness;
use crate::proof::key::KeySource;
use crate::vault::ring::KeySource as MasterKey;
use file::{File, read};
pub use given::Given;
pub(crate) use shown::quoted;

/// What is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the log lives.
    pub database: Database,
    /// Where the rule set lives; none for the built-in one.
    pub rules: Option<PathBuf>,
    /// Letters every case number begins with.
    pub prefix: String,
    /// Where to serve.
    pub listen: SocketAddr,
    /// Proxies on other machines whose word about a caller's address is taken.
    pub proxies: Vec<IpAddr>,
    /// The log's name in its checkpoints.
    pub log_origin: String,
    /// Where the log's private key is.
    pub log_key: KeySource,
    /// Where the master key of personal data is.
    pub master_key: MasterKey,
    /// Who is asked to cosign.
    pub witnesses: Vec<Witness>,
    /// The authorities that vouch for witnesses, if not public ones.
    pub witness_ca_file: Option<PathBuf>,
    /// Where browsers reach us, without a slash at the end.
    pub public_url: String,
    /// Who vouches for people who sign in.
    pub openid: Vec<OpenIdConfig>,
    /// How mails go.
    pub mail: MailConfig,
    /// Where requests of our own may go.
    pub reach: Reach,
    /// Where files of cases are, how large and how many.
    pub attachments: attachments::Settings,
}

/// Why there is no valid configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {error}", path = path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{path}: {error}", path = path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// What is wrong, with the line.
        error: Box<toml::de::Error>,
    },
    /// A value cannot be used.
    #[error("{field}: {message}")]
    Value {
        /// Which.
        field: &'static str,
        /// What to do.
        message: String,
    },
}

const DEFAULT_FILE: &str = "hoiam.toml";
const DEFAULT_RULES: &str = "routing-rules";

impl Config {
    /// Lays flags and environment over the file over the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] naming the file or field.
    pub fn load(given: &Given) -> Result<Self, ConfigError> {
        let file = match &given.config {
            Some(path) => read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read(Path::new(DEFAULT_FILE))?,
            None => File::default(),
        };
        // A source that names either database decides between them; both at once is a mistake.
        let (data, url) = if given.data.is_some() || given.database.is_some() {
            (given.data.clone(), given.database.clone())
        } else {
            (file.data, file.database)
        };
        let rules = given.rules.clone().or(file.rules).or_else(|| {
            let default = PathBuf::from(DEFAULT_RULES);
            default.is_dir().then_some(default)
        });
        let prefix = given.prefix.clone().or(file.prefix).unwrap_or_else(|| "HCM".to_owned());
        CaseNumber::new(&prefix, 2026, 1).map_err(|_| ConfigError::Value {
            field: "prefix",
            message: format!("`{prefix}` must be 2 to 6 letters A-Z"),
        })?;
        let listen = given.listen.or(file.listen);
        let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8022)));
        let database = database(data, url)?;
        let log_key = match (&given.log_key, given.log_key_file.clone().or(file.log_key_file)) {
            (Some(key), _) => KeySource::Given(key.clone()),
            (None, Some(path)) => KeySource::File(path),
            (None, None) => KeySource::File(default_key(&database)),
        };
        let master_file = given.master_key_file.clone().or(file.master_key_file);
        let master_key = match (&given.master_key, master_file) {
            (Some(key), _) => MasterKey::Given(key.clone()),
            (None, Some(path)) => MasterKey::File(path),
            (None, None) => MasterKey::Beside.beside(&database),
        };
        let named = given.log_origin.clone().or(file.log_origin);
        let listed = if given.witnesses.is_empty() { &file.witnesses } else { &given.witnesses };
        let secret = given.s3_secret.as_deref();
        let files = attachments::Settings::of(file.attachments, data_folder(&database), secret);
        let files = files.map_err(|(field, message)| ConfigError::Value { field, message })?;
        Ok(Self {
            attachments: files,
            log_origin: named.unwrap_or_else(|| format!("hoiam/{prefix}")),
            log_key,
            master_key,
            witnesses: witnesses(listed)?,
            witness_ca_file: given.witness_ca_file.clone().or(file.witness_ca_file),
            reach: if given.allow_private || file.outbound.allow_private {
                Reach::Anywhere
            } else {
                Reach::Public
            },
            database,
            rules,
            prefix,
            public_url: public_url(file.public_url, listen)?,
            openid: providers(file.openid)?,
            mail: mail(file.mail)?,
            listen,
            proxies: file.proxies.unwrap_or_default(),
        })
    }
}

impl Config {
    /// The journal of erasures: beside the master key, or where that would be.
    pub fn erasures(&self) -> PathBuf {
        let key = match &self.master_key {
            MasterKey::Given(_) => MasterKey::Beside.beside(&self.database),
            file => file.clone(),
        };
        let path = key.path().map_or(PathBuf::from("data/master.key"), Path::to_owned);
        path.with_file_name("erasures.jsonl")
    }

    /// How to open the log.
    pub fn log_options(&self) -> LogOptions {
        LogOptions { master_key: self.master_key.clone(), ..LogOptions::default() }
    }
}

/// The folder of the SQLite file; for PostgreSQL the one that would hold it.
fn data_folder(database: &Database) -> &Path {
    match database {
        Database::Sqlite(path) => path.parent().unwrap_or(Path::new(".")),
        Database::Postgres(_) => Path::new("data"),
    }
}

/// Beside the SQLite file; for PostgreSQL in the directory that would hold one.
fn default_key(database: &Database) -> PathBuf {
    match database {
        Database::Sqlite(path) => path.with_file_name("log.key"),
        Database::Postgres(_) => PathBuf::from("data/log.key"),
    }
}

/// Where browsers reach us: as it was said, or this machine itself.
fn public_url(said: Option<String>, listen: SocketAddr) -> Result<String, ConfigError> {
    let url = said.unwrap_or_else(|| format!("http://{listen}"));
    let url = url.trim_end_matches('/').to_owned();
    let path = url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if path || !(is_usable(&url) || url == format!("http://{listen}")) {
        return Err(ConfigError::Value {
            field: "public_url",
            message: "is an address with https:// (http:// on this machine only), without a path"
                .to_owned(),
        });
    }
    Ok(url)
}

fn mail(said: Option<MailConfig>) -> Result<MailConfig, ConfigError> {
    let mail = said.unwrap_or_default();
    mail.check().map_err(|message| ConfigError::Value { field: "mail", message })?;
    Ok(mail)
}

fn providers(listed: Vec<OpenIdConfig>) -> Result<Vec<OpenIdConfig>, ConfigError> {
    let wrong = |message| ConfigError::Value { field: "openid", message };
    for (nr, provider) in listed.iter().enumerate() {
        provider.check().map_err(wrong)?;
        if listed.iter().take(nr).any(|other| other.name == provider.name) {
            return Err(wrong(format!("two providers are called `{}`", provider.name)));
        }
    }
    Ok(listed)
}

fn witnesses(listed: &[String]) -> Result<Vec<Witness>, ConfigError> {
    let wrong = |message| ConfigError::Value { field: "witnesses", message };
    listed
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(wrong))
        .collect()
}

fn database(data: Option<PathBuf>, url: Option<String>) -> Result<Database, ConfigError> {
    match (data, url) {
        (Some(_), Some(_)) => Err(ConfigError::Value {
            field: "database",
            message: "give --data or --database, not both".to_owned(),
        }),
        (data, None) => {
            let dir = data.unwrap_or_else(|| PathBuf::from("data"));
            Ok(Database::Sqlite(dir.join("hoiam.db")))
        }
        (None, Some(url)) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Database::Postgres(url))
        }
        (None, Some(_)) => Err(ConfigError::Value {
            field: "database",
            message: "must be a URL beginning with postgres://".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_at_once_are_a_mistake() {
        let given = Given {
            data: Some("d".into()),
            database: Some("postgres://x/y".into()),
            ..Given::default()
        };
        assert!(Config::load(&given).is_err());
    }

    #[test]
    fn addresses_and_providers_are_checked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hoiam.toml");
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Config::load(&Given { config: Some(path.clone()), ..Given::default() })
        };
        assert_eq!(load("").unwrap().public_url, "http://127.0.0.1:8022");
        assert_eq!(load("public_url = 'https://1022.vn/'").unwrap().public_url, "https://1022.vn");
        for wrong in ["http://1022.vn", "https://1022.vn/a", "1022.vn"] {
            assert!(load(&format!("public_url = '{wrong}'")).is_err(), "{wrong}");
        }
        let one =
            "[[openid]]\nname = 'a'\nfor = 'staff'\nissuer = 'https://id.vn'\nclient_id = 'x'\n";
        assert_eq!(load(one).unwrap().openid.len(), 1);
        assert!(load(&format!("{one}{one}")).unwrap_err().to_string().contains("two providers"));
    }

    #[test]
    fn a_file_is_strict() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hoiam.toml");
        std::fs::write(&path, "prefx = \"HCM\"\n").unwrap();
        let given = Given { config: Some(path.clone()), ..Given::default() };
        let message = Config::load(&given).unwrap_err().to_string();
        assert!(message.contains("prefx") && message.contains("hoiam.toml"), "{message}");
        std::fs::write(&path, "prefix = \"DN\"\n").unwrap();
        assert_eq!(Config::load(&given).unwrap().prefix, "DN");
        let flag = Given { prefix: Some("HUE".into()), ..given };
        assert_eq!(Config::load(&flag).unwrap().prefix, "HUE");
    }
}
