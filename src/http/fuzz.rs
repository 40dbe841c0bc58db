//! Requests nobody would write: cookies, tokens, addresses, parameters, forms.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::params::Params;
use super::rates::Rates;
use super::{auth, page, session, upload};
use crate::clock::ManualClock;
use crate::fuzz::{holds, text, texts};
use crate::http::body::JsonBody;
use crate::tracking::TrackingCode;

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";

fn headers(name: &HeaderName, lines: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name, value);
        }
    }
    headers
}

/// A session's id is one that was sent under the cookie's whole name.
#[test]
fn cookies() {
    let one = format!("a=b; __Host-hoiam_device={ID}; c=d");
    let two = format!("__Host-hoiam_session={ID}\n __Host-hoiam_device = {ID} ;;=");
    holds!(texts(&[&one, &two]), |input: &[u8]| {
        let headers = headers(&COOKIE, input);
        let Some(secret) = session::device(&headers) else { return };
        let id = secret.show();
        assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let plain: String = text(input).split_whitespace().collect();
        assert!(plain.contains(&format!("__Host-hoiam_device={id}")));
        // What the browser is given is read back.
        let set = session::device_cookie(&secret);
        let sent = set.split(';').next().unwrap();
        let back = session::device(&self::headers(&COOKIE, sent.as_bytes())).unwrap();
        assert!(back == secret);
    });
}

/// A token is what stood behind the one `Bearer` of a request.
#[test]
fn bearers() {
    holds!(
        texts(&["Bearer hoiam_0123", "bearer  x y ", "Basic eDp5", "Bearer a\nBearer b"]),
        |input: &[u8]| {
            let headers = headers(&AUTHORIZATION, input);
            let Some(token) = auth::bearer(&headers) else { return };
            assert_eq!(headers.len(), 1);
            let sent = headers[AUTHORIZATION].to_str().unwrap();
            assert!(sent.trim_end().ends_with(token) && sent[..6].eq_ignore_ascii_case("bearer"));
            assert_eq!(token, token.trim());
        }
    );
}

/// Only our own pages change anything: what counts as one says so, or has our own host exactly.
#[test]
fn pages_elsewhere() {
    let samples = texts(&[
        "same-origin\n\n",
        "\nhttps://desk.example\ndesk.example",
        "cross-site\nhttps://x\nx",
    ]);
    holds!(samples, |input: &[u8]| {
        let mut parts = input.splitn(3, |byte| *byte == b'\n');
        let mut headers = HeaderMap::new();
        for name in [HeaderName::from_static("sec-fetch-site"), ORIGIN, HOST] {
            let value = parts.next().unwrap_or_default();
            if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_bytes(value)) {
                headers.insert(name, value);
            }
        }
        if session::same_site(&Method::POST, &headers).is_err() {
            return;
        }
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match said("sec-fetch-site") {
            Some(site) => assert!(matches!(site, "same-origin" | "none")),
            None => {
                assert!(said("origin").unwrap().ends_with(&format!("://{}", said("host").unwrap())))
            }
        }
    });
}

/// The address that counts is never one of ours where somebody else's was named, and never one that
/// only stood before it.
#[test]
fn forwarded_addresses() {
    let proxy: IpAddr = "10.0.0.9".parse().unwrap();
    let rates = Rates::new(Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH)), vec![proxy]);
    let samples = texts(&["203.0.113.7, 10.0.0.9", "x, ::1\n::ffff:10.0.0.9", "1.1.1.1,2.2.2.2"]);
    holds!(samples, |input: &[u8]| {
        let headers = headers(&HeaderName::from_static("x-forwarded-for"), input);
        let stranger: IpAddr = "203.0.113.1".parse().unwrap();
        assert_eq!(rates.address(stranger, &headers), (stranger, false));
        let (found, local) = rates.address(proxy, &headers);
        assert!(!local && !found.is_loopback());
        let named = text(input);
        let last = named.rsplit([',', '\n']).map(str::trim).next().unwrap_or_default();
        if let Ok(address) = last.parse::<IpAddr>().map(|address| address.to_canonical())
            && address != proxy
            && !address.is_loopback()
            && headers.len() == named.split('\n').count()
            && headers.values().all(|value| value.to_str().is_ok())
        {
            assert_eq!(found, address);
        }
    });
}

