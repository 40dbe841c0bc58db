//! Secrets and personal data stand in no log, no measurement and no refusal: strings nobody else
//! writes are planted wherever such data go, in requests that are right, wrong and broken, to a
//! server that logs all it can (`HOIAM_LOG=trace`); then everything it said is searched for them.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::serving::Serving;

const NAME: &str = "Planted Trồng Tên";
const PHONE: &str = "0977665544";
const MAIL: &str = "planted.mail@example.vn";
const TEXT: &str = "plantedtextquanhatrong";
const ADDRESS: &str = "plantedaddress 47 hẻm";
const NOTE: &str = "plantednotenoibo";
const PASSWORD: &str = "planted-password-conmeo";
const CODE: &str = "739153";
const TOKEN: &str = "hoiam_plantedtoken0123456789abcdef";
const COOKIE: &str = "9a8b7c6d5e4f30219a8b7c6d5e4f30219a8b7c6d5e4f30219a8b7c6d5e4f3021";
const QUERY: &str = "plantedqueryvalue";
const KEY: &str = "planted-idempotency-key";
const FILE: &str = "plantedfilename";
const CONTENT: &str = "plantedfilecontent";
const TRACKING: &str = "PLANTEDT-RACK-C0DE-0000-0000-0000";
const MASTER: &str = "5eed5eed5eed5eedfacefacefaceface5eed5eed5eed5eedfacefacefaceface";
const S3: &str = "plantedstoresecret";

/// A browser's or program's headers.
fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, String)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

struct Asking {
    client: Client,
    base: String,
    /// Bodies of refusals.
    refusals: String,
}

impl Asking {
    async fn send(&mut self, method: Method, path: &str, with: &HeaderMap, body: Vec<u8>) -> Value {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let answer = request.headers(with.clone()).body(body).send().await.unwrap();
        let success = answer.status().is_success();
        let text = answer.text().await.unwrap();
        if !success {
            self.refusals.push_str(&text);
        }
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn post(&mut self, path: &str, with: &HeaderMap, body: &Value) -> Value {
        let mut with = with.clone();
        with.insert("content-type", HeaderValue::from_static("application/json"));
        self.send(Method::POST, path, &with, body.to_string().into_bytes()).await
    }

    async fn get(&mut self, path: &str, with: &HeaderMap) -> Value {
        self.send(Method::GET, path, with, Vec::new()).await
    }

    async fn file(&mut self, path: &str, with: &HeaderMap, content: &str, broken: bool) -> Value {
        let mut with = with.clone();
        with.insert("content-type", HeaderValue::from_static("multipart/form-data; boundary=B"));
        let end = if broken { "" } else { "\r\n--B--\r\n" };
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{FILE}.txt\"\r\n\r\n{content}{end}"
        );
        self.send(Method::POST, path, &with, body.into_bytes()).await
    }
}

fn feedback() -> Value {
    json!({
        "channel": "app",
        "text": format!("{TEXT}: ổ gà sâu ở hẻm 47 Bùi Đình Túy, phường 12, quận Bình Thạnh"),
        "location": { "address": ADDRESS },
        "reporter": { "name": NAME, "phone": PHONE, "email": MAIL },
    })
}

