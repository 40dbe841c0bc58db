//! `POST /api/v1/feedback` end to end: a served instance in another process takes what citizens
//! write, classifies and routes it, sets its clocks, writes its rows and answers once all of it is
//! on disk. 64 connections that stay open, the next request after the answer. The texts are those
//! of the demo city, each with a house number of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::http::Client;
use crate::measure::{Load, Sample, measure};
use crate::process::cpu_seconds;
use crate::results::Results;
use crate::server::Server;
use crate::stores::{Store, Stores};

/// Connections at once.
const CONNECTIONS: usize = 64;

#[derive(Deserialize)]
struct File {
    feedback: Vec<Entry>,
}

/// What is used of the demo city's entries.
#[derive(Deserialize)]
struct Entry {
    channel: String,
    text: String,
    address: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

fn entries() -> Vec<Entry> {
    let file: File = toml::from_str(include_str!("../../src/demo/feedback.toml")).unwrap();
    file.feedback
}

/// What citizens of the demo city write.
pub fn texts() -> Vec<String> {
    entries().into_iter().map(|entry| entry.text).collect()
}

/// A body before and after the number that makes it unique.
pub fn bodies() -> Vec<(String, String)> {
    let body = |entry: Entry| {
        let whole = json!({
            "channel": entry.channel,
            "text": format!("Gần số nhà @@: {}", entry.text),
            "location": { "address": entry.address, "lat": entry.lat, "lon": entry.lon },
            "reporter": { "name": "Trần Thị Thử", "phone": "0900 000 001" },
            "public": true,
        });
        let whole = whole.to_string();
        let (before, after) = whole.split_once("@@").unwrap();
        (before.to_owned(), after.to_owned())
    };
    entries().into_iter().map(body).collect()
}

/// Posts feedback to one server.
pub struct Posts {
    server: Server,
    bodies: Vec<(String, String)>,
    next: AtomicU64,
}

impl Load for Posts {
    type Caller = Client;

    async fn caller(&self) -> Client {
        Client::connect(self.server.address).await
    }

    async fn once(&self, client: &mut Client) {
        let nr = self.next.fetch_add(1, Ordering::Relaxed);
        let (before, after) = &self.bodies[nr as usize % self.bodies.len()];
        let body = format!("{before}{nr}{after}");
        client.post("/api/v1/feedback", "", &body).await.expect_success();
    }
}

/// Both databases' servers, one at a time under load.
pub struct Feedback(Vec<(Store, Arc<Posts>)>);

impl Feedback {
    pub async fn start(stores: &Stores) -> Self {
        let mut all = Vec::new();
        for store in Store::ALL {
            let database = stores.fresh(store, "feedback").await;
            let server = Server::start(&database, &stores.place);
            let posts = Posts { server, bodies: bodies(), next: AtomicU64::new(0) };
            all.push((store, Arc::new(posts)));
        }
        Self(all)
    }

    pub async fn round(&self, results: &mut Results, time: Duration) {
        for (store, posts) in &self.0 {
            let name = format!("POST /feedback, {}", store.name());
            let pid = posts.server.pid();
            let (ours, theirs) = (cpu_seconds(std::process::id()), cpu_seconds(pid));
            let sample: Sample = measure(posts, CONNECTIONS, time).await;
            let ours = cpu_seconds(std::process::id()) - ours;
            let theirs = cpu_seconds(pid) - theirs;
            let requests = sample.per_second * time.as_secs_f64();
            let (now, most) = posts.server.memory();
            results.add(&name, CONNECTIONS, sample);
            results.remark(
                name,
                format!(
                    "the server takes {:.0} µs of processor a request, the load generator {:.0} µs; \
                     resident memory of the server {now:.0} MB after {} feedbacks, {most:.0} MB at most",
                    theirs / requests * 1e6,
                    ours / requests * 1e6,
                    posts.next.load(Ordering::Relaxed)
                ),
            );
        }
    }
}
