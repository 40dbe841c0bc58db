//! A provider's entry in the configuration: `[[openid]]`.

use std::path::PathBuf;

use axum::http::Uri;
use serde::Deserialize;

use crate::outside::is_here;

/// Whom a provider vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum For {
    /// Citizens: whoever it vouches for gets an account.
    Citizens,
    /// Staff: whoever has an account and is linked to it.
    Staff,
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConfig {
    /// Its name in addresses: lower-case letters, digits and hyphens.
    pub name: String,
    /// What people call it; the name if not said.
    pub title: Option<String>,
    /// Whom it vouches for.
    #[serde(rename = "for")]
    pub whom: For,
    /// Its address, exactly as it writes it itself.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// A file with the secret we show it.
    pub client_secret_file: Option<PathBuf>,
    /// An environment variable with that secret.
    pub client_secret_env: Option<String>,
    /// What to ask for besides `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Also ask its userinfo endpoint, where its token says little.
    #[serde(default)]
    pub userinfo: bool,
    /// A PEM file with the authorities whose certificates it shows, if not public ones.
    pub ca_file: Option<PathBuf>,
    /// Which claim is what.
    #[serde(default)]
    pub claims: ClaimNames,
    /// What proves that more than a password was asked for.
    #[serde(default)]
    pub second_factor: SecondFactor,
}

/// Names of claims; what is not named is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// What people call them. Only citizens'; it is shown to them and not kept.
    pub name: Option<String>,
    /// An e-mail address. Counts only with [`Self::email_verified`].
    pub email: Option<String>,
    /// A claim that must be `true` for the address to count.
    pub email_verified: Option<String>,
    /// A telephone number. Counts only with [`Self::phone_verified`].
    pub phone: Option<String>,
    /// A claim that must be `true` for the number to count.
    pub phone_verified: Option<String>,
    /// The national number; kept as a keyed hash only.
    pub national_number: Option<String>,
    /// Staff: the sign-in name of the account to link at the first sign-in.
    pub login: Option<String>,
    /// Staff: a claim that must be `true` for [`Self::login`] to count.
    pub login_verified: Option<String>,
    /// Staff: a role or a list of roles that must hold the account's own.
    pub role: Option<String>,
    /// Staff: an agency or a list of agencies that must hold the account's own.
    pub agency: Option<String>,
}

/// Values of `amr` or `acr` that show a second factor (RFC 8176).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecondFactor {
    /// Any of these in `amr`, e.g. `["mfa", "otp", "hwk"]`.
    pub amr: Vec<String>,
    /// `acr` is one of these.
    pub acr: Vec<String>,
}

impl OpenIdConfig {
    /// What people call it.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// Checks what the shape does not say.
    ///
    /// # Errors
    /// What to change.
    pub fn check(&self) -> Result<(), String> {
        let wrong = |why: &str| Err(format!("openid `{}`: {why}", self.name));
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > 32 || !self.name.bytes().all(letter) {
            return wrong("a name is 1 to 32 letters a-z, digits and hyphens");
        }
        if !is_usable(&self.issuer) {
            return wrong("issuer is an address with https:// (http:// on this machine only)");
        }
        if self.client_id.is_empty() {
            return wrong("client_id is missing");
        }
        if self.client_secret_file.is_some() && self.client_secret_env.is_some() {
            return wrong("give client_secret_file or client_secret_env, not both");
        }
        let claims = &self.claims;
        for (claim, verified, name) in [
            (&claims.email, &claims.email_verified, "email"),
            (&claims.phone, &claims.phone_verified, "phone"),
            (&claims.login, &claims.login_verified, "login"),
        ] {
            if claim.is_some() && verified.is_none() && (name != "login" || is_contact(claim)) {
                return wrong(&format!(
                    "claims.{name} counts only with claims.{name}_verified: name the claim that says so"
                ));
            }
        }
        let for_staff = [&claims.login, &claims.login_verified, &claims.role, &claims.agency];
        let factor = &self.second_factor;
        let stepped = !factor.amr.is_empty() || !factor.acr.is_empty();
        if self.whom == For::Citizens && (stepped || for_staff.iter().any(|name| name.is_some())) {
            return wrong("login, role, agency and second_factor are for staff");
        }
        Ok(())
    }

    /// The secret we show it, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or is empty.
    pub fn secret(&self) -> Result<Option<String>, String> {
        let wrong = |why: String| format!("openid `{}`: {why}", self.name);
        let text = match (&self.client_secret_file, &self.client_secret_env) {
            (Some(path), _) => std::fs::read_to_string(path)
                .map_err(|error| wrong(format!("{}: {error}", path.display())))?,
            (None, Some(name)) => {
                std::env::var(name).map_err(|_| wrong(format!("{name} is not set")))?
            }
            (None, None) => return Ok(None),
        };
        let secret = text.trim();
        if secret.is_empty() {
            Err(wrong("the client secret is empty".to_owned()))
        } else {
            Ok(Some(secret.to_owned()))
        }
    }
}

/// Whether a claim is one that people may choose for themselves.
fn is_contact(claim: &Option<String>) -> bool {
    claim
        .as_deref()
        .is_some_and(|name| matches!(name, "email" | "phone_number" | "nickname" | "name"))
}

/// An address nobody can listen to, or one of this machine.
pub fn is_usable(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let Some(host) = uri.host() else { return false };
    let safe = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_here(host.trim_matches(['[', ']'])),
        _ => false,
    };
    safe && !url.contains(['@', '?', '#', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Result<(), String> {
        let base =
            "name = 'vneid'\nfor = 'citizens'\nissuer = 'https://id.example/a'\nclient_id = 'x'\n";
        let merged: toml::Table = toml::from_str::<toml::Table>(base)
            .unwrap()
            .into_iter()
            .chain(toml::from_str::<toml::Table>(text).unwrap())
            .collect();
        let config: OpenIdConfig =
            merged.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        config.check()
    }

    #[test]
    fn entries_are_strict() {
        entry("").unwrap();
        entry("issuer = 'http://127.0.0.1:3000'").unwrap();
        entry("[claims]\nemail = 'email'\nemail_verified = 'email_verified'").unwrap();
        entry("for = 'staff'\n[claims]\nlogin = 'preferred_username'").unwrap();
        for (text, word) in [
            ("name = 'VN ID'", "1 to 32"),
            ("issuer = 'http://id.example'", "https"),
            ("issuer = 'https://a@id.example'", "https"),
            ("client_id = ''", "client_id"),
            ("scope = ['a']", "scope"),
            ("client_secret_file = 'a'\nclient_secret_env = 'B'", "not both"),
            ("[claims]\nemail = 'email'", "email_verified"),
            ("[claims]\nphone = 'phone_number'", "phone_verified"),
            ("for = 'staff'\n[claims]\nlogin = 'email'", "login_verified"),
            ("[claims]\nrole = 'role'", "for staff"),
            ("[second_factor]\namr = ['mfa']", "for staff"),
        ] {
            let error = entry(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
