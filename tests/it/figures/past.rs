//! Figures of any past moment are those that were given then, and those the cases make.

use std::collections::BTreeMap;

use hoiam::figures::{self, Counts, Question};
use hoiam::followers::catch_up;
use hoiam::report::{Asked, By, Report, ranking, report};
use hoiam::rules::Source;
use hoiam_domain::case::Case;
use hoiam_domain::routing::RuleSet;
use hoiam_projections::facts::{Measure, facts_of, shared_of};
use jiff::{SignedDuration, Timestamp};

use super::story::{AGENCY, STEPS, Story};
use crate::support::city::{MORNING, at};

async fn asked(story: &Story, by: By, as_of: Option<Timestamp>) -> Report {
    let desk = &story.city.desk;
    let asked = Asked { as_of, ..Asked::all(by, desk.now()) };
    let told = report(desk.log(), &desk.rules().directory, &asked).await.unwrap();
    // Whether it was said as of when is all that may differ.
    Report { as_of: None, ..told }
}

fn question(by: By, from: Option<i64>, to: Option<i64>, now: Timestamp) -> Question {
    let hours = |hours: i64| (at(MORNING) + SignedDuration::from_hours(hours)).as_microsecond();
    Question {
        by,
        from: from.map(hours),
        to: to.map(hours),
        as_of: None,
        now: now.as_microsecond(),
        agency: None,
        only: Vec::new(),
        sealed: true,
    }
}

/// Counted from the cases as they are, without any table.
fn counted(cases: &[Case], question: &Question) -> BTreeMap<String, (Vec<i64>, i64)> {
    let mut all: BTreeMap<String, (Vec<i64>, i64)> = BTreeMap::new();
    let until = question.now.div_euclid(1_000_000);
    for case in cases {
        let shared = shared_of(case);
        for fact in facts_of(case) {
            let at = fact.at.as_microsecond();
            let lateness =
                matches!(fact.measure, Measure::Late | Measure::LateTime | Measure::Running);
            let outside = question.from.is_some_and(|from| at < from)
                || question.to.is_some_and(|to| at >= to)
                || (lateness && at > question.now);
            if outside || matches!(fact.measure, Measure::Stage(_)) {
                continue;
            }
            let group = match question.by {
                By::Agency => fact.agency.clone().unwrap_or_default(),
                By::Kind => shared.kind.to_string(),
                By::Sector => shared.sector.clone().unwrap_or_default(),
                By::Day => hoiam_projections::facts::tables::day_of(fact.at).to_string(),
                _ => fact.holder.clone(),
            };
            if question.by == By::Holder && group.is_empty() {
                continue;
            }
            let none = || (vec![0; Measure::COUNTS.len()], 0);
            let (counts, late) = all.entry(group).or_insert_with(none);
            if let Some(at) = Measure::COUNTS.iter().position(|m| *m == fact.measure) {
                counts[at] += 1;
            }
            *late += match fact.measure {
                Measure::LateTime => fact.seconds,
                Measure::Running => until + fact.seconds,
                _ => 0,
            };
        }
    }
    all
}

fn told(
    counts: &BTreeMap<String, Counts>,
    question: &Question,
) -> BTreeMap<String, (Vec<i64>, i64)> {
    let one = |counts: &Counts| {
        let numbers = Measure::COUNTS.iter().map(|measure| counts.of(*measure)).collect();
        (numbers, counts.seconds_late(question.now))
    };
    counts.iter().map(|(group, counts)| (group.clone(), one(counts))).collect()
}

/// When the fourth case is there and not yet sealed.
const SEALED_LATER: i64 = 450;

fn hour(hours: i64) -> Timestamp {
    at(MORNING) + SignedDuration::from_hours(hours)
}

