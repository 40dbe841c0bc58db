//! A server of its own for a test, and short ways to ask it.

use hoiam::attachments::{Attachments, Limits, Settings};
use hoiam::outside::guard::Reach;
use hoiam::random::SystemRandom;
use hoiam::{http, tokens};
use hoiam_domain::actor::Role;
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use jiff::SignedDuration;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::Bed;
use crate::support::city::{City, POTHOLE};

pub struct Server {
    pub city: City,
    pub base: String,
    /// Where files of cases are kept.
    pub files: Attachments,
    pub folder: TempDir,
    client: Client,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

/// An answer, its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.json()
    }

    /// A problem as it must be everywhere, with this status, code and field.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str, field: Option<&str>) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem = self.json();
        let got = (self.status, problem["code"].as_str(), problem["field"].as_str());
        assert_eq!(got, (status, Some(code), field), "{}", self.text);
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:hoiam:problem:{code}"));
        for text in ["title", "detail", "vi", "en"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
    }
}

impl Server {
    pub async fn on(bed: &Bed) -> Self {
        Self::of(City::on(bed).await).await
    }

    /// A server on a desk that is there already.
    pub async fn of(city: City) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::listening(city, listener, http::Setup::default())
    }

    /// A server that is told more.
    pub fn listening(city: City, listener: TcpListener, setup: http::Setup) -> Self {
        let folder = TempDir::with_prefix("hoiam-files-").unwrap();
        let settings = Settings {
            limits: Limits { bytes: 200_000, count: 4 },
            ..Settings::folder(folder.path())
        };
        let files = Attachments::open(&settings, Reach::Public).unwrap();
        let setup = http::Setup { attachments: Some(files.clone()), ..setup };
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(http::serve_with(listener, city.desk.clone(), setup, stopping));
        // Where one is sent is for tests to see.
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { city, base, files, folder, client: client.build().unwrap(), stop, serving }
    }

    /// Stops it and waits for that.
    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        drop(self.client);
        self.serving.await.unwrap();
        self.city.desk.log().close().await;
    }

    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        answer(with(self.ask(Method::GET, path), token)).await
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        answer(with(self.ask(Method::POST, path), token).json(&body)).await
    }

    /// Sends a file as a form.
    pub async fn send_file(&self, path: &str, token: &str, name: &str, content: &[u8]) -> Answer {
        let request = with(self.ask(Method::POST, path), token);
        answer(as_form(request, &[], name, content)).await
    }

    /// A command on a case that must succeed.
    pub async fn command(&self, number: &str, word: &str, token: &str, body: Value) -> Value {
        self.post(&format!("/api/v1/cases/{number}/{word}"), token, body).await.ok()
    }

    pub async fn token(&self, role: Role, agency: Option<&str>) -> String {
        self.limited_token(role, agency, None).await
    }

    pub async fn limited_token(
        &self,
        role: Role,
        agency: Option<&str>,
        focal_point: Option<&str>,
    ) -> String {
        let pool = self.city.desk.log().pool();
        let agency = agency.map(AgencyCode::new);
        let focal_point = focal_point.map(FocalPointCode::new);
        let now = self.city.desk.now();
        tokens::create(pool, &SystemRandom, now, role, agency, focal_point).await.unwrap().token
    }

    /// Sends a feedback that must be taken.
    pub async fn feedback(&self, text: &str) -> Value {
        self.post("/api/v1/feedback", "", feedback(text)).await.ok()
    }

    pub fn later(&self, seconds: i64) {
        let at = self.city.desk.now() + SignedDuration::from_secs(seconds);
        self.city.clock.set(at);
    }
}

pub fn with(request: RequestBuilder, token: &str) -> RequestBuilder {
    if token.is_empty() { request } else { request.bearer_auth(token) }
}

/// The request with a form: fields, and a file.
pub fn as_form(
    request: RequestBuilder,
    fields: &[(&str, &str)],
    name: &str,
    content: &[u8],
) -> RequestBuilder {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(
            format!(
                "--FORM\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            )
            .bytes(),
        );
    }
    // The type is a lie: nobody believes it.
    body.extend(
        format!("--FORM\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n").bytes(),
    );
    body.extend(content);
    body.extend(b"\r\n--FORM--\r\n");
    request.header("content-type", "multipart/form-data; boundary=FORM").body(body)
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.unwrap() }
}

pub fn feedback(text: &str) -> Value {
    json!({
        "channel": "app",
        "text": text,
        "reporter": { "name": "Trần Thị Thử", "phone": "0900 000 001" },
    })
}

pub fn pothole() -> Value {
    feedback(POTHOLE)
}

/// The text of a field.
#[track_caller]
pub fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}
