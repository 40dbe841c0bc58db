//! What a provider's claims say, by the names its entry maps. What is not verified does not count.

use hoiam_domain::case::identity;
use serde_json::{Map, Value};

use super::OpenIdError;
use super::config::OpenIdConfig;
use crate::accounts::contact;

/// The longest subject (OpenID Connect Core 1.0, section 2).
const SUBJECT: usize = 255;
/// The longest name shown, characters.
const NAME: usize = 120;
/// Values of a list that are looked at.
const VALUES: usize = 100;

/// Somebody a provider vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Which provider, as its address.
    pub issuer: String,
    /// Who, by the provider's own name for them.
    pub subject: String,
    /// What people call them.
    pub name: Option<String>,
    /// A verified e-mail address, normalised.
    pub email: Option<String>,
    /// A verified telephone number, normalised.
    pub phone: Option<String>,
    /// The national number.
    pub national_number: Option<String>,
    /// The sign-in name of the account to link.
    pub login: Option<String>,
    /// Roles they have there; none if the entry maps no claim.
    pub roles: Option<Vec<String>>,
    /// Agencies they belong to there, likewise.
    pub agencies: Option<Vec<String>>,
    /// They proved more than a password.
    pub second_factor: bool,
}

/// Without anything about the person.
impl std::fmt::Debug for Vouched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vouched").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Vouched {
    /// Reads verified claims.
    ///
    /// # Errors
    /// [`OpenIdError::Untrusted`] without a usable subject.
    pub fn read(config: &OpenIdConfig, claims: &Map<String, Value>) -> Result<Self, OpenIdError> {
        let names = &config.claims;
        let text = |name: &Option<String>| {
            let value = name.as_ref().and_then(|name| claims.get(name)).and_then(Value::as_str);
            value.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let is_true = |name: &Option<String>| {
            let value = name.as_ref().and_then(|name| claims.get(name));
            value.is_some_and(|value| value == &Value::Bool(true) || value == "true")
        };
        let verified =
            |name, flag: &Option<String>| text(name).filter(|_| flag.is_none() || is_true(flag));
        let list = |name: &Option<String>| {
            name.as_ref().map(|name| claims.get(name).map(words).unwrap_or_default())
        };
        let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
        if subject.is_empty() || subject.len() > SUBJECT {
            return Err(OpenIdError::Untrusted("without a subject".to_owned()));
        }
        let factor = &config.second_factor;
        let amr = claims.get("amr").map(words).unwrap_or_default();
        let acr = claims.get("acr").and_then(Value::as_str);
        Ok(Self {
            issuer: config.issuer.clone(),
            subject: subject.to_owned(),
            name: text(&names.name)
                .map(|name| name.chars().filter(|c| !c.is_control()).take(NAME).collect()),
            email: verified(&names.email, &names.email_verified)
                .and_then(|text| contact::email(&text)),
            phone: verified(&names.phone, &names.phone_verified)
                .and_then(|text| identity::phone(&text)),
            national_number: text(&names.national_number)
                .and_then(|text| contact::national_number(&text)),
            login: verified(&names.login, &names.login_verified),
            roles: list(&names.role),
            agencies: list(&names.agency),
            second_factor: amr.iter().any(|method| factor.amr.contains(method))
                || acr.is_some_and(|class| factor.acr.iter().any(|one| one == class)),
        })
    }
}

/// A text or a list of texts.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => {
            values.iter().take(VALUES).filter_map(|v| v.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(rest: &str) -> OpenIdConfig {
        let text = "name = 'x'\nfor = 'staff'\nissuer = 'https://id.example'\nclient_id = 'x'\n";
        toml::from_str(&format!("{text}{rest}")).unwrap()
    }

    fn read(config: &OpenIdConfig, claims: Value) -> Vouched {
        Vouched::read(config, claims.as_object().unwrap()).unwrap()
    }

    #[test]
    fn only_what_is_verified_counts() {
        let config = config(
            "[claims]\nname = 'name'\nemail = 'email'\nemail_verified = 'ok'\nnational_number = 'id'\nlogin = 'email'\nlogin_verified = 'ok'",
        );
        let claims = |ok: Value| json!({ "sub": "1", "name": "Lan\n", "email": "Lan@X.vn", "ok": ok, "id": "079200000001" });
        for (ok, email) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!(1), false),
            (Value::Null, false),
        ] {
            let read = read(&config, claims(ok.clone()));
            assert_eq!((read.email.is_some(), read.login.is_some()), (email, email), "{ok}");
            assert_eq!((read.name.as_deref(), read.national_number.is_some()), (Some("Lan"), true));
            assert!(!format!("{read:?}").contains("079"), "never printed");
        }
        for sub in [json!(""), json!(7), Value::Null, json!("x".repeat(256))] {
            assert!(Vouched::read(&config, json!({ "sub": sub }).as_object().unwrap()).is_err());
        }
    }

    #[test]
    fn a_second_factor_is_one_of_those_named() {
        let config =
            config("[second_factor]\namr = ['mfa']\nacr = ['urn:high']\n[claims]\nrole = 'roles'");
        for (claims, proven) in [
            (json!({ "sub": "1", "amr": ["pwd", "mfa"] }), true),
            (json!({ "sub": "1", "acr": "urn:high" }), true),
            (json!({ "sub": "1", "amr": ["pwd"], "acr": "urn:low" }), false),
            (json!({ "sub": "1" }), false),
        ] {
            assert_eq!(read(&config, claims.clone()).second_factor, proven, "{claims}");
        }
        let roles = |claims| read(&config, claims).roles.unwrap();
        assert_eq!(roles(json!({ "sub": "1", "roles": ["a", 7, "b"] })), ["a", "b"]);
        assert_eq!(roles(json!({ "sub": "1", "roles": "a" })), ["a"]);
        assert!(roles(json!({ "sub": "1" })).is_empty(), "mapped and not said is none");
    }
}
