//! What must hold at the end of a run, looked at with fresh eyes: by nodes that know nothing.

use std::collections::HashMap;

use hoiam::followers;
use hoiam::log::{Log, Pool, RecordedEvent};
use hoiam::on_pool;
use hoiam::proof::verify::verify as verify_log;
use hoiam::rebuild::verify;
use hoiam::vault::Vault;
use hoiam_domain::actor::Actor;
use hoiam_domain::case::Event;
use hoiam_domain::case::clocks::timers;
use hoiam_domain::case::codec::decode;
use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::private::Private;
use hoiam_projections::TABLES;
use hoiam_projections::table::{Table, Type, Value};
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::model::{Model, Rows};
use super::people;
use super::request::{Ask, Outcome};
use super::world::World;
use crate::proof::{keeper, verifier};
use crate::support::bed::number;
use crate::support::build::{check_whole, everything};

/// Everything stands still, fires what is left, and is compared with the model.
pub async fn check(world: &mut World<'_>) {
    world.restart_all().await;
    world.now += SignedDuration::from_hours(24 * 60);
    for place in 0..world.machines.len() {
        let before = world.before();
        let outcomes = world.all(vec![((place, 0), people::tick())]).await;
        world.settle(&before, outcomes, false).await;
    }
    nothing_due(world).await;
    asked_again(world).await;
    erased_stays(world).await;
    let log = world.machines[0].log.clone();
    let events = everything(&log).await;
    check_whole(&events);
    words_go_with_who_wrote_them(log.vault(), &events);
    assert_eq!(events.len() as u64, world.model.head, "something was added unseen");
    rows_are_the_models(&world.model, log.pool()).await;
    ledgers(&world.model, log.pool()).await;
    recomputed(&log).await;
    keeper(&log).await.checkpoint().await.unwrap();
    let proved = verify_log(&log, Some(&verifier()), None, &mut |_, _| ()).await.unwrap();
    assert_eq!((proved.finding, proved.covered), (None, log.head().await.unwrap()));
}

/// What was erased is erased for nodes that know nothing of it, nothing is left to be done again,
/// and no key opens what was written before.
async fn erased_stays(world: &mut World<'_>) {
    let head = world.model.head;
    world.reapply().await;
    assert_eq!(world.model.head, head, "something was broken off and never done");
    for machine in &world.machines {
        for id in &world.model.order {
            let case = machine.desks[0].case(*id).await.unwrap();
            assert!(*case == *world.model.case(*id), "not what the log gives");
            let Some(erased) = &case.erased else { continue };
            let contact = &case.parties[0].contact;
            assert!(contact.phone.as_ref().is_none_or(Private::is_erased), "{}", case.number);
            assert!(erased.what == ErasedPart::Contact || case.text.is_erased(), "{}", case.number);
        }
    }
}

/// What a reporter wrote in another's case goes when they are erased, and with nobody else.
fn words_go_with_who_wrote_them(vault: &Vault, events: &[RecordedEvent]) {
    let mut gone: HashMap<(Uuid, Uuid), u64> = HashMap::new();
    let cases = events.iter().filter(|event| event.kind.starts_with("case."));
    let read: Vec<_> = cases
        .map(|recorded| {
            let seal = vault.keys(recorded.stream, recorded.keys.as_ref()).of_events();
            let data = (recorded.schema, recorded.data());
            let event = decode(&recorded.kind, data.0, data.1, &seal).unwrap();
            let actor: Actor = serde_json::from_str(&recorded.actor).unwrap();
            (recorded, event, actor)
        })
        .collect();
    for (recorded, event, _) in &read {
        let own = (recorded.stream, recorded.stream);
        match event {
            Event::Erased(e) if e.what == ErasedPart::Everything => {
                gone.insert(own, recorded.position)
            }
            Event::PartyErased(e) => gone.insert((recorded.stream, e.from), recorded.position),
            _ => None,
        };
    }
    for (recorded, event, actor) in &read {
        let erased = match event {
            Event::QuestionAnswered(e) => e.text.is_erased(),
            Event::Reopened(e) => e.reason.is_erased(),
            Event::Appealed(e) => e.reason.is_erased(),
            _ => continue,
        };
        let (position, whose) = (recorded.position, actor.reported.unwrap_or(recorded.stream));
        let before = |key| gone.get(&key).is_some_and(|until| position < *until);
        assert_eq!(erased, before((recorded.stream, whose)), "position {position}");
        assert!(erased || !before((whose, whose)), "position {position}: who wrote it was erased");
    }
}

