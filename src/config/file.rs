//! The configuration file: strict TOML.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use crate::accounts::openid::OpenIdConfig;
use crate::attachments;
use crate::mail::config::MailConfig;

/// What the file may say. Unknown fields are errors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) data: Option<PathBuf>,
    pub(super) database: Option<String>,
    pub(super) rules: Option<PathBuf>,
    pub(super) prefix: Option<String>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) proxies: Option<Vec<IpAddr>>,
    pub(super) log_origin: Option<String>,
    pub(super) log_key_file: Option<PathBuf>,
    pub(super) master_key_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) witnesses: Vec<String>,
    pub(super) witness_ca_file: Option<PathBuf>,
    pub(super) public_url: Option<String>,
    #[serde(default)]
    pub(super) openid: Vec<OpenIdConfig>,
    pub(super) mail: Option<MailConfig>,
    #[serde(default)]
    pub(super) outbound: OutboundFile,
    #[serde(default)]
    pub(super) attachments: attachments::settings::Table,
}

/// What the file may say of requests of our own.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutboundFile {
    #[serde(default)]
    pub(super) allow_private: bool,
}

pub(super) fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Read { path: path.to_owned(), error })?;
    toml::from_str(&text)
        .map_err(|error| ConfigError::Toml { path: path.to_owned(), error: Box::new(error) })
}
