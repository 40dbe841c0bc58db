//! The ways in that the configuration opens, besides passwords: providers, and links by mail.

use super::openid::{For, Provider};
use crate::mail::Mail;

/// The ways.
#[derive(Debug)]
pub struct Ways {
    public_url: String,
    providers: Vec<Provider>,
    mail: Option<Mail>,
}

impl Ways {
    /// Where browsers reach us, without a slash at the end, and who vouches.
    pub fn new(public_url: &str, providers: Vec<Provider>) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self { public_url, providers, mail: None }
    }

    /// And links by mail.
    #[must_use]
    pub fn with_mail(mut self, mail: Mail) -> Self {
        self.mail = Some(mail);
        self
    }

    /// What sends mails, if links are sent.
    pub fn mail(&self) -> Option<&Mail> {
        self.mail.as_ref()
    }

    /// Where browsers reach us.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// A provider by its name.
    pub fn provider(&self, name: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.config().name == name)
    }

    /// Those that vouch for citizens, or for staff.
    pub fn providers(&self, whom: For) -> impl Iterator<Item = &Provider> {
        self.providers.iter().filter(move |provider| provider.config().whom == whom)
    }
}