/// Parameters are texts without control characters, each given once; a limit is within its bounds.
#[test]
fn parameters() {
    let samples = texts(&[
        "/x?status=received,dispatched&limit=50&from=2026-03-02&q=%E1%BB%95+g%C3%A0",
        "/x?limit=200&occurred_at=2026-03-02T08:00:00%2B07:00&overdue=true&&=",
        "/x?%ff=%00&a=1&a=2",
    ]);
    holds!(samples, |input: &[u8]| {
        let Ok(uri) = text(input).parse::<Uri>() else { return };
        let Ok(params) = Params::of(&uri) else { return };
        let mut pairs = reqwest::Url::parse("http://x/x").unwrap();
        for (name, value) in params.all() {
            assert!(name.chars().count() <= 60);
            assert!(!name.contains(char::is_control) && !value.contains(char::is_control));
            pairs.query_pairs_mut().append_pair(name, value);
        }
        let again = Params::of(&pairs.as_str().parse().unwrap());
        let again = again.unwrap_or_else(|problem| panic!("{problem:?}"));
        assert!(params.all().eq(again.all()));
        if let Ok(limit) = params.limit() {
            assert!((1..=200).contains(&limit));
        }
        let _ = (params.occurred_at(), params.parsed::<bool>("overdue", "x"));
        let names: Vec<&str> = params.all().map(|(name, _)| name).collect();
        assert!(params.only(&names).is_ok());
    });
}

/// A form that is taken holds one file of a bounded size and fields that were allowed, each short.
#[test]
fn forms() {
    const MOST: usize = 200;
    let one = "--B\r\nContent-Disposition: form-data; name=\"shown\"\r\n\r\ntrue\r\n--B\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"ổ gà.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\nabc\r\n--B--\r\n";
    let two = "--B\r\nContent-Disposition: form-data; name*=utf-8''file; filename*=UTF-8''%e1%bb%95\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--B--";
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    holds!(texts(&[one, two]), |input: &[u8]| {
        let read = upload::read(input.to_vec(), "B", MOST, &["shown"]);
        let Ok(form) = runtime.block_on(read) else { return };
        assert!(form.file.len() <= MOST && form.file.len() <= input.len());
        assert!(
            input.windows(form.file.len().max(1)).any(|window| window == &form.file[..])
                || form.file.is_empty()
        );
        assert!(form.fields.keys().all(|name| name == "shown"));
        assert!(form.fields.values().all(|value| value.len() <= 1 << 10));
        let again = upload::read(input.to_vec(), "B", MOST, &["shown"]);
        let again = runtime.block_on(again).unwrap_or_else(|problem| panic!("{problem:?}"));
        assert_eq!(form.hash("POST /x"), again.hash("POST /x"));
    });
}

/// A body is read as what it says, or refused without repeating it; the same asked again has the same
/// hash, however it is spaced.
#[test]
fn bodies() {
    let samples = texts(&[
        r#"{"channel":"app","text":"PLANTED","location":{"lat":10.7,"lon":106.7},"reporter":{"phone":"0901234567"}}"#,
        r#"{"login":"PLANTED","password":"PLANTED","code":"123456"}"#,
        "  ",
    ]);
    holds!(samples, |input: &[u8]| {
        let body = JsonBody::of_bytes(input.to_vec());
        match body.read::<super::endpoints::feedback::FeedbackBody>() {
            Ok(_) => {
                let value: serde_json::Value =
                    body.read().unwrap_or_else(|problem| panic!("{problem:?}"));
                let spaced = serde_json::to_vec_pretty(&value).unwrap();
                assert_eq!(JsonBody::of_bytes(spaced).hash("POST /x"), body.hash("POST /x"));
            }
            // Names of fields are said to whoever typed them; what stands in them is not.
            Err(problem) => {
                let typed = text(input);
                let words: Vec<&str> = typed.split('"').collect();
                let named = |pair: &[&str]| {
                    pair[1].contains("PLANTED") && !pair[0].trim_end().ends_with(':')
                };
                let named = words.windows(2).any(named);
                assert!(named || !format!("{problem:?}").contains("PLANTED"));
            }
        }
    });
}

/// Nothing anybody wrote is markup on a page, and it reads as it was written.
#[test]
fn pages() {
    holds!(texts(&["<a href='x\">&amp;</a>"]), |input: &[u8]| {
        let written = text(input);
        let safe = page::escaped(&written);
        assert!(!safe.contains(['<', '>', '"', '\'']));
        let mut read = safe;
        for (of, to) in
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        {
            read = read.replace(of, to);
        }
        assert_eq!(read, written);
    });
}

/// A tracking code means the same however it was typed.
#[test]
fn tracking_codes() {
    let code = TrackingCode::derive(&[7; 16], "key").show();
    holds!(texts(&[&code, &code.to_lowercase(), "0123 4567-89ab cdef"]), |input: &[u8]| {
        let Some(code) = TrackingCode::read(&text(input)) else { return };
        assert!(TrackingCode::read(&code.show()).as_ref() == Some(&code));
        assert!(matches!(code.show().replace('-', "").len(), 16 | 28));
        assert_eq!(code.hash().len(), 64);
    });
}
