//! Sums by one dimension say what the sums by every combination say, and the cases behind a figure
//! are the same in pages of any reach.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::demo;
use hoiam::figures::{self, By, Counts, Question};
use hoiam::followers::catch_up;
use hoiam::log::{Log, Pool};
use hoiam::queries::figures::{AfterFact, CasesQuestion, cases};
use hoiam_domain::actor::Role;
use hoiam_domain::kinds::{Channel, Kind};
use jiff::Timestamp;

use super::story::{STEPS, Story};
use crate::support::city::{City, at, staff};

const BY: &[By] = &[
    By::Agency,
    By::Sector,
    By::Category,
    By::District,
    By::Channel,
    By::Kind,
    By::Holder,
    By::Day,
];

async fn asked(log: &Log, question: &Question) -> BTreeMap<String, Counts> {
    figures::counts(log.pool(), question).await.unwrap()
}

/// The same by the sums of every combination: with two filters more, each combination by itself.
async fn combined(log: &Log, question: &Question) -> BTreeMap<String, Counts> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    for channel in Channel::ALL {
        for kind in Kind::ALL {
            let mut one = question.clone();
            one.only.push((By::Channel, channel.to_string()));
            one.only.push((By::Kind, kind.to_string()));
            for (group, counts) in asked(log, &one).await {
                all.entry(group).or_default().add(&counts);
            }
        }
    }
    all.retain(|_, counts| *counts != Counts::default());
    all
}

fn micros(time: &str) -> i64 {
    at(time).as_microsecond()
}

async fn the_same(
    log: &Log,
    now: Timestamp,
    past: &[&str],
    periods: &[(Option<&str>, Option<&str>)],
) -> usize {
    let mut figures = 0;
    let past = std::iter::once(None).chain(past.iter().copied().map(Some));
    for as_of in past {
        for (from, to) in periods {
            for (nr, by) in BY.iter().copied().enumerate() {
                let question = Question {
                    by,
                    from: from.map(micros),
                    to: to.map(micros),
                    as_of: as_of.map(micros),
                    now: now.as_microsecond(),
                    agency: [None, Some("UBND-BTH"), Some("TTHTKT")][nr % 3].map(str::to_owned),
                    only: Vec::new(),
                    sealed: nr % 2 == 0,
                };
                for agency in [None, question.agency.clone()] {
                    let question = Question { agency, ..question.clone() };
                    let told = asked(log, &question).await;
                    assert_eq!(told, combined(log, &question).await, "{question:?}");
                    figures += told.len();
                }
            }
        }
    }
    figures
}

async fn count(log: &Log, sql: &'static str) -> i64 {
    match log.pool() {
        Pool::Sqlite(db) => sqlx::query_scalar(sql).fetch_one(db).await.unwrap(),
        Pool::Postgres(db) => sqlx::query_scalar(sql).fetch_one(db).await.unwrap(),
    }
}

both! {
    async fn sums_by_dimension_are_those_of_the_combinations(bed: &Bed) {
        let mut city = City::on(bed).await;
        let now = at("2026-11-21T18:00:00+07:00");
        city.clock = Arc::new(ManualClock::at(now));
        city.desk = city.desk.clone().with_clock(city.clock.clone());
        demo::load(&city.desk, &city.clock, now).await.unwrap();
        let log = city.desk.log();
        catch_up(log).await.unwrap();
        let past = ["2026-11-10T12:00:00+07:00", "2026-10-20T00:00:00+07:00"];
        let periods = [
            (None, None),
            (Some("2026-10-11T09:00:00+07:00"), None),
            (Some("2026-09-01T00:00:00+07:00"), Some("2026-11-01T00:00:00+07:00")),
        ];
        assert!(the_same(log, now, &past, &periods).await > 100);
        let many = count(log, "SELECT count(*) FROM figure_sums WHERE span = 'month'").await;
        assert!(many > 50, "{many} sums by month");
        // Where they were not made yet, the combinations answer alone.
        let every = |by| Question {
            by,
            from: None,
            to: None,
            as_of: None,
            now: now.as_microsecond(),
            agency: None,
            only: Vec::new(),
            sealed: true,
        };
        let rolled = asked(log, &every(By::Agency)).await;
        for sql in ["DELETE FROM figure_sums"] {
            match log.pool() {
                Pool::Sqlite(db) => drop(sqlx::raw_sql(sql).execute(db).await.unwrap()),
                Pool::Postgres(db) => drop(sqlx::raw_sql(sql).execute(db).await.unwrap()),
            }
        }
        assert_eq!(asked(log, &every(By::Agency)).await, rolled);
        log.close().await;
    }

    async fn a_story_told_by_dimension_and_by_combination(bed: &Bed) {
        let mut story = Story::on(bed).await;
        for step in STEPS {
            story.take(step).await;
        }
        let log = story.city.desk.log();
        catch_up(log).await.unwrap();
        let periods = [(None, None), (None, Some("2026-04-01T00:00:00+07:00"))];
        let now = story.city.desk.now();
        assert!(the_same(log, now, &["2026-03-20T08:30:00+07:00"], &periods).await > 20);
        log.close().await;
    }

    async fn cases_behind_a_figure_in_pages_of_any_reach(bed: &Bed) {
        let mut story = Story::on(bed).await;
        for step in STEPS {
            story.take(step).await;
        }
        let desk = &story.city.desk;
        catch_up(desk.log()).await.unwrap();
        let mut short = 0;
        for (measures, late) in [
            (&["late"][..], true),
            (&["late_time", "running"], true),
            (&["received"], false),
            (&["received_open"], false),
            (&["stage.dispatched"], false),
            (&[], false),
        ] {
            let question = Question {
                by: By::Agency,
                from: None,
                to: None,
                as_of: None,
                now: desk.now().as_microsecond(),
                agency: None,
                only: Vec::new(),
                sealed: true,
            };
            let page = async |after: Option<AfterFact>, limit, reach| {
                let asked = CasesQuestion { question: question.clone(), measures, late, after, limit, reach };
                cases(desk.log().pool(), &staff(Role::System), &asked).await.unwrap()
            };
            let all = page(None, 500, 1_000_000).await;
            assert_eq!(all.walked, None);
            for reach in [1, 2, 16] {
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let page = page(after, 4, reach).await;
                    let last = page.facts.last().filter(|_| page.facts.len() == 4).map(|fact| fact.after);
                    short += usize::from(page.walked.is_some());
                    found.extend(page.facts);
                    after = last.or(page.walked);
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(found, all.facts, "{measures:?} {reach}");
            }
        }
        assert!(short > 5, "{short}");
        desk.log().close().await;
    }
}
