//! Who gets an answer where: every operation of the OpenAPI document, every command and every
//! action, asked by everybody. The table is a snapshot: a new route or role changes it, so somebody
//! has to look at who may use it.
//!
//! `may` is any answer but a refusal of the person: also 409 or 422, where the request or the case
//! does not fit. Numbers are the refusal: 401 nobody, 403 not this role, 404 as if it were not there.

use std::collections::BTreeMap;
use std::fmt::Write;

use hoiam::accounts::{self, session};
use hoiam::random::SystemRandom;
use hoiam_domain::actor::Role;
use hoiam_domain::case::Command;
use reqwest::Method;
use serde_json::{Value, json};

use super::server::{Server, answer, feedback, with};
use crate::support::city::POTHOLE;

/// The agency that has the case.
const OWN: &str = "UBND-BTH";
/// Another one.
const OTHER: &str = "UBND-Q1";
/// The last words of a path that is no case's command, by the path's end.
const WORDS: [(&str, &[&str]); 3] = [
    (
        "/users/{login}/{action}",
        &["disable", "enable", "link", "reset", "role", "sign-out", "unlink"],
    ),
    ("/reveal/{request}/{answer}", &["approve", "refuse", "read"]),
    ("/seal-group/{change}", &["add", "remove"]),
];

/// Who asks: a name for the table, and a token.
async fn people(server: &Server) -> Vec<(String, String)> {
    let mut people = vec![("nobody".to_owned(), String::new())];
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::Citizen | Role::System)) {
        let agency = role.belongs_to_agency().then_some(OWN);
        people.push((role.to_string(), server.token(*role, agency).await));
        if role.belongs_to_agency() {
            people.push((format!("other_{role}"), server.token(*role, Some(OTHER)).await));
        }
    }
    // Only somebody signed in can be of the group of the sealed stream.
    crate::sealed::group(server).await;
    people.push(("member".to_owned(), SIGNED_IN.to_owned()));
    people
}

/// A body each command understands; `other` is another case.
fn body(word: &str, other: &str) -> Value {
    match word {
        "hand-off" => json!({ "service": "113" }),
        "seal" => json!({ "reason": "x", "accused": OTHER }),
        "classify" => json!({ "category": "GT01" }),
        "dispatch" => json!({ "agency": OTHER }),
        "rule" => json!({ "agency": OTHER, "reason": "x" }),
        "add-co-agency" => json!({ "agency": OTHER, "task": "x" }),
        "drop-part" => json!({ "agency": OTHER, "reason": "x" }),
        "assign" => json!({ "handler": "an" }),
        "finish-part" | "make-safe" | "progress" => json!({ "note": "x" }),
        "ask" => json!({ "question": "?" }),
        "reply" | "answer" | "note" => json!({ "text": "x" }),
        "extend" => json!({ "reason": "x", "new_due": "2026-03-20T00:00:00Z", "photos": ["p"] }),
        "resolve" => json!({ "outcome": "done", "note": "x", "photos": ["p"] }),
        "check-answer" => json!({ "approved": true }),
        "rate" => json!({ "score": 4 }),
        "choose" => json!({ "public": false }),
        "accept" | "arrive" | "close" | "move-to-successor" => json!({}),
        "merge" => json!({ "into": other }),
        _ => json!({ "reason": "x" }),
    }
}

async fn received(server: &Server, sealed: bool) -> (String, String) {
    let taken = server.post("/api/v1/feedback", "", feedback(POTHOLE)).await.ok();
    let text = |field: &str| taken[field].as_str().unwrap().to_owned();
    if sealed {
        let coordinator = server.token(Role::Coordinator, None).await;
        let seal = json!({ "reason": "tố cáo cán bộ", "accused": OTHER });
        server.command(&text("number"), "seal", &coordinator, seal).await;
    }
    (text("number"), text("tracking_code"))
}

/// The id of a file the citizen sent.
async fn attached(server: &Server, code: &str) -> String {
    let path = format!("/api/v1/feedback/{code}/attachments");
    let sent = server.send_file(&path, "", "ghi-chu.txt", "Ổ gà sâu".as_bytes()).await.ok();
    sent["id"].as_str().unwrap().to_owned()
}

/// One question: what the table calls it, how to ask it.
struct Asked {
    name: String,
    method: Method,
    path: String,
    body: Value,
}

