//! Rule sets activated in the log: in force from their moment on, on every node.

use hoiam::policy::activation::{Outcome, activate, cancel, schedule};
use hoiam::policy::{PolicyError, worker};
use hoiam::rules::{Rules, RulesError, Source};
use hoiam_domain::case::CaseNumber;
use hoiam_domain::policy::{Cancel, PolicyRejection};
use hoiam_domain::routing::RuleSet;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::{alleys_to_the_city, changed, city_files, node, puts_into_force, wanted};
use crate::support::bed::{number, sql};
use crate::support::city::{City, MORNING, POTHOLE, at};

/// Where a pothole in an alley goes now, and by which rule set.
async fn pothole(city: &City) -> (CaseNumber, String, String) {
    let received = city.receive(POTHOLE).await;
    let number: CaseNumber = received.number.parse().unwrap();
    let found = city.case(&number).await.work.found.clone().unwrap();
    (number, received.agency.unwrap(), found.rule_set)
}

both! {
    async fn a_set_decides_from_its_moment_on_and_moves_no_promise(bed: &Bed) {
        let city = node(bed).await;
        let noon = at("2026-03-10T12:00:00+07:00");
        let old = city.desk.rules().hash.clone();
        let new = RuleSet::hash_of(&alleys_to_the_city());
        let activation = puts_into_force(&city, alleys_to_the_city(), Some(noon)).await;
        assert_eq!((activation.hash.as_str(), activation.from), (new.as_str(), noon));

        let (before, agency, by) = pothole(&city).await;
        assert_eq!((agency.as_str(), &by), ("UBND-BTH", &old));
        let promised = city.case(&before).await.work.clocks.clone();
        city.clock.set(noon - SignedDuration::from_micros(1));
        assert_eq!(pothole(&city).await.2, old);

        city.clock.set(noon);
        let (_, agency, by) = pothole(&city).await;
        assert_eq!((agency.as_str(), &by), ("TTHTGT", &new));
        assert_eq!(city.case(&before).await.work.clocks, promised);
        assert_eq!(city.desk.rules().hash, new);
        city.desk.log().close().await;

        // A node that starts later knows; an embedded set does not come back.
        let later = node(bed).await;
        later.clock.set(noon + SignedDuration::from_hours(1));
        assert_eq!(pothole(&later).await.2, new);
        later.desk.log().close().await;
    }

    async fn a_running_node_takes_in_what_another_activates(bed: &Bed) {
        let (here, there) = (node(bed).await, node(bed).await);
        let (stop, stopping) = watch::channel(false);
        let working = tokio::spawn(worker::run(here.desk.clone(), stopping));
        let mut seen = here.desk.rules_handle().seen();
        puts_into_force(&there, alleys_to_the_city(), None).await;
        seen.wait_for(|version| *version == 1).await.unwrap();
        assert_eq!(pothole(&here).await.1, "TTHTGT");
        stop.send(true).unwrap();
        working.await.unwrap();
        here.desk.log().close().await;
        there.desk.log().close().await;
    }

    async fn who_decided_what_is_told_and_taken_back_before_it_begins(bed: &Bed) {
        let city = node(bed).await;
        let (log, random, now) = (city.desk.log(), city.desk.random(), city.desk.now());
        let first = puts_into_force(&city, city_files(), None).await;
        assert_eq!((first.before.as_deref(), first.changes.len() as u64), (None, first.files));
        let noon = at("2026-03-10T12:00:00+07:00");
        let second = puts_into_force(&city, alleys_to_the_city(), Some(noon)).await;
        assert_eq!(second.before.as_deref(), Some(first.hash.as_str()));
        let change = &second.changes[0];
        assert_eq!((change.file.as_str(), change.added, change.removed), ("rules/road-class.toml", 1, 1));
        assert_eq!(second.changes.len(), 1);

        // The same again adds nothing, however often it is sent.
        let head = log.head().await.unwrap();
        let again = wanted(alleys_to_the_city(), Some(noon));
        let again = activate(log, random, now, &again, false).await.unwrap();
        assert_eq!(again, Outcome::Already(second.clone()));
        let take_back = Cancel { activation: second.id, by: "minh".into(), note: None };
        assert!(cancel(log, random, now, &take_back).await.unwrap());
        assert!(!cancel(log, random, now, &take_back).await.unwrap());
        assert_eq!(log.head().await.unwrap(), head + 1);
        city.desk.rules_handle().refresh(log, now).await.unwrap();
        city.clock.set(noon);
        assert_eq!(city.desk.rules().hash, first.hash);

        let told = schedule(log).await.unwrap();
        assert_eq!(told.get(2).unwrap().cancelled.as_ref().unwrap().by, "minh");
        let first = Cancel { activation: 1, by: "minh".into(), note: None };
        let began = cancel(log, random, now, &first).await;
        assert!(matches!(began, Err(PolicyError::Rejected(PolicyRejection::Began { id: 1, .. }))));
        assert_eq!(number(log.pool(), "SELECT count(*) FROM policy_blobs").await, 2);
        log.close().await;
    }

    async fn a_bad_set_is_refused_with_file_and_line_and_changes_nothing(bed: &Bed) {
        let city = node(bed).await;
        let (log, random, now) = (city.desk.log(), city.desk.random(), city.desk.now());
        let bad = changed("routing.toml", "max_text", "max_txet");
        let refused = activate(log, random, now, &wanted(bad, None), false).await;
        let Err(PolicyError::Rules(RulesError::Wrong(errors))) = refused else { panic!("{refused:?}") };
        assert_eq!(errors[0].file, "routing.toml");
        assert!(errors[0].line > 1);
        // Examples are the tests of the rules.
        let mut strict = wanted(alleys_to_the_city(), None);
        strict.despite_examples = false;
        let refused = activate(log, random, now, &strict, false).await.unwrap_err().to_string();
        assert!(refused.contains("examples/"), "{refused}");
        let tried = activate(log, random, now, &wanted(alleys_to_the_city(), None), true).await;
        assert!(matches!(tried, Ok(Outcome::Done(_))));
        let past = wanted(alleys_to_the_city(), Some(now - SignedDuration::from_secs(1)));
        let past = activate(log, random, now, &past, false).await;
        assert!(matches!(past, Err(PolicyError::Rejected(PolicyRejection::InPast { .. }))));
        assert_eq!(log.head().await.unwrap(), 0);
        assert_eq!(number(log.pool(), "SELECT count(*) FROM policy_blobs").await, 0);
        log.close().await;
    }

    async fn two_who_activate_at_once_are_both_kept_in_order(bed: &Bed) {
        let city = node(bed).await;
        let (log, random, now) = (city.desk.log(), city.desk.random(), city.desk.now());
        let (one, two) = (wanted(city_files(), None), wanted(alleys_to_the_city(), None));
        let (one, two) = tokio::join!(
            activate(log, random, now, &one, false),
            activate(log, random, now, &two, false),
        );
        let (Ok(Outcome::Done(one)), Ok(Outcome::Done(two))) = (one, two) else { panic!() };
        let last = if one.id > two.id { one } else { two };
        assert_eq!(schedule(log).await.unwrap().in_force(now), Some(&last));
        assert!(last.before.is_some());
        log.close().await;
    }

    async fn files_that_are_lost_leave_the_set_before_in_force(bed: &Bed) {
        let city = node(bed).await;
        let (log, now) = (city.desk.log(), city.desk.now());
        let first = puts_into_force(&city, city_files(), None).await;
        let second = wanted(alleys_to_the_city(), Some(now + SignedDuration::from_mins(1)));
        let second = activate(log, city.desk.random(), now, &second, false).await.unwrap();
        assert!(matches!(second, Outcome::Done(_)));
        let lose = if bed.is_postgres() {
            "ALTER TABLE policy_blobs DISABLE TRIGGER ALL; DELETE FROM policy_blobs"
        } else {
            "DROP TRIGGER policy_blobs_no_delete; DELETE FROM policy_blobs"
        };
        sql(log.pool(), lose).await.unwrap();
        let rules = city.desk.rules_handle();
        let refreshed = rules.refresh(log, now).await.unwrap();
        assert!(matches!(refreshed.failures[..], [PolicyError::Missing { .. }]));
        city.clock.set(now + SignedDuration::from_mins(2));
        assert_eq!(city.desk.rules().hash, first.hash);
        // Activated again, the files are there again, and so is the set.
        let again = wanted(alleys_to_the_city(), None);
        let again = activate(log, city.desk.random(), city.desk.now(), &again, false).await.unwrap();
        let Outcome::Already(again) = again else { panic!("{again:?}") };
        assert!(rules.refresh(log, city.desk.now()).await.unwrap().failures.is_empty());
        assert_eq!(city.desk.rules().hash, again.hash);
        log.close().await;
    }

    async fn a_broken_directory_keeps_no_server_from_starting(bed: &Bed) {
        let city = node(bed).await;
        let log = city.desk.log();
        let empty = tempfile::tempdir().unwrap();
        let broken = || Source::Directory(empty.path().to_owned());
        assert!(Rules::open_with(broken(), log, at(MORNING)).await.is_err());
        let activation = puts_into_force(&city, alleys_to_the_city(), None).await;
        let rules = Rules::open_with(broken(), log, at(MORNING)).await.unwrap();
        assert_eq!(rules.at(at(MORNING)).hash, activation.hash);
        log.close().await;
    }
}
