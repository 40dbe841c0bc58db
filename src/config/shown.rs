//! The configuration in force, as `hoiam config show` prints it.

use std::fmt;
use std::path::Path;

use super::{Config, MasterKey};
use crate::accounts::openid::OpenIdConfig;
use crate::log::Database;
use crate::outside::guard::Reach;
use crate::proof::key::KeySource;

/// The configuration as a file would say it, secrets hidden.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.database {
            Database::Sqlite(path) => {
                let dir = path.parent().unwrap_or(Path::new("."));
                writeln!(f, "data = {}", quoted(&dir.display().to_string()))?;
            }
            Database::Postgres(url) => {
                writeln!(f, "database = {}", quoted(&without_password(url)))?
            }
        }
        match &self.rules {
            Some(dir) => writeln!(f, "rules = {}", quoted(&dir.display().to_string()))?,
            None => writeln!(f, "# rules: the built-in set")?,
        }
        writeln!(f, "prefix = {}", quoted(&self.prefix))?;
        if !self.proxies.is_empty() {
            let proxies: Vec<String> = self.proxies.iter().map(ToString::to_string).collect();
            writeln!(f, "proxies = {proxies:?}")?;
        }
        writeln!(f, "listen = {:?}", self.listen.to_string())?;
        writeln!(f, "log_origin = {}", quoted(&self.log_origin))?;
        match &self.log_key {
            KeySource::Given(_) => write!(f, "# the log's key: HOIAM_LOG_KEY")?,
            KeySource::File(path) => {
                write!(f, "log_key_file = {}", quoted(&path.display().to_string()))?;
            }
        }
        match &self.master_key {
            MasterKey::Given(_) | MasterKey::Beside => {
                write!(f, "\n# the master key: HOIAM_MASTER_KEY")?
            }
            MasterKey::File(path) => {
                write!(f, "\nmaster_key_file = {}", quoted(&path.display().to_string()))?;
            }
        }
        write!(f, "\npublic_url = {}", quoted(&self.public_url))?;
        for provider in &self.openid {
            let OpenIdConfig { name, issuer, .. } = provider;
            write!(f, "\n# openid: {name:?}, {issuer:?}")?;
        }
        let listed: Vec<String> = self
            .witnesses
            .iter()
            .map(|witness| format!("{} {}", witness.key, witness.url))
            .collect();
        if !listed.is_empty() {
            write!(f, "\nwitnesses = {}", toml::Value::from(listed))?;
        }
        if let Some(path) = &self.witness_ca_file {
            write!(f, "\nwitness_ca_file = {}", quoted(&path.display().to_string()))?;
        }
        write!(f, "\n\n[outbound]\nallow_private = {}", self.reach == Reach::Anywhere)?;
        write!(f, "\n\n{}", self.attachments)
    }
}

/// A text as TOML has it.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The URL with everything secret replaced: a password before the `@`, and all parameters.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (rest, parameters) = match rest.split_once('?') {
        Some((rest, _)) => (rest, "?…"),
        None => (rest, ""),
    };
    let shown = match rest.rsplit_once('@') {
        Some((login, host)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => rest.to_owned(),
        },
        None => rest.to_owned(),
    };
    format!("{scheme}://{shown}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for url in [
            "postgres://city:s3cret@db:5432/hoiam",
            "postgres://city@db/hoiam?password=s3cret",
            "postgres://city:s3@cret@db/hoiam",
        ] {
            let shown = without_password(url);
            assert!(!shown.contains("cret"), "{shown}");
            assert!(shown.contains("city"), "{shown}");
        }
    }
}