/// The questions of an operation, each on a case nobody has touched.
async fn asked(server: &Server, method: &str, path: &str) -> Vec<Asked> {
    let mut all = Vec::new();
    let (other, _) = received(server, false).await;
    let words: Vec<&str> = match path {
        p if p.ends_with("/{command}") => {
            let words =
                Command::NAMES.iter().copied().filter(|word| !Command::INTERNAL.contains(word));
            words.chain(["merge", "unmerge"]).collect()
        }
        p => match WORDS.iter().find(|(end, _)| p.ends_with(end)) {
            Some((_, words)) => words.to_vec(),
            None => vec![""],
        },
    };
    let sealed_too = path.contains("{number}") && (method == "GET" || path.contains("/reveal"));
    let seals: &[bool] = if sealed_too { &[false, true] } else { &[false] };
    for sealed in seals {
        for word in &words {
            let (number, code) = received(server, *sealed).await;
            let name = ["command", "action", "answer", "change"]
                .iter()
                .fold(path.to_owned(), |path, part| path.replace(&format!("{{{part}}}"), word));
            let concrete = name
                .replace("{number}", &number)
                .replace("{tracking_code}", &code)
                .replace("{login}", "khach")
                .replace("{request}", "1")
                .replace("{provider}", "vneid")
                .replace("{token}", "x")
                .replace("{level}", "0")
                .replace("{index}", "000");
            let concrete = match path.contains("{attachment}") {
                true => concrete.replace("{attachment}", &attached(server, &code).await),
                false => concrete,
            };
            // A route with a part nobody has thought of here would be asked for nothing.
            assert!(!concrete.contains('{'), "{path}: say what stands for its parts");
            all.push(Asked {
                name: format!("{method} {name}{}", if *sealed { " (sealed)" } else { "" }),
                method: method.parse().unwrap(),
                path: concrete,
                body: match path {
                    p if p.contains("/reveal") => revealing(word),
                    _ if word.is_empty() => json!({}),
                    _ => body(word, &other),
                },
            });
        }
    }
    all
}

/// A body each step of a reading understands.
fn revealing(word: &str) -> Value {
    let why = "Cần xác minh thông tin";
    match word {
        "" => json!({ "fields": ["contact"], "reason": why }),
        "refuse" => json!({ "reason": why }),
        _ => json!({}),
    }
}

/// What begins a cookie instead of a token.
const SIGNED_IN: &str = "__Host-";

/// The cookie of a member of the group, of a session just begun: time passes between questions.
async fn member(server: &Server) -> String {
    let (log, now) = (server.city.desk.log(), server.city.desk.now());
    let account = accounts::id_of("an");
    let secret = session::begin(log.pool(), &SystemRandom, account, now).await.unwrap();
    format!("{SIGNED_IN}hoiam_session={}", secret.show())
}

async fn cell(server: &Server, asked: &Asked, token: &str) -> String {
    let request = server.ask(asked.method.clone(), &asked.path);
    let request = if token.starts_with(SIGNED_IN) {
        request.header("cookie", token).header("sec-fetch-site", "same-origin")
    } else {
        with(request, token)
    };
    let request = if asked.method == Method::GET { request } else { request.json(&asked.body) };
    match answer(request).await.status {
        refused @ (401 | 403 | 404) => refused.to_string(),
        500.. => panic!("{} fails", asked.name),
        _ => "may".to_owned(),
    }
}

both! {
    async fn everybody_asks_for_everything(bed: &Bed) {
        let server = Server::on(bed).await;
        let people = people(&server).await;
        let document = server.get("/api/openapi.json", "").await.ok();
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, operation) in document["paths"].as_object().unwrap() {
            for method in operation.as_object().unwrap().keys() {
                for (_, token) in &people {
                    // Wrong answers count as guesses of a code by address.
                    server.later(60);
                    // Signing out is for the tests of accounts.
                    let session = token.starts_with(SIGNED_IN) && path.starts_with("/api/v1/session");
                    if session && *method != "get" {
                        continue;
                    }
                    for asked in asked(&server, &method.to_uppercase(), path).await {
                        let fresh = if token == SIGNED_IN { member(&server).await } else { token.clone() };
                        // Tokens are nothing here, and wrong ones count as guesses.
                        if path.starts_with("/api/v1/citizen/cases/") {
                            server.later(60);
                        }
                        let cell = cell(&server, &asked, &fresh).await;
                        rows.entry(asked.name).or_default().push(cell);
                    }
                }
            }
        }
        let asked_by = |name: &str| people.len() - usize::from(name.starts_with("POST /api/v1/session"));
        assert!(rows.iter().all(|(name, cells)| cells.len() == asked_by(name)));
        let mut table = String::new();
        for (nr, (who, _)) in people.iter().enumerate() {
            let column = 4 * nr;
            writeln!(table, "{:column$}{who}", "").unwrap();
        }
        for (name, cells) in &rows {
            let line: Vec<String> = cells.iter().map(|cell| format!("{cell:<3}")).collect();
            writeln!(table, "{} {name}", line.join(" ")).unwrap();
        }
        insta::assert_snapshot!("access", table);
        server.stop().await;
    }
}
