//! The provider, and a browser that goes through its forms.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

/// People the provider knows: what it says about each.
fn people() -> Value {
    json!({
        "lan": {
            "name": "Nguyễn Thị Lan", "preferred_username": "lan", "email": "Lan@Example.vn",
            "email_verified": true, "phone_number": "+84 900 000 002", "phone_number_verified": true,
            "national_id": "079200000001", "roles": ["operator"],
        },
        "tai": {
            "name": "Trần Tài", "preferred_username": "tai", "email": "tai@example.vn",
            "email_verified": false, "roles": ["operator", "auditor"],
        },
    })
}

/// A provider of its own for a test; gone with it.
pub(super) struct Idp {
    child: Child,
    pub(super) issuer: String,
    client: Client,
    /// Kept: a program that says something to nobody ends.
    _lines: Box<dyn Iterator<Item = String> + Send>,
}

impl Idp {
    /// For a server at `base`.
    pub(super) fn start(base: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/partners");
        assert!(
            folder.join("node_modules").is_dir(),
            "run scripts/partners once, or `make test`: the tests' provider is not installed"
        );
        let client = |id: &str, name: &str| {
            json!({
                "client_id": id, "client_secret": "secret of both clients",
                "redirect_uris": [format!("{base}/api/v1/session/openid/{name}/callback")],
            })
        };
        let told = json!({
            "clients": [client("citizens", "cong-dan"), client("staff", "can-bo")],
            "people": people(),
        });
        let mut child = Command::new("node")
            .arg("openid.mjs")
            .arg(told.to_string())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = Box::new(lines.map_while(Result::ok));
        let issuer = lines.find(|line| line.starts_with("http://")).unwrap();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { child, issuer, client: client.build().unwrap(), _lines: lines }
    }

    /// What tokens say from now on, and with which key they are signed.
    pub(super) async fn twist(&self, twist: Value) {
        self.told("twist", twist).await;
    }

    /// Other keys from now on.
    pub(super) async fn rotate(&self) {
        self.told("rotate", json!({})).await;
    }

    async fn told(&self, what: &str, body: Value) {
        let url = format!("{}/test/{what}", self.issuer);
        let answer = self.client.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success());
    }

    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Signs in and consents in a browser of its own; the address it is sent back to.
    pub(super) async fn signs_in(&self, address: &str, login: &str) -> String {
        let mut cookies = BTreeMap::new();
        let mut answer = self.ask(Method::GET, address, None, &mut cookies).await;
        for _ in 0..12 {
            let url = answer.url().to_string();
            let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            let next = match to {
                Some(to) if to.contains("/api/v1/session/openid/") => return to,
                Some(to) => (Method::GET, absolute(&self.issuer, &to), None),
                None => {
                    let page = answer.text().await.unwrap();
                    let action = between(&page, "action=\"", "\"")
                        .unwrap_or_else(|| panic!("{url}: {page}"));
                    let form = match between(&page, "name=\"prompt\" value=\"", "\"").unwrap() {
                        "login" => format!("prompt=login&login={login}&password=x"),
                        "consent" => "prompt=consent".to_owned(),
                        other => panic!("{other}: {page}"),
                    };
                    (Method::POST, absolute(&self.issuer, action), Some(form))
                }
            };
            answer = self.ask(next.0, &next.1, next.2, &mut cookies).await;
        }
        panic!("nobody was sent back");
    }

    async fn ask(
        &self,
        method: Method,
        url: &str,
        form: Option<String>,
        cookies: &mut BTreeMap<String, String>,
    ) -> Response {
        let kept: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.client.request(method, url).header("cookie", kept.join("; "));
        if let Some(form) = form {
            request =
                request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

impl Drop for Idp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn absolute(issuer: &str, to: &str) -> String {
    if to.starts_with('/') { format!("{issuer}{to}") } else { to.to_owned() }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}
