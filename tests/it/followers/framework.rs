//! Checkpoints: rows and position move together, once, in any number of nodes and runs.

use hoiam::followers::{FollowerError, Followers};
use hoiam::log::{Expected, Log, Pool};
use hoiam_domain::actor::Role;
use hoiam_projections::Change;
use hoiam_projections::follower::Follower;
use hoiam_projections::table::{Column, Row, Table, Type};
use tokio::sync::watch;

use crate::support::bed::{number, sql};
use crate::support::build::{one, stream};
use crate::support::city::{City, POTHOLE, of};

/// How many events of a kind there were: adds up.
static TALLIES: Table = Table {
    name: "tallies",
    columns: &[Column("kind", Type::Text), Column("n", Type::Int)],
    key: 1,
    add: 1,
};

/// The last version seen of each case: replaced.
static VERSIONS: Table = Table {
    name: "versions",
    columns: &[Column("id", Type::Uuid), Column("version", Type::Int)],
    key: 1,
    add: 0,
};

static TALLY_TABLES: &[&Table] = &[&TALLIES];
static VERSIONS_TABLES: &[&Table] = &[&VERSIONS];

struct Tally;

impl Follower for Tally {
    fn name(&self) -> &'static str {
        "tally"
    }
    fn version(&self) -> u32 {
        1
    }
    fn tables(&self) -> &'static [&'static Table] {
        TALLY_TABLES
    }
    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        let [(event, meta)] = change.events else { panic!("one event at a time") };
        assert_eq!(change.before.map_or(0, |case| case.version) + 1, meta.version);
        assert_eq!(change.after.version, meta.version);
        rows.push(Row { table: &TALLIES, values: vec![event.kind().into(), 1.into()] });
    }
}

struct Versions;

impl Follower for Versions {
    fn name(&self) -> &'static str {
        "versions"
    }
    fn version(&self) -> u32 {
        3
    }
    fn tables(&self) -> &'static [&'static Table] {
        VERSIONS_TABLES
    }
    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        let version = i64::try_from(change.after.version).unwrap();
        rows.push(Row { table: &VERSIONS, values: vec![change.after.id.into(), version.into()] });
    }
}

static BOTH: &[&dyn Follower] = &[&Tally, &Versions];
static TALLY: &[&dyn Follower] = &[&Tally];

async fn make_tables(log: &Log) {
    let id = if matches!(log.pool(), Pool::Sqlite(_)) { "BLOB" } else { "UUID" };
    let tables = format!(
        "CREATE TABLE tallies (kind TEXT PRIMARY KEY, n BIGINT NOT NULL); \
         CREATE TABLE versions (id {id} PRIMARY KEY, version BIGINT NOT NULL CHECK (version < 5))"
    );
    sql(log.pool(), &tables).await.unwrap();
}

async fn tallied(log: &Log) -> i64 {
    number(log.pool(), "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM tallies").await
}

async fn of_cases(log: &Log) -> i64 {
    number(log.pool(), "SELECT count(*) FROM events WHERE kind LIKE 'case.%'").await
}

async fn position(log: &Log, name: &str) -> u64 {
    let all = log.checkpoints().await.unwrap();
    all.iter().find(|known| known.name == name).map_or(0, |known| known.position)
}