/// Requests that are right: what they leave behind are secrets, too.
async fn good(asking: &mut Asking, coordinator: &str, first: &str) -> Vec<String> {
    let staff = headers(&[("authorization", format!("Bearer {coordinator}"))]);
    let keyed = headers(&[("idempotency-key", KEY.to_owned())]);
    let taken = asking.post("/api/v1/feedback", &keyed, &feedback()).await;
    let (number, code) =
        (taken["number"].as_str().unwrap(), taken["tracking_code"].as_str().unwrap());
    asking.post(&format!("/api/v1/cases/{number}/note"), &staff, &json!({ "text": NOTE })).await;
    asking.get(&format!("/api/v1/cases/{number}?{QUERY}={QUERY}"), &staff).await;
    for path in ["", "/events", "/ledger", "/duplicates", "/attachments"] {
        asking.get(&format!("/api/v1/cases/{number}{path}"), &staff).await;
    }
    for q in [TEXT, PHONE, QUERY] {
        asking.get(&format!("/api/v1/cases?q={q}"), &staff).await;
    }
    asking.get(&format!("/api/v1/track/{code}"), &HeaderMap::new()).await;
    let files = format!("/api/v1/feedback/{code}/attachments");
    let file = asking.file(&files, &HeaderMap::new(), CONTENT, false).await;
    asking.get(&format!("{files}/{}", file["id"].as_str().unwrap()), &HeaderMap::new()).await;
    let own = headers(&[("sec-fetch-site", "same-origin".to_owned())]);
    let sign_in = json!({ "login": "planted.user", "password": first });
    let client = Client::new();
    let request = client.post(format!("{}/api/v1/session", asking.base)).headers(own.clone());
    let answer = request.json(&sign_in).send().await.unwrap();
    assert!(answer.status().is_success());
    let cookies: Vec<String> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned())
        .collect();
    let mut browser = own;
    browser.insert("cookie", HeaderValue::from_str(&cookies.join("; ")).unwrap());
    asking
        .post("/api/v1/session/password", &browser, &json!({ "old": first, "new": PASSWORD }))
        .await;
    let mut secrets =
        vec![code.to_owned(), code.replace('-', ""), first.to_owned(), coordinator.to_owned()];
    secrets.extend(cookies.iter().map(|cookie| cookie.split_once('=').unwrap().1.to_owned()));
    secrets
}

/// Requests that are wrong in every way there is.
async fn bad(asking: &mut Asking, coordinator: &str) {
    let none = HeaderMap::new();
    let staff = headers(&[("authorization", format!("Bearer {coordinator}"))]);
    let own = headers(&[
        ("sec-fetch-site", "same-origin".to_owned()),
        ("cookie", format!("__Host-hoiam_session={COOKIE}; __Host-hoiam_device={COOKIE}")),
    ]);
    for login in ["planted.user", "nobody.here"] {
        let body = json!({ "login": login, "password": PASSWORD, "code": CODE });
        asking.post("/api/v1/session", &own, &body).await;
    }
    for authorization in [format!("Bearer {TOKEN}"), format!("Basic {TOKEN}"), TOKEN.to_owned()] {
        let with = headers(&[("authorization", authorization), ("cookie", format!("{COOKIE}=x"))]);
        asking.get("/api/v1/cases", &with).await;
    }
    for path in [
        format!("/api/v1/track/{TRACKING}"),
        format!("/api/v1/track/{TRACKING}/receipt"),
        format!("/api/v1/feedback/{TRACKING}/attachments"),
        format!("/{QUERY}?q={QUERY}&token={TOKEN}"),
        format!("/api/v1/cases?sort={QUERY}"),
        format!("/api/v1/cases?cursor={QUERY}&limit={PHONE}"),
        format!("/api/v1/cases/{PHONE}"),
        format!("/api/v1/stats?from={QUERY}"),
        "/%ff%fe".to_owned(),
    ] {
        asking.get(&path, &staff).await;
    }
    for (field, value) in [
        ("text", json!({ "deep": TEXT })),
        ("text", json!(format!("{TEXT}\u{1}"))),
        ("channel", json!(TEXT)),
        ("category", json!(TEXT)),
        ("occurred_at", json!(PHONE)),
        ("location", json!({ "lat": PHONE, "lon": MAIL, "address": ADDRESS })),
        ("reporter", json!([NAME, PHONE])),
    ] {
        let mut body = feedback();
        body[field] = value;
        asking.post("/api/v1/feedback", &none, &body).await;
    }
    let broken = format!("{{\"channel\":\"app\",\"text\":\"{TEXT}");
    let json_type = headers(&[("content-type", "application/json".to_owned())]);
    asking.send(Method::POST, "/api/v1/feedback", &json_type, broken.clone().into_bytes()).await;
    asking.send(Method::POST, "/api/v1/feedback", &none, broken.into_bytes()).await;
    asking.send(Method::PATCH, &format!("/api/v1/cases/{PHONE}"), &staff, TEXT.into()).await;
    // The same key for something else.
    let keyed = headers(&[("idempotency-key", KEY.to_owned()), ("if-match", QUERY.to_owned())]);
    asking
        .post(
            "/api/v1/feedback",
            &keyed,
            &json!({ "channel": "app", "text": TEXT, "reporter": { "phone": PHONE } }),
        )
        .await;
    asking
        .post(
            "/api/v1/cases/HCM-26-000001-0/resolve",
            &staff,
            &json!({ "outcome": NOTE, "note": NOTE }),
        )
        .await;
    asking.post("/api/v1/explain", &staff, &json!({ "text": TEXT, "kind": NOTE })).await;
    let files = format!("/api/v1/feedback/{TRACKING}/attachments");
    asking.file(&files, &none, CONTENT, false).await;
    asking.file(&files, &none, CONTENT, true).await;
}

