//! The log as a file and back: between databases, altered, cut off, interrupted.

mod alterations;
mod interrupted;
mod parts;
mod roundtrip;

use std::io::Write;

use hoiam::archive::{ArchiveError, ImportOptions, Imported, Progress, Wanted, export, import};
use hoiam::log::{Database, Log};

use crate::support::city::{City, MORNING, POTHOLE, at, of, staff};
use crate::support::{Bed, options as log_options};

/// The export of a log as text.
pub async fn exported(log: &Log, wanted: &Wanted) -> String {
    let mut bytes = Vec::new();
    export(log, "HCM", wanted, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// All of it.
pub async fn whole(log: &Log) -> String {
    exported(log, &Wanted::default()).await
}

pub fn options() -> ImportOptions {
    ImportOptions { events: 50, ..ImportOptions::at(at(MORNING), log_options().master_key) }
}

pub fn file(text: &str) -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

pub async fn imported(database: &Database, text: &str) -> Result<Imported, ArchiveError> {
    import(database, "HCM", &file(text), options(), &mut |_: Progress| ()).await
}

/// A few cases with something of everything an event may hold.
pub async fn small_city(bed: &Bed) -> City {
    use hoiam_domain::actor::Role;
    use hoiam_domain::case::CaseNumber;

    let city = City::on(bed).await;
    for nr in 1..=3 {
        city.receive(&format!("{POTHOLE}\nlần {nr} \"gấp\"\t\\")).await;
    }
    let number = CaseNumber::new("HCM", 2026, 1).unwrap();
    let case = city.case(&number).await;
    let agency = case.work.lead.as_ref().map(|lead| lead.agency.as_str().to_owned()).unwrap();
    let unit = of(Role::AgencyCoordinator, &agency);
    city.give(&unit, &number, "accept", "{}").await.unwrap();
    city.give(&staff(Role::Operator), &number, "note", r#"{"text": "đã gọi lại"}"#).await.unwrap();
    city
}

/// Whether it opens as a log, and how long that is.
pub async fn head(bed: &Bed) -> u64 {
    let log = Log::open(&bed.database, log_options()).await.unwrap();
    let head = log.head().await.unwrap();
    log.close().await;
    head
}