both! {
    async fn what_was_sealed_since_is_in_no_figure_of_the_past(bed: &Bed) {
        let mut story = Story::on(bed).await;
        let mut open = Vec::new();
        for step in STEPS {
            story.take(step).await;
            if step.0 == SEALED_LATER {
                open = story.all().await;
                let sealed = open.pop().unwrap();
                assert_eq!(sealed.number, story.cases[3]);
            }
        }
        catch_up(story.city.desk.log()).await.unwrap();
        let pool = story.city.desk.log().pool();
        for by in [By::Agency, By::Kind, By::Sector, By::Holder, By::Day] {
            for (from, to) in [(None, None), (Some(440), None), (Some(445), Some(455)), (Some(0), Some(500))] {
                let then = question(by, from, to, hour(SEALED_LATER));
                let asked = Question { as_of: Some(then.now), sealed: false, ..then.clone() };
                let counts = figures::counts(pool, &asked).await.unwrap();
                assert_eq!(told(&counts, &then), counted(&open, &then), "{asked:?}");
                let whole = Question { sealed: true, ..asked.clone() };
                let all = figures::counts(pool, &whole).await.unwrap();
                if by == By::Holder {
                    // Only lateness has one, and the fourth was not late yet.
                    continue;
                }
                assert_ne!(told(&all, &then), told(&counts, &then));
                // The fourth came back to the place of the others.
                let [some, more] = [&asked, &whole].map(|asked| figures::repeats(pool, asked));
                let (some, more) = (some.await.unwrap(), more.await.unwrap());
                let sum = |all: &BTreeMap<String, i64>| all.values().sum::<i64>();
                assert_eq!(sum(&some), sum(&more) - 1);
                let [some, more] = [&asked, &whole].map(|asked| figures::stages_of_all(pool, asked));
                let stages = |all: Vec<figures::StageTime>| all.iter().map(|s| s.count).sum::<i64>();
                assert!(stages(some.await.unwrap()) < stages(more.await.unwrap()));
            }
        }
        story.city.desk.log().close().await;
    }

    async fn the_past_is_told_as_it_was_told_then(bed: &Bed) {
        let mut story = Story::on(bed).await;
        let mut then = Vec::new();
        for step in STEPS {
            story.take(step).await;
            let now = story.city.desk.now();
            for by in [By::Agency, By::Kind, By::Holder, By::Day] {
                then.push((now, by, asked(&story, by, None).await));
            }
        }
        for (moment, by, then) in then {
            // Then it was counted still; see below.
            if moment == hour(SEALED_LATER) {
                continue;
            }
            assert_eq!(asked(&story, by, Some(moment)).await, then, "{by:?} as of {moment}");
        }
        story.city.desk.log().close().await;
    }

    async fn sums_are_what_the_cases_make(bed: &Bed) {
        let mut story = Story::on(bed).await;
        for step in STEPS {
            story.take(step).await;
            if step.0 % 5 > 1 {
                continue;
            }
            catch_up(story.city.desk.log()).await.unwrap();
            let (cases, now) = (story.all().await, story.city.desk.now());
            for by in [By::Agency, By::Kind, By::Sector, By::Holder, By::Day] {
                for (from, to) in [
                    (None, None),
                    (Some(0), Some(24)),
                    (Some(-9), Some(15)),
                    (Some(1), Some(2)),
                    (Some(3), None),
                    (None, Some(60)),
                    (Some(15), Some(15 + 24 * 14)),
                    (Some(20), Some(500)),
                ] {
                    let question = question(by, from, to, now);
                    let counts = figures::counts(story.city.desk.log().pool(), &question).await.unwrap();
                    let told = told(&counts, &question);
                    assert_eq!(told, counted(&cases, &question), "{question:?}");
                    // The same without sums by day: no sum has two filters.
                    let only = vec![(By::Channel, "app".to_owned()), (By::District, "BTH".to_owned())];
                    let slow = Question { only, ..question.clone() };
                    let counts = figures::counts(story.city.desk.log().pool(), &slow).await.unwrap();
                    assert_eq!(told, self::told(&counts, &question), "{question:?} by single facts");
                }
            }
        }
        story.city.desk.log().close().await;
    }

    async fn lateness_is_charged_to_whoever_held_the_minutes(bed: &Bed) {
        let mut story = Story::on(bed).await;
        for step in STEPS {
            story.take(step).await;
        }
        let report = asked(&story, By::Holder, None).await;
        let of = |code: &str| {
            let row = report.rows.iter().find(|row| row.code.as_deref() == Some(code));
            row.map(|row| row.period.clone()).unwrap_or_default()
        };
        let agency = of(&format!("agency:{AGENCY}"));
        assert_eq!(agency.late, 3, "three deadlines passed while the agency had the case");
        assert!(of("desk").late == 0 && of("desk").late_minutes >= 20 * 60, "the desk checked too late");
        let minutes: i64 = story
            .all()
            .await
            .iter()
            .filter_map(|case| {
                let answer = case.work.clocks.get(&hoiam_domain::kinds::Clock::Answer)?;
                let until = answer.stopped.unwrap_or(story.city.desk.now());
                Some((until.as_second() - answer.deadline.due.as_second()).max(0) / 60)
            })
            .sum();
        assert!((report.total_period.late_minutes - minutes).abs() <= 3, "{minutes}: {report}");
        assert_eq!((report.total.received, report.total.returned), (0, 0), "receipts have no holder");
        story.city.desk.log().close().await;
    }

    async fn what_is_ranked_can_be_recomputed(bed: &Bed) {
        let mut story = Story::on(bed).await;
        for step in STEPS {
            story.take(step).await;
        }
        let desk = &story.city.desk;
        let asked = Asked::all(By::Agency, desk.now());
        let told = ranking(desk.log(), &desk.rules(), &asked).await.unwrap();
        let row = told.rows.iter().find(|row| row.code == AGENCY).unwrap();
        let i = row.inputs;
        // The fourth was sealed: it is in no report.
        assert_eq!((i.received, i.returned, i.reopened, i.late), (3, 1, 1, 3), "{told}");
        let kept = 1000 * i.on_time / (i.on_time + i.late);
        let taken = 1000 - 1000 * i.returned / (i.returned + i.received);
        let lasting = 1000 - 1000 * i.reopened / (i.reopened + i.answered);
        let once = 1000 - 1000 * i.repeats / i.received;
        let score = (500 * kept + 150 * taken + 200 * lasting + 150 * once) / 1000;
        assert_eq!((row.score.score, row.rank), (Some(score), Some(1)));

        // Other weights, other scores; both are printed with why.
        let mut files = Source::Embedded.files().unwrap();
        let (_, weights) = files.iter_mut().find(|(path, _)| path == "ranking.toml").unwrap();
        *weights = "kept = 0\ntaken = 1000\nlasting = 0\nonce = 0\nwhy = \"thử\"".to_owned();
        let rules = RuleSet::load(&files).unwrap();
        let other = ranking(desk.log(), &rules, &asked).await.unwrap();
        let row = other.rows.iter().find(|row| row.code == AGENCY).unwrap();
        assert_eq!((row.score.score, row.inputs), (Some(taken), i));
        assert!(other.to_string().contains("1000*taken") && other.to_string().contains("thử"));
        desk.log().close().await;
    }
}
