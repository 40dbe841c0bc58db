//! The real thing: `hoiam serve` under load from several clients over HTTP, killed with -9 at
//! random moments and started again. Whatever it acknowledged is there, once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hoiam::log::Log;
use hoiam::random::SystemRandom;
use hoiam::tokens;
use hoiam_domain::actor::Role;
use hoiam_domain::case::Event;
use hoiam_domain::case::codec::decode;
use hoiam_domain::codes::AgencyCode;
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::dice::Dice;
use super::seeds::variable;
use super::town::Town;
use super::{end, receipt};
use crate::support::Bed;
use crate::support::build::{check_whole, everything};
use crate::support::serving::Serving;

/// How often the server is killed; `make test-long` says more.
const KILLS: &str = "HOIAM_SIM_KILLS";
const FEW: u64 = 3;
const CLIENTS: u64 = 6;
/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request that is repeated until it is answered.
#[derive(Clone)]
struct Asked {
    path: String,
    key: String,
    token: String,
    body: Value,
}

/// Status, body, and whether it was answered before.
type Answer = (u16, Value, bool);

/// What a client got answers to.
type Answered = Vec<(Asked, Answer)>;

#[derive(Clone)]
struct Load {
    http: Client,
    /// Where the server is now.
    base: watch::Receiver<String>,
    acknowledged: Arc<watch::Sender<u64>>,
    stop: Arc<AtomicBool>,
}

impl Load {
    /// Sends it until a server answers. A server that died is not asked again: the next one is.
    async fn ask(&mut self, asked: &Asked) -> Answer {
        loop {
            let base = self.base.borrow_and_update().clone();
            match once(&self.http, &base, asked).await {
                Some(answer) => return answer,
                None => {
                    let changed = tokio::time::timeout(PATIENCE, self.base.changed()).await;
                    changed.expect("no server comes").unwrap();
                }
            }
        }
    }

    /// Feedbacks, and commands on their cases, until told to stop.
    async fn client(mut self, name: u64, mut dice: Dice, tokens: [String; 2]) -> Answered {
        let mut answered: Answered = Vec::new();
        let mut numbers: Vec<String> = Vec::new();
        for nr in 0.. {
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
            let key = format!("{name}-{nr}");
            let asked = if numbers.is_empty() || dice.percent(50) {
                let body = json!({
                    "channel": "app", "text": format!("Ổ gà {key}"), "category": "GT01",
                    "attributes": { "district": "N" },
                });
                Asked { path: "/api/v1/feedback".into(), key, token: String::new(), body }
            } else {
                let (word, token, body) = match dice.below(3) {
                    0 => ("accept", &tokens[1], json!({})),
                    1 => ("progress", &tokens[1], json!({"note": format!("đang vá {key}")})),
                    _ => ("note", &tokens[0], json!({"text": format!("ghi chú {key}")})),
                };
                let path = format!("/api/v1/cases/{}/{word}", dice.pick(&numbers));
                Asked { path, key, token: token.clone(), body }
            };
            let answer = self.ask(&asked).await;
            if let Some(number) = answer.1["number"].as_str().filter(|_| answer.0 == 201) {
                numbers.push(number.to_owned());
            }
            answered.push((asked, answer));
            self.acknowledged.send_modify(|count| *count += 1);
        }
        answered
    }
}

/// One attempt; nothing if the server died.
async fn once(http: &Client, base: &str, asked: &Asked) -> Option<Answer> {
    let request = http.post(format!("{base}{}", asked.path)).header("idempotency-key", &asked.key);
    let request = if asked.token.is_empty() { request } else { request.bearer_auth(&asked.token) };
    let response = request.json(&asked.body).send().await.ok()?;
    let status = response.status().as_u16();
    let replayed = response.headers().contains_key("idempotency-replayed");
    let body = response.json().await.ok()?;
    assert!(status < 500, "{} {status} {body}", asked.path);
    Some((status, body, replayed))
}

/// A token of a coordinator of the desk and one of the agency's.
async fn make_tokens(bed: &Bed) -> [String; 2] {
    let log = bed.open().await;
    let mut made = Vec::new();
    for (role, agency) in [(Role::Coordinator, None), (Role::AgencyCoordinator, Some("GT"))] {
        let agency = agency.map(AgencyCode::new);
        let now = Timestamp::UNIX_EPOCH;
        let token = tokens::create(log.pool(), &SystemRandom, now, role, agency, None).await;
        made.push(token.unwrap().token);
    }
    log.close().await;
    [made[0].clone(), made[1].clone()]
}

