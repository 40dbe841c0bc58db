//! Policy in the log: which rule set decides when.

mod activation;
mod blobs;
mod geo;
mod loaded;
mod replay;
mod successors;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hoiam::clock::ManualClock;
use hoiam::desk::Desk;
use hoiam::policy::activation::{Files, Outcome, Wanted, activate};
use hoiam::random::SeededRandom;
use hoiam::rules::{Rules, Source};
use hoiam_domain::policy::Activation;
use jiff::Timestamp;

use crate::support::Bed;
use crate::support::city::{City, MORNING, at};

/// The files of the demonstration city.
fn city_files() -> Files {
    Source::Embedded.files().unwrap()
}

/// The city's files with one text replaced in one of them.
fn changed(path: &str, from: &str, to: &str) -> Files {
    let mut files = city_files();
    let file = files.iter_mut().find(|(p, _)| p == path).unwrap();
    assert!(file.1.contains(from), "{path} has no {from}");
    file.1 = file.1.replacen(from, to, 1);
    files
}

/// Alleys are the city's, not the districts'.
pub fn alleys_to_the_city() -> Files {
    changed("rules/road-class.toml", "then = { agency = \"UBND@AREA\" }", "then = { primary = 1 }")
}

fn wanted(files: Files, from: Option<Timestamp>) -> Wanted {
    // The city's own examples say where alleys go today.
    Wanted { files, from, by: "lan".to_owned(), note: None, despite_examples: true }
}

/// A node on a database, with rule sets of its own. No two draw the same tracking codes.
pub async fn node(bed: &Bed) -> City {
    static NODES: AtomicU64 = AtomicU64::new(1);
    let clock = Arc::new(ManualClock::at(at(MORNING)));
    let random = Arc::new(SeededRandom::new(NODES.fetch_add(1, Ordering::Relaxed)));
    let log = bed.open().await;
    let rules = Rules::open_with(Source::Embedded, &log, at(MORNING)).await.unwrap();
    let desk = Desk::new(log, rules, "HCM", clock.clone(), random);
    City { desk, clock }
}

/// Puts files into force on a node; the node knows at once.
pub async fn puts_into_force(city: &City, files: Files, from: Option<Timestamp>) -> Activation {
    let (desk, wanted) = (&city.desk, wanted(files, from));
    let done = activate(desk.log(), desk.random(), desk.now(), &wanted, false).await.unwrap();
    let Outcome::Done(activation) = done else { panic!("{done:?}") };
    let refreshed = desk.rules_handle().refresh(desk.log(), desk.now()).await.unwrap();
    assert!(refreshed.failures.is_empty(), "{:?}", refreshed.failures);
    activation
}
