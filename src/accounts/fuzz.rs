//! What people and providers send to be known by, as nobody would send it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::openid::claims::Vouched;
use super::openid::{OpenIdConfig, flow, provider};
use super::{code, contact};
use crate::fuzz::{holds, text, texts};

/// An address that is taken is one mail can be sent to, written one way.
#[test]
fn mail_addresses() {
    holds!(
        texts(&[" Lan.Nguyen@Example.VN ", "a+b@c-d.vn", "nguyễn@thư.vn"]),
        |input: &[u8]| {
            let Some(address) = contact::email(&text(input)) else { return };
            assert_eq!(contact::email(&address).as_ref(), Some(&address));
            assert!(address.len() <= 254);
            address.parse::<lettre::Address>().unwrap();
        }
    );
}

/// Digits, whatever stood between them.
#[test]
fn national_numbers() {
    holds!(texts(&["079 200 000 001", "079.200-001"]), |input: &[u8]| {
        let input = text(input);
        let Some(number) = contact::national_number(&input) else { return };
        let digits: String = input.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(number, digits);
        assert!(matches!(number.len(), 9 | 12));
    });
}

/// Only the codes of the moment and its neighbours count, however they are typed.
#[test]
fn one_time_codes() {
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    let around =
        |seconds| code::at(SECRET, now + jiff::SignedDuration::from_secs(seconds)).unwrap();
    let codes = [around(-30), around(0), around(30)];
    holds!(texts(&[&codes[1], "123 456", "\u{661}2345\u{666}"]), |input: &[u8]| {
        let typed = text(input);
        if code::check(SECRET, &typed, now, 0).is_some() {
            let digits: String = typed.split_whitespace().collect();
            assert!(codes.contains(&digits), "{typed:?}");
        }
        // What is no secret makes no code.
        let _ = code::check(&typed, &codes[1], now, 0);
    });
}

const ENTRY: &str = "name = 'x'\nfor = 'staff'\nissuer = 'https://id.example'\nclient_id = 'x'\n\
    [claims]\nname = 'name'\nemail = 'email'\nemail_verified = 'ok'\nphone = 'phone'\nphone_verified = 'ok'\n\
    national_number = 'id'\nlogin = 'user'\nrole = 'roles'\n[second_factor]\namr = ['mfa']\n";

/// Whatever a provider claims, somebody has a subject of a bounded length, and what is not verified
/// does not count.
#[test]
fn claims() {
    let config: OpenIdConfig = toml::from_str(ENTRY).unwrap();
    let samples = texts(&[
        r#"{"sub":"1","name":"Lê Lan","email":"Lan@X.vn","ok":true,"phone":"0901234567","id":"079200000001","roles":["a","b"],"amr":["mfa"]}"#,
        r#"{"sub":"\u0000","name":["x"],"email":7,"ok":"true","roles":"a","acr":null}"#,
    ]);
    holds!(samples, |input: &[u8]| {
        let Ok(claims) = serde_json::from_slice::<Map<String, Value>>(input) else { return };
        let Ok(vouched) = Vouched::read(&config, &claims) else { return };
        assert!((1..=255).contains(&vouched.subject.len()));
        let ok = matches!(claims.get("ok"), Some(Value::Bool(true)))
            || claims.get("ok") == Some(&"true".into());
        assert!(ok || (vouched.email.is_none() && vouched.phone.is_none()));
        if let Some(name) = &vouched.name {
            assert!(name.chars().count() <= 120 && !name.contains(char::is_control));
        }
        assert!(vouched.roles.is_some_and(|roles| roles.len() <= 100));
        assert!(!vouched.second_factor || claims.contains_key("amr"));
    });
}

/// The claims of a token are those of its middle part, or it is refused.
#[test]
fn tokens() {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let claims = r#"{"iss":"https://id.example","sub":"1","aud":"x","exp":1,"iat":1}"#;
    let whole = format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("signature"));
    holds!(texts(&[&whole]), |input: &[u8]| {
        let Some(claims) = provider::read_unverified(&text(input)) else { return };
        let middle = text(input).split('.').nth(1).map(str::to_owned).unwrap();
        let said: Map<String, Value> =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(middle).unwrap()).unwrap();
        assert_eq!(claims, said);
    });
}

/// An entry that is taken names an address nobody can listen to.
#[test]
fn entries() {
    holds!(texts(&[ENTRY]), |input: &[u8]| {
        let Ok(config) = toml::from_str::<OpenIdConfig>(&text(input)) else { return };
        if config.check().is_ok() {
            assert!(config.issuer.starts_with("https://") || config.issuer.starts_with("http://"));
            assert!((1..=32).contains(&config.name.len()) && !config.name.contains('/'));
        }
    });
}

/// Nobody is sent to another site afterwards, whatever a browser makes of the path.
#[test]
fn destinations() {
    holds!(texts(&["/desk/cases", "//evil.example", "/\\evil", "/a/../b"]), |input: &[u8]| {
        let asked = text(input);
        let Some(path) = flow::destination(Some(&asked)) else { return };
        let base = reqwest::Url::parse("https://desk.example/x/y").unwrap();
        let joined = base.join(path).unwrap();
        assert_eq!(joined.origin(), base.origin());
        assert!(path.len() <= 300);
    });
}
