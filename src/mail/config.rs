//! How mails go, as the configuration says: `[mail]`.

use std::path::PathBuf;

use lettre::message::Mailbox;
use serde::Deserialize;

use crate::outside::is_here;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte (usually port 465).
    #[default]
    Tls,
    /// TLS before anything is said (usually port 587).
    Starttls,
    /// Not at all: a server on this machine.
    None,
}

/// The entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// From whom: `1022 <1022@example.vn>`.
    pub from: String,
    /// The mail server; without one mails are files.
    pub server: Option<String>,
    /// Its port; what is usual if not said.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: Security,
    /// Who we are to it.
    pub user: Option<String>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// An environment variable with the password.
    pub password_env: Option<String>,
    /// The folder mails are written to without a server; `mail` beside the data if not said.
    pub spool: Option<PathBuf>,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            from: "Hồi Âm <khong-tra-loi@localhost>".to_owned(),
            server: None,
            port: None,
            security: Security::Tls,
            user: None,
            password_file: None,
            password_env: None,
            spool: None,
        }
    }
}

impl MailConfig {
    /// Checks what the shape does not say.
    ///
    /// # Errors
    /// What to change.
    pub fn check(&self) -> Result<(), String> {
        if self.from.parse::<Mailbox>().is_err() {
            return Err("from is a name and an address, e.g. `1022 <1022@example.vn>`".to_owned());
        }
        let passwords =
            usize::from(self.password_file.is_some()) + usize::from(self.password_env.is_some());
        if passwords != usize::from(self.user.is_some()) {
            return Err("user needs one of password_file and password_env".to_owned());
        }
        match &self.server {
            None if self.user.is_some() => Err("user is nobody without a server".to_owned()),
            Some(server) if self.security == Security::None && !is_here(server) => {
                Err("security = \"none\" is for a server on this machine".to_owned())
            }
            Some(_) if self.spool.is_some() => Err("give server or spool, not both".to_owned()),
            _ => Ok(()),
        }
    }

    /// The password, if there is a user.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn password(&self) -> Result<Option<String>, String> {
        let text = match (&self.password_file, &self.password_env) {
            (Some(path), _) => std::fs::read_to_string(path)
                .map_err(|error| format!("{}: {error}", path.display()))?,
            (None, Some(name)) => std::env::var(name).map_err(|_| format!("{name} is not set"))?,
            (None, None) => return Ok(None),
        };
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_strict() {
        let entry = |text: &str| {
            let config: Result<MailConfig, _> =
                toml::from_str(&format!("from = '1022 <a@b.vn>'\n{text}"));
            config.map_err(|error| error.to_string())?.check()
        };
        entry("").unwrap();
        entry("server = 'smtp.b.vn'\nsecurity = 'starttls'\nuser = 'a'\npassword_env = 'B'")
            .unwrap();
        entry("server = '127.0.0.1'\nport = 2525\nsecurity = 'none'").unwrap();
        MailConfig::default().check().unwrap();
        for (text, word) in [
            ("server = 'smtp.b.vn'\nsecurity = 'none'", "this machine"),
            ("server = 'smtp.b.vn'\nuser = 'a'", "password"),
            ("user = 'a'\npassword_env = 'B'", "without a server"),
            ("server = 'smtp.b.vn'\nspool = 'x'", "not both"),
            ("sever = 'smtp.b.vn'", "sever"),
        ] {
            let error = entry(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
