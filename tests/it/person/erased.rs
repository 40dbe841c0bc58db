//! What is left of somebody who was erased, and what the database's own files hold.

use std::collections::BTreeSet;

use hoiam::log::{Database, Log, Pool};
use hoiam::person::{PersonError, by_case, by_email, by_id, by_phone, erase};
use hoiam::proof::verify::verify;
use hoiam::queries::{ListQuery, list_cases};
use hoiam::report::{Asked, By, report};
use sqlx::Row;

use super::*;
use crate::proof::{keeper, verifier};
use crate::support::bed::admin;
use crate::support::city::{of, staff};

/// Every byte the database has on disk: tables, indexes, and the write-ahead log since `from`.
pub async fn on_disk(bed: &Bed, log: &Log, from: &str) -> Vec<u8> {
    match (&bed.database, log.pool()) {
        (Database::Sqlite(path), _) => {
            let mut all = std::fs::read(path).unwrap();
            all.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
            all
        }
        (Database::Postgres(_), Pool::Postgres(db)) => {
            sqlx::query("CHECKPOINT").execute(&mut admin().await).await.unwrap();
            let files = sqlx::query(
                "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class \
                 WHERE pg_relation_filepath(oid) IS NOT NULL AND relnamespace <> 'pg_catalog'::regnamespace",
            );
            let mut all = Vec::new();
            for row in files.fetch_all(db).await.unwrap() {
                all.extend(row.get::<Vec<u8>, _>(0));
            }
            let wal = sqlx::query(
                "SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir() \
                 WHERE name >= $1 AND name <= pg_walfile_name(pg_current_wal_lsn()) AND length(name) = 24",
            );
            for row in wal.bind(from).fetch_all(db).await.unwrap() {
                all.extend(row.get::<Vec<u8>, _>(0));
            }
            all
        }
        _ => unreachable!(),
    }
}

/// Where the write-ahead log is now.
pub async fn wal(log: &Log) -> String {
    match log.pool() {
        Pool::Sqlite(_) => String::new(),
        Pool::Postgres(db) => {
            let sql = "SELECT pg_walfile_name(pg_current_wal_lsn())";
            sqlx::query_scalar(sql).fetch_one(db).await.unwrap()
        }
    }
}

/// The log as it is exported, and every row of every table as text: a dump.
pub async fn dumped(log: &Log) -> Vec<u8> {
    let mut all = Vec::new();
    let wanted = hoiam::archive::Wanted::default();
    hoiam::archive::export(log, "HCM", &wanted, &mut all).await.unwrap();
    if let Pool::Postgres(db) = log.pool() {
        let tables = "SELECT c.relname::text FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace";
        for table in sqlx::query_scalar::<_, String>(tables).fetch_all(db).await.unwrap() {
            let rows = format!("SELECT t::text FROM \"{table}\" t");
            let rows = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(rows));
            all.extend(rows.fetch_all(db).await.unwrap().concat().into_bytes());
        }
    }
    all
}