/// What none of the server's own words may hold.
fn search(place: &str, said: &str, secrets: &[String]) {
    let lower = said.to_lowercase();
    for secret in secrets {
        let found = lower.find(&secret.to_lowercase()).map(|at| {
            let from = at.saturating_sub(200);
            String::from_utf8_lossy(&lower.as_bytes()[from..(at + 100).min(lower.len())])
                .into_owned()
        });
        assert!(found.is_none(), "{place} holds {secret:?}: {}", found.unwrap_or_default());
    }
}

both! {
    async fn nothing_secret_is_ever_told(bed: &Bed) {
        let coordinator = bed.hoiam("token", &["create", "--role", "coordinator"]).1.trim().to_owned();
        let added = bed.hoiam("user", &["add", "planted.user", "--name", NAME, "--role", "operator", "--json"]);
        assert_eq!(added.0, 0, "{}", added.2);
        let first: Value = serde_json::from_str(&added.1).unwrap();
        let first = first["password"].as_str().unwrap().to_owned();
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("hoiam.toml");
        let toml = format!("[attachments]\nfolder = {:?}\n", folder.path().join("files").display().to_string());
        std::fs::write(&config, toml).unwrap();
        let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("routing-rules");
        let environment = [("HOIAM_LOG", "trace"), ("HOIAM_LOG_KEY", MASTER), ("HOIAM_S3_SECRET", S3), ("HOIAM_CONFIG", config.to_str().unwrap())];
        let mut server = Serving::start_in(bed, &rules, &environment);
        let mut asking = Asking { client: Client::new(), base: server.base.clone(), refusals: String::new() };
        let mut secrets = good(&mut asking, &coordinator, &first).await;
        bad(&mut asking, &coordinator).await;
        let measured = asking.client.get(format!("{}/metrics", server.base)).send().await.unwrap().text().await.unwrap();
        server.kill();
        let planted = [NAME, PHONE, MAIL, TEXT, ADDRESS, NOTE, PASSWORD, CODE, TOKEN, COOKIE, QUERY, KEY, FILE, CONTENT, TRACKING, MASTER, S3];
        secrets.extend(planted.map(str::to_owned));
        secrets.push(TRACKING.replace('-', ""));
        // The database's own password would stand in its URL.
        let log = server.log();
        assert!(log.contains("TRACE hoiam::"), "the most talkative log is what is searched: {log}");
        search("the log", &log, &secrets);
        search("/metrics", &measured, &secrets);
        assert!(asking.refusals.matches("urn:hoiam:problem:").count() > 25);
        // Names of parameters are said to whoever typed them.
        let refusals = asking.refusals.replace(&format!("\"field\":\"{QUERY}\""), "");
        search("a refusal", &refusals, &secrets);
    }
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn panics_with_a_secret() {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    hoiam::panics::say_only_where();
    let _ = std::thread::spawn(|| panic!("{TEXT} of {PHONE}")).join();
}

#[test]
fn a_panic_says_only_where() {
    let program = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "secrets::panics_with_a_secret", "--nocapture"];
    let done = std::process::Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert!(said.contains("secrets.rs:") && said.contains("it panicked"), "{said}");
    search("a panic", &said, &[TEXT.to_owned(), PHONE.to_owned()]);
}
