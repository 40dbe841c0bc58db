//! A server goes on beside the program that rebuilds, and serves the tables it put in place.

use std::path::Path;
use std::process::Stdio;

use hoiam::random::SystemRandom;
use hoiam::tokens;
use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use super::*;
use crate::support::bed::{program, sql};
use crate::support::serving::Serving;

/// Cases there are beforehand.
const CASES: usize = 30;
/// How often to rebuild until something was appended meanwhile.
const TIMES: usize = 30;

async fn coordinator(log: &Log) -> String {
    let now = Timestamp::UNIX_EPOCH;
    let token = tokens::create(log.pool(), &SystemRandom, now, Role::Coordinator, None, None).await;
    token.unwrap().token
}

fn count(page: &Value) -> usize {
    page["items"].as_array().unwrap().len()
}

/// Receives a feedback, notes something on it, and finds both.
async fn work(server: &Serving, token: &str) {
    let body = json!({ "channel": "app", "text": POTHOLE });
    let number = server.post("/api/v1/feedback", "", &body).await["number"].clone();
    let number = number.as_str().unwrap();
    let path = format!("/api/v1/cases/{number}");
    server.post(&format!("{path}/note"), token, &json!({ "text": "bên cạnh" })).await;
    let case = server.get(&path, token).await;
    assert_eq!(case["number"], number);
    let page = server.get("/api/v1/cases?limit=1&sort=-number", token).await;
    assert_eq!(page["items"][0]["number"], number, "it is listed as soon as it is received");
}

both! {
    async fn a_server_sees_what_another_program_put_in_place(bed: &Bed) {
        let log = bed.open().await;
        let token = coordinator(&log).await;
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("routing-rules");
        let server = Serving::start(bed, &rules);
        for _ in 0..CASES {
            work(&server, &token).await;
        }
        let gone = "UPDATE cases SET channel = 'facebook'; UPDATE case_texts SET folded = 'gone'";
        sql(log.pool(), gone).await.unwrap();
        let (search, lost) = ("/api/v1/cases?limit=100&q=gà", "/api/v1/cases?channel=facebook");
        assert_eq!(count(&server.get(search, &token).await), 0);
        assert!(count(&server.get(lost, &token).await) > 0);

        for time in 1.. {
            assert!(time <= TIMES, "nothing is appended while it rebuilds");
            let before = log.head().await.unwrap();
            let mut child = program(&bed.database)
                .args(["projections", "rebuild", "--json"])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            while child.try_wait().unwrap().is_none() {
                work(&server, &token).await;
            }
            let done = child.wait_with_output().unwrap();
            assert_eq!(done.status.code(), Some(0));
            let done: Value = serde_json::from_slice(&done.stdout).unwrap();
            if done["position"].as_u64().unwrap() > before {
                break;
            }
        }
        let found = |page: &Value| page["items"].as_array().unwrap().iter()
            .map(|item| item["number"].as_str().unwrap().to_owned())
            .collect::<Vec<String>>();
        assert_eq!(count(&server.get(lost, &token).await), 0);
        let newest = server.get("/api/v1/cases?limit=100", &token).await;
        assert!(count(&newest) > CASES);
        assert_eq!(found(&server.get(search, &token).await), found(&newest));
        // What it appends goes into the new tables, and its followers go on with them.
        work(&server, &token).await;
        let (code, out, error) = bed.hoiam("projections", &["verify"]);
        assert_eq!(code, 0, "{out} {error}");
        log.close().await;
    }
}