/// Which of these stand in some bytes.
pub fn holds(bytes: &[u8], words: &[&'static str]) -> Vec<&'static str> {
    let is_in = |word: &&&str| {
        let finder = word.as_bytes();
        bytes.windows(finder.len()).any(|window| window == finder)
    };
    words.iter().filter(is_in).copied().collect()
}

fn found(bytes: &[u8]) -> BTreeSet<&'static str> {
    holds(bytes, PLANTED).into_iter().collect()
}

async fn searched(city: &City, q: &str) -> usize {
    let query = ListQuery { q: Some(q.to_owned()), limit: 10, ..ListQuery::default() };
    list_cases(city.desk.log(), &staff(Role::Coordinator), &query).await.unwrap().rows.len()
}

async fn figures(city: &City) -> Vec<String> {
    let log = city.desk.log();
    hoiam::followers::catch_up(log).await.unwrap();
    let mut all = Vec::new();
    for by in [By::Agency, By::Sector, By::Category, By::Channel, By::Kind, By::Day] {
        let asked = Asked::all(by, city.desk.now());
        let told = report(log, &city.desk.rules().directory, &asked).await.unwrap();
        all.push(format!("{told:?}"));
    }
    all
}

both! {
    async fn nothing_of_a_person_is_left_and_everything_else_is(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log().clone();
        let begun = wal(&log).await;
        let (received, number) = receive(&city, of_planted(TEXT)).await;
        let (_, second) = receive(&city, of_planted("Nước ngập ở đường Lê Lợi, quận 1")).await;
        let (_, other) = receive(&city, feedback("Đèn đường hư trước số 12 Nguyễn Huệ, quận 1")).await;
        let body = serde_json::json!({ "text": NOTE }).to_string();
        city.give(&staff(Role::Operator), &number, "note", &body).await.unwrap();
        let agency = city.case(&number).await.agency().unwrap().to_string();
        let unit = of(Role::AgencyCoordinator, &agency);
        city.give(&unit, &number, "accept", "{}").await.unwrap();
        let before = figures(&city).await;
        assert_eq!((searched(&city, "zuyxkhanh").await, searched(&city, "sumxoe").await), (0, 1));
        assert_eq!(searched(&city, "Vắtkh").await, 2, "the beginning of a word of the address");
        // Not even before the erasure is any of it in the files in clear.
        assert_eq!(found(&on_disk(bed, &log, &begun).await), BTreeSet::new());

        let person = by_phone(&city.desk, "0977123409").await.unwrap();
        assert_eq!(person.cases.len(), 2);
        let (_place, journal) = journal();
        let done = erase(&city.desk, &journal, &request(person.id)).await.unwrap();
        assert_eq!((done.person, done.cases), (person.id, 2));

        let case = city.case(&number).await;
        assert!(case.text.is_erased() && case.last_note.as_ref().unwrap().is_erased());
        assert_eq!(case.erased.as_ref().unwrap().legal_ground, "theo yêu cầu");
        assert_eq!(case.agency().unwrap().as_str(), agency);
        assert!(city.case(&second).await.text.is_erased());
        assert!(!city.case(&other).await.text.is_erased());
        assert_eq!(figures(&city).await, before, "what is counted stays");
        assert_eq!((searched(&city, "sumxoe").await, searched(&city, "đèn đường").await), (0, 1));
        assert_eq!(found(&on_disk(bed, &log, &begun).await), BTreeSet::new());
        assert_eq!(found(&dumped(&log).await), BTreeSet::new());
        check(bed, &city).await;
        keeper(&log).await.checkpoint().await.unwrap();
        let proved = verify(&log, Some(&verifier()), None, &mut |_, _| ()).await.unwrap();
        assert_eq!((proved.finding, proved.covered), (None, log.head().await.unwrap()));

        // A tombstone, and nobody.
        let again = erase(&city.desk, &journal, &request(person.id)).await.unwrap_err();
        assert!(matches!(&again, PersonError::Erased { legal_ground, .. } if legal_ground == "theo yêu cầu"), "{again}");
        assert!(matches!(by_id(&city.desk, person.id).await, Err(PersonError::Erased { .. })));
        for nobody in [by_phone(&city.desk, PHONE).await, by_email(&city.desk, EMAIL).await] {
            assert!(matches!(nobody, Err(PersonError::Unknown)), "{nobody:?}");
        }
        // The desk goes on with the case, and with the person, if they come again.
        city.give(&unit, &number, "progress", r#"{"note": "đang vá"}"#).await.unwrap();
        assert_eq!(city.case(&number).await.work.progress.as_ref().unwrap().note.reveal(), "đang vá");
        let (_, later) = receive(&city, of_planted("Lại có ổ gà ở hẻm 47 Bùi Đình Túy, quận Bình Thạnh")).await;
        let back = by_case(&city.desk, &later).await.unwrap();
        assert_eq!((back.id, back.cases.len()), (person.id, 1));
        check(bed, &city).await;
        drop(received);
        log.close().await;
    }

    async fn the_contact_alone_goes_and_the_words_stay(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let person = by_email(&city.desk, " Zuyx.Khanh@PLANTED.example").await.unwrap();
        let (_place, journal) = journal();
        let request = Request { what: ErasedPart::Contact, ..request(person.id) };
        assert_eq!(erase(&city.desk, &journal, &request).await.unwrap().cases, 1);
        let case = city.case(&number).await;
        assert_eq!(case.text.reveal(), TEXT);
        assert!(case.parties[0].contact.phone.as_ref().unwrap().is_erased());
        assert_eq!(searched(&city, "sumxoe").await, 1);
        check(bed, &city).await;
        // What the log holds says the same to another who reads it from the beginning.
        city.desk.log().close().await;
        let city = City::on(bed).await;
        assert_eq!(*city.case(&number).await, *case);
        city.desk.log().close().await;
    }

    async fn how_to_reach_a_reporter_stays_in_their_own_case(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, own) = receive(&city, of_planted(TEXT)).await;
        let (_, into) = receive(&city, feedback("Ổ gà ở hẻm 47 Bùi Đình Túy, quận Bình Thạnh")).await;
        let merge = hoiam_domain::case::command::Merge { into: into.clone(), reason: None };
        let circumstances = hoiam::desk::Circumstances::default();
        city.desk.merge(&staff(Role::Operator), &own, &merge, &circumstances).await.unwrap();
        let parties = city.case(&into).await.parties.clone();
        assert_eq!(parties.len(), 2);
        assert_eq!(parties[1].contact, hoiam_domain::case::party::Contact::default());
        let person = by_case(&city.desk, &own).await.unwrap();
        let (_place, journal) = journal();
        erase(&city.desk, &journal, &request(person.id)).await.unwrap();
        assert!(city.case(&own).await.text.is_erased() && !city.case(&into).await.text.is_erased());
        check(bed, &city).await;
        city.desk.log().close().await;
    }
}