/// Serves, loads, kills, starts again; returns all answers and the last server.
async fn load_and_kill(bed: &Bed, town: &Town, dice: &mut Dice) -> (Answered, Serving) {
    let tokens = make_tokens(bed).await;
    let mut server = Serving::start(bed, town.path());
    let (base, bases) = watch::channel(server.base.clone());
    let load = Load {
        http: Client::new(),
        base: bases,
        acknowledged: Arc::new(watch::Sender::new(0)),
        stop: Arc::default(),
    };
    let mut clients = tokio::task::JoinSet::new();
    for name in 0..CLIENTS {
        clients.spawn(load.clone().client(name, Dice::new(dice.next()), tokens.clone()));
    }
    let mut count = load.acknowledged.subscribe();
    let mut until = 0;
    for _ in 0..variable(KILLS).unwrap_or(FEW) {
        until += u64::try_from(dice.between(10, 90)).unwrap();
        let enough = tokio::time::timeout(PATIENCE, count.wait_for(|done| *done >= until)).await;
        until = *enough.expect("nothing is acknowledged any more").unwrap();
        server.kill();
        server = Serving::start(bed, town.path());
        base.send(server.base.clone()).unwrap();
    }
    let more = count.wait_for(|done| *done >= until + 30);
    tokio::time::timeout(PATIENCE, more).await.expect("nothing is acknowledged any more").unwrap();
    load.stop.store(true, Ordering::SeqCst);
    (clients.join_all().await.concat(), server)
}

/// Everything acknowledged is answered again as it was, by a server that knows nothing of it.
async fn asked_again(server: &Serving, answered: &Answered) {
    let http = Client::new();
    for (asked, (status, body, _)) in answered {
        if *status >= 300 {
            continue;
        }
        let (again, second, replayed) = once(&http, &server.base, asked).await.unwrap();
        assert_eq!(again, *status, "{} {second}", asked.path);
        let receipt = *status == 201;
        assert!(!receipt || replayed, "{} was done twice", asked.key);
        assert!(!receipt || second == *body, "another answer: {body} {second}");
        if receipt {
            let code = body["tracking_code"].as_str().unwrap();
            let found =
                http.get(format!("{}/api/v1/track/{code}", server.base)).send().await.unwrap();
            let found: Value = found.json().await.unwrap();
            assert_eq!(found["number"], body["number"], "the code opens the case");
        }
    }
}

/// The log holds each acknowledged request once, and nothing that nobody asked for.
async fn check_log(log: &Log, answered: &Answered) {
    let events = everything(log).await;
    check_whole(&events);
    let mut serials = BTreeMap::new();
    let mut notes: BTreeMap<String, usize> = BTreeMap::new();
    for event in &events {
        let data: Value = event.decode().unwrap();
        match event.kind.as_str() {
            "case.received" => {
                let number = data["number"].as_str().unwrap().to_owned();
                serials.insert(receipt::serial(&number).1, number);
            }
            "case.noted" => {
                let seal = log.vault().keys(event.stream, event.keys.as_ref()).of_events();
                let noted = decode(&event.kind, event.schema, event.data(), &seal).unwrap();
                let Event::Noted(noted) = noted else { panic!("no note") };
                *notes.entry(noted.text.reveal().clone()).or_default() += 1;
            }
            _ => {}
        }
    }
    let count = u64::try_from(serials.len()).unwrap();
    assert_eq!(serials.last_key_value().map(|(last, _)| *last), Some(count), "numbers have gaps");
    let receipts: Vec<_> = answered.iter().filter(|(_, answer)| answer.0 == 201).collect();
    assert_eq!(receipts.len(), serials.len(), "one case a key");
    for (_, (_, body, _)) in receipts {
        let number = body["number"].as_str().unwrap();
        assert!(serials.values().any(|there| there == number), "{number} is missing");
    }
    for (asked, (status, ..)) in answered {
        if let Some(text) = asked.body["text"].as_str().filter(|_| asked.path.ends_with("/note")) {
            assert_eq!(*status, 200);
            assert_eq!(notes.remove(text), Some(1), "{text}");
        }
    }
    assert_eq!(notes, BTreeMap::new(), "notes nobody left");
}

both! {
    async fn a_killed_server_loses_nothing(bed: &Bed) {
        let seed = variable("HOIAM_SIM_SEED").unwrap_or(1022);
        println!("seed {seed}");
        let town = Town::new();
        let (answered, mut server) = load_and_kill(bed, &town, &mut Dice::new(seed)).await;
        asked_again(&server, &answered).await;
        server.kill();
        let log = bed.open().await;
        check_log(&log, &answered).await;
        end::recomputed(&log).await;
        log.close().await;
        println!("{} answers", answered.len());
    }
}
