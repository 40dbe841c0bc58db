//! `hoiam serve` in a process of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tempfile::NamedTempFile;

use super::Bed;
use super::bed::program;

/// A server; killed when dropped.
pub struct Serving {
    pub base: String,
    child: Child,
    log: NamedTempFile,
}

impl Serving {
    /// Returns when it answers.
    pub fn start(bed: &Bed, rules: &Path) -> Self {
        Self::start_in(bed, rules, &[])
    }

    /// As [`start`](Self::start), with more in its environment.
    pub fn start_in(bed: &Bed, rules: &Path, environment: &[(&str, &str)]) -> Self {
        let log = NamedTempFile::new().unwrap();
        let mut child = program(&bed.database)
            .args(["serve", "--listen", "127.0.0.1:0", "--rules"])
            .arg(rules)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(File::create(log.path()).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        let base = base.trim_end_matches('/').to_owned();
        Self { base, child, log }
    }

    /// As if the power failed, as far as the process is concerned.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// Its metrics of a name, added up.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = Client::new().get(format!("{}/metrics", self.base)).send().await.unwrap();
        let text = text.text().await.unwrap();
        let of = |line: &str| {
            let (key, value) = line.rsplit_once(' ')?;
            (key.split('{').next() == Some(name)).then(|| value.parse::<f64>().unwrap())
        };
        text.lines().filter_map(of).sum()
    }

    pub async fn get(&self, path: &str, token: &str) -> Value {
        sent(Client::new().get(format!("{}{path}", self.base)), token).await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Value {
        sent(Client::new().post(format!("{}{path}", self.base)).json(body), token).await
    }
}

/// The body of an answer that must be a success.
async fn sent(request: RequestBuilder, token: &str) -> Value {
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status} {text}");
    serde_json::from_str(&text).unwrap()
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