both! {
    async fn rows_and_checkpoint_move_together_and_other_streams_are_left_out(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        make_tables(log).await;
        let followers = Followers::listed(log, BOTH);
        assert_eq!(followers.catch_up().await.unwrap(), 0);
        let received = city.receive(POTHOLE).await;
        log.append(one(stream(1), Expected::NoStream)).await.unwrap();
        let head = log.head().await.unwrap();
        assert_eq!(followers.catch_up().await.unwrap(), head);
        assert_eq!(followers.reached(), head);
        let cases = of_cases(log).await;
        assert_eq!(u64::try_from(cases).unwrap(), head - 1);
        assert_eq!(tallied(log).await, cases);
        assert_eq!(number(log.pool(), "SELECT version FROM versions").await, cases);
        // A handle that knows nothing goes on where the last one stopped.
        let number: hoiam_domain::case::CaseNumber = received.number.parse().unwrap();
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        city.give(&agency, &number, "accept", "{}").await.unwrap();
        Followers::listed(log, BOTH).catch_up().await.unwrap();
        assert_eq!(tallied(log).await, cases + 1);
        let checkpoints = log.checkpoints().await.unwrap();
        let now = city.desk.now().as_microsecond();
        for (known, (name, version)) in checkpoints.iter().zip([("tally", 1), ("versions", 3)]) {
            assert_eq!((known.name.as_str(), known.version), (name, version));
            assert_eq!((known.position, known.updated_at), (head + 1, now));
        }
    }

    async fn a_new_follower_begins_at_the_beginning_and_joins_the_others(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        make_tables(log).await;
        for _ in 0..3 {
            city.receive(POTHOLE).await;
        }
        Followers::listed(log, TALLY).catch_up().await.unwrap();
        city.receive(POTHOLE).await;
        let head = Followers::listed(log, BOTH).catch_up().await.unwrap();
        assert_eq!((position(log, "tally").await, position(log, "versions").await), (head, head));
        assert_eq!(tallied(log).await, of_cases(log).await);
        assert_eq!(number(log.pool(), "SELECT count(*) FROM versions").await, 4);
    }

    async fn two_nodes_count_everything_once(bed: &Bed) {
        let city = City::on(bed).await;
        let (log, other) = (city.desk.log(), bed.open().await);
        make_tables(log).await;
        let (one, two) = (Followers::listed(log, BOTH), Followers::listed(&other, BOTH));
        for _ in 0..15 {
            city.receive(POTHOLE).await;
            let (a, b) = tokio::join!(one.catch_up(), two.catch_up());
            let head = log.head().await.unwrap();
            assert_eq!((a.unwrap(), b.unwrap()), (head, head));
            assert_eq!(tallied(log).await, of_cases(log).await);
        }
    }

    /// `versions` refuses the fifth event of a case: of that batch nothing is left, not even what
    /// the other follower wrote.
    async fn a_batch_that_fails_leaves_nothing(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        make_tables(log).await;
        let followers = Followers::listed(log, BOTH);
        let received = city.receive(POTHOLE).await;
        let before = followers.catch_up().await.unwrap();
        let number: hoiam_domain::case::CaseNumber = received.number.parse().unwrap();
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        city.give(&agency, &number, "accept", "{}").await.unwrap();
        city.give(&agency, &number, "progress", r#"{"note":"đã khảo sát"}"#).await.unwrap();
        assert!(matches!(followers.catch_up().await, Err(FollowerError::Log(_))));
        assert_eq!((position(log, "tally").await, position(log, "versions").await), (before, before));
        assert_eq!(tallied(log).await, i64::try_from(before).unwrap());
        // The others go on without it.
        Followers::listed(log, TALLY).catch_up().await.unwrap();
        assert_eq!(tallied(log).await, of_cases(log).await);
    }

    /// As a newer program would have written it, or a damaged one.
    async fn an_event_that_cannot_be_read_stops_followers_before_it(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        make_tables(log).await;
        let number = city.receive(POTHOLE).await.number.parse().unwrap();
        let followers = Followers::listed(log, BOTH);
        let before = followers.catch_up().await.unwrap();
        city.give(&of(Role::AgencyCoordinator, "UBND-BTH"), &number, "accept", "{}").await.unwrap();
        let rename = |from: &str, to: &str| {
            format!("UPDATE events SET kind = 'case.{to}' WHERE kind = 'case.{from}'")
        };
        let guard = if bed.is_postgres() {
            "ALTER TABLE events DISABLE TRIGGER events_no_update"
        } else {
            "DROP TRIGGER events_no_update"
        };
        sql(log.pool(), guard).await.unwrap();
        sql(log.pool(), &rename("accepted", "foretold")).await.unwrap();
        for _ in 0..2 {
            let error = followers.catch_up().await.unwrap_err();
            let FollowerError::Unreadable { position, .. } = &error else { panic!("{error}") };
            assert_eq!(*position, before + 1);
            assert!(error.to_string().contains("case.foretold"), "{error}");
        }
        for name in ["tally", "versions"] {
            assert_eq!(position(log, name).await, before, "what was taken in stays");
        }
        sql(log.pool(), &rename("foretold", "accepted")).await.unwrap();
        let head = followers.catch_up().await.unwrap();
        assert_eq!(head, log.head().await.unwrap());
        assert_eq!(tallied(log).await, of_cases(log).await);
    }

    async fn rows_of_another_version_stand_still(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        make_tables(log).await;
        city.receive(POTHOLE).await;
        Followers::listed(log, BOTH).catch_up().await.unwrap();
        sql(log.pool(), "UPDATE follower_checkpoints SET version = 2 WHERE name = 'versions'").await.unwrap();
        city.receive(POTHOLE).await;
        let head = Followers::listed(log, BOTH).catch_up().await.unwrap();
        assert_eq!(position(log, "tally").await, head);
        assert!(position(log, "versions").await < head);
        assert_eq!(number(log.pool(), "SELECT count(*) FROM versions").await, 1);
    }

    async fn the_worker_wakes_by_commits_and_stops_when_told(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        make_tables(log).await;
        let followers = Followers::listed(log, BOTH);
        let (stop, stopping) = watch::channel(false);
        let worker = tokio::spawn(followers.clone().run(stopping));
        for _ in 0..3 {
            city.receive(POTHOLE).await;
            followers.wait_for(log.head().await.unwrap()).await;
            assert_eq!(tallied(log).await, of_cases(log).await);
        }
        stop.send(true).unwrap();
        worker.await.unwrap();
    }
}