/// Followers come to the head, one at each node at once; then everything there is, recomputed from
/// the log, is what is served.
pub async fn recomputed(log: &Log) {
    let (one, two) = tokio::join!(followers::catch_up(log), followers::catch_up(log));
    let head = log.head().await.unwrap();
    assert_eq!((one.unwrap(), two.unwrap()), (head, head), "followers stop before the head");
    let verified = verify(log, &[]).await.unwrap();
    assert_eq!(verified.difference(), None, "not what the log gives");
    assert_eq!(verified.not_compared, vec![]);
    assert_eq!(verified.position, head);
}

/// Every timer that is due has fired.
async fn nothing_due(world: &World<'_>) {
    let now = world.now.as_microsecond() - 120 * 1_000_000;
    let sql = format!("SELECT count(*) FROM timers WHERE due_at <= {now}");
    assert_eq!(number(world.machines[0].log.pool(), &sql).await, 0, "timers that never fired");
    for id in &world.model.order {
        let case = world.model.case(*id);
        let due = timers(case).into_iter().find(|timer| timer.at.as_microsecond() <= now);
        assert_eq!(due, None, "{}", case.number);
    }
}

/// Every key that was acknowledged still has its answer, and none has a second effect.
async fn asked_again(world: &mut World<'_>) {
    let keys: Vec<_> = world.acknowledged.keys.values().cloned().collect();
    for (request, first) in keys {
        let before = world.model.head;
        let receipt = matches!(request.ask, Ask::Receive(_));
        let place = world.place();
        let marks = world.before();
        let outcome = world.all(vec![(place, request)]).await;
        match &outcome[0].1 {
            Outcome::Received(received, true) if receipt => {
                assert_eq!(Some(&**received), first.as_ref(), "another answer at the end");
            }
            Outcome::Done(done) if !receipt => assert!(done.replayed),
            other => panic!("asked again: {other:?}"),
        }
        world.settle(&marks, outcome, false).await;
        assert_eq!(world.model.head, before, "a repeated request had an effect");
    }
}

/// The read models hold exactly what folding the log again gives.
async fn rows_are_the_models(model: &Model, pool: &Pool) {
    let mut stored = Rows::new();
    for table in TABLES {
        for values in all_rows(pool, table).await {
            let key = values[..table.key].to_vec();
            stored.insert((table.name, key), values);
        }
    }
    for (key, values) in &model.rows {
        assert_eq!(stored.get(key), Some(values), "a row of {} is another", key.0);
    }
    assert_eq!(stored.len(), model.rows.len(), "rows nobody wrote");
}

async fn all_rows(pool: &Pool, table: &Table) -> Vec<Vec<Value>> {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.0).collect();
    let sql = AssertSqlSafe(format!("SELECT {} FROM {}", columns.join(", "), table.name));
    on_pool!(pool, db => {
        let rows = sqlx::query(sql).fetch_all(db).await.unwrap();
        rows.iter()
            .map(|row| {
                let columns = table.columns.iter().enumerate();
                columns
                    .map(|(at, column)| match column.1 {
                        Type::Text => row.get::<Option<String>, _>(at).into(),
                        Type::Int => row.get::<Option<i64>, _>(at).into(),
                        Type::Uuid => row.get::<Option<uuid::Uuid>, _>(at).into(),
                    })
                    .collect()
            })
            .collect()
    })
}

/// The ledger of every case is a partition of the time since its receipt.
async fn ledgers(model: &Model, pool: &Pool) {
    let gaps = "SELECT count(*) FROM ledger a JOIN ledger b \
                ON b.case_id = a.case_id AND b.seq = a.seq + 1 \
                WHERE a.to_at IS NULL OR a.to_at <> b.from_at OR a.to_at < a.from_at";
    assert_eq!(number(pool, gaps).await, 0, "gaps in ledgers");
    let open = "SELECT count(*) FROM ledger WHERE to_at IS NULL";
    assert_eq!(number(pool, open).await, i64::try_from(model.order.len()).unwrap());
    let held = "SELECT CAST(coalesce(sum(to_at - from_at), 0) AS BIGINT) FROM ledger WHERE to_at IS NOT NULL";
    let held = number(pool, held).await;
    let elapsed: i64 = model
        .order
        .iter()
        .map(|id| {
            let case = model.case(*id);
            let last = case.ledger.entries().last().unwrap().from;
            last.as_microsecond() - case.received_at.as_microsecond()
        })
        .sum();
    assert_eq!(held, elapsed, "the sum by holder is not the elapsed time");
}
