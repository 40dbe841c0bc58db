//! Accounts: signing in, what it takes, and what ends it.

mod administration;
mod codes;
mod guessing;
mod mail;
mod openid;
mod person;
mod program;
mod sessions;
mod together;

use hoiam_domain::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::http::server::{Answer, Server, answer};

/// A password somebody chose.
const CHOSEN: &str = "con mèo trèo cây cau";

/// A browser: its cookies.
#[derive(Clone, Default)]
pub struct Browser {
    session: String,
    device: String,
    citizen: String,
    way: String,
    mail: String,
}

impl Browser {
    /// Sends a request as our own pages do, and keeps the cookies of the answer.
    pub async fn post(&mut self, server: &Server, path: &str, body: Value) -> Answer {
        let request = server.ask(Method::POST, path).header("sec-fetch-site", "same-origin");
        let answer = answer(request.header("cookie", self.cookies()).json(&body)).await;
        self.keep(&answer);
        answer
    }

    pub async fn get(&mut self, server: &Server, path: &str) -> Answer {
        let request = server.ask(Method::GET, path).header("cookie", self.cookies());
        let answer = answer(request).await;
        self.keep(&answer);
        answer
    }

    pub fn cookies(&self) -> String {
        let Self { session, device, citizen, way, mail } = self;
        format!(
            "__Host-hoiam_session={session}; __Host-hoiam_device={device}; \
             __Host-hoiam_citizen={citizen}; __Host-hoiam_openid={way}; \
             __Host-hoiam_mail={mail}"
        )
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            // What comes back from elsewhere would not bring a strict one along.
            let site = if name == "__Host-hoiam_openid" { "Lax" } else { "Strict" };
            let site = format!("SameSite={site}");
            for needed in ["; Path=/; ", "; Secure; ", "; HttpOnly; ", &*site] {
                assert!(cookie.contains(needed), "{cookie}");
            }
            let value = rest.split(';').next().unwrap().to_owned();
            match name {
                "__Host-hoiam_session" => self.session = value,
                "__Host-hoiam_device" => self.device = value,
                "__Host-hoiam_citizen" => self.citizen = value,
                "__Host-hoiam_openid" => self.way = value,
                "__Host-hoiam_mail" => self.mail = value,
                other => panic!("{other}"),
            }
        }
    }

    pub async fn sign_in(&mut self, server: &Server, login: &str, password: &str) -> Answer {
        let body = json!({ "login": login, "password": password });
        self.post(server, "/api/v1/session", body).await
    }
}

/// Adds an account; its first password.
pub async fn add(server: &Server, login: &str, role: &str, agency: Option<&str>) -> String {
    let token = server.token(Role::Administrator, None).await;
    let body = json!({ "login": login, "name": "Lê Thị Mẫu", "role": role, "agency": agency });
    let added = server.post("/api/v1/users", &token, body).await;
    assert_eq!(added.status, 201, "{}", added.text);
    added.json()["password"].as_str().unwrap().to_owned()
}

/// A browser signed in with a password of one's own.
pub async fn signed_in(server: &Server, login: &str, role: &str, agency: Option<&str>) -> Browser {
    let first = add(server, login, role, agency).await;
    let mut browser = Browser::default();
    browser.sign_in(server, login, &first).await.ok();
    let change = json!({ "old": first, "new": CHOSEN });
    browser.post(server, "/api/v1/session/password", change).await.ok();
    browser
}
