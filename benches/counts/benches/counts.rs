//! Instructions of the pure parts, counted by callgrind: they hardly move on a noisy machine, so a
//! regression shows. `scripts/bench-counts` compares them with `counts.txt`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program for developers")]

use std::hint::black_box;

use gungraun::{
    Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};
use hoiam_counts::{City, TEXT, monday};
use hoiam_domain::case::clocks::{Timer, timers};
use hoiam_domain::case::codec::{Stored, decode, encode};
use hoiam_domain::case::{Case, Event, decide, fold};
use hoiam_domain::private::clear;
use hoiam_domain::routing::{RouteInput, Verdict};
use hoiam_domain::text::fold_for_search;
use hoiam_domain::time::{Due, Span};
use hoiam_projections::table::Row;
use hoiam_projections::veil::Plain;
use hoiam_projections::{Change, inline_rows};
use jiff::{SignedDuration, Timestamp};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Lived = &'static City;

#[library_benchmark]
#[bench::pothole(args = (), setup = City::live)]
fn decide_receive(city: Lived) -> Vec<Event> {
    decide::receive(black_box(&city.rules), &city.sender, &city.receive).unwrap()
}

#[library_benchmark]
#[bench::accept(args = ("accept"), setup = step)]
#[bench::progress(args = ("progress"), setup = step)]
#[bench::reply(args = ("reply"), setup = step)]
#[bench::resolve(args = ("resolve"), setup = step)]
fn decide_command((city, word): (Lived, &'static str)) -> Vec<Event> {
    let (case, command, by) = city.step(word);
    decide(black_box(case), &city.rules, by, command).unwrap()
}

fn step(word: &'static str) -> (Lived, &'static str) {
    (City::live(), word)
}

#[library_benchmark]
#[bench::life(args = (), setup = City::live)]
fn fold_events(city: Lived) -> Option<Case> {
    fold(black_box(&city.life).iter().map(|(event, meta)| (event, meta)))
}

#[library_benchmark]
#[bench::pothole(args = (), setup = City::live)]
fn route_explain(city: Lived) -> Verdict {
    let input = RouteInput { point: Some((10.81, 106.70)), ..RouteInput::text(TEXT, monday()) };
    city.rules.explain(black_box(&input))
}

#[library_benchmark]
#[bench::working_days(args = (Span::WorkingDays(15)), setup = span)]
#[bench::working_hours(args = (Span::WorkingHours(20)), setup = span)]
#[bench::hours(args = (Span::Hours(72)), setup = span)]
fn sla_add((city, span): (Lived, Span)) -> Due {
    city.rules.policy.calendars.add(None, black_box(before_tet()), span).unwrap()
}

fn span(span: Span) -> (Lived, Span) {
    (City::live(), span)
}

/// So that the span crosses the longest holidays.
fn before_tet() -> Timestamp {
    "2026-02-11T15:40:00+07:00".parse().unwrap()
}

#[library_benchmark]
#[bench::a_month(args = (), setup = City::live)]
fn sla_minutes_between(city: Lived) -> u64 {
    let from = black_box(before_tet());
    let to = from + SignedDuration::from_hours(30 * 24);
    city.rules.policy.calendars.working_minutes_between(None, from, to).unwrap()
}

#[library_benchmark]
#[bench::answered(args = (), setup = City::live)]
fn wanted_timers(city: Lived) -> Vec<Timer> {
    timers(black_box(&city.step("rate").0))
}

#[library_benchmark]
#[bench::receipt(args = (), setup = City::live)]
fn rows_of_receipt(city: Lived) -> Vec<Row> {
    let after = &city.step("accept").0;
    let events = &city.life[..usize::try_from(after.version).unwrap()];
    inline_rows(&Change {
        before: None,
        events,
        after: black_box(after),
        recorded_at: monday(),
        veil: &Plain,
    })
}

#[library_benchmark]
#[bench::progress(args = (), setup = City::live)]
fn rows_of_command(city: Lived) -> Vec<Row> {
    let (before, after) = (&city.step("progress").0, &city.step("ask").0);
    let version = |case: &Case| usize::try_from(case.version).unwrap();
    let events = &city.life[version(before)..version(after)];
    inline_rows(&Change {
        before: Some(before),
        events,
        after: black_box(after),
        recorded_at: monday(),
        veil: &Plain,
    })
}

#[library_benchmark]
#[bench::life(args = (), setup = City::live)]
fn encode_events(city: Lived) -> Vec<Stored> {
    black_box(&city.life).iter().map(|(event, _)| encode(event, &clear()).unwrap()).collect()
}

#[library_benchmark]
#[bench::life(args = (), setup = stored)]
fn decode_events(stored: &'static [Stored]) -> Vec<Event> {
    let read =
        |stored: &Stored| decode(stored.kind, stored.schema, &stored.data, &clear()).unwrap();
    black_box(stored).iter().map(read).collect()
}

fn stored() -> &'static [Stored] {
    let stored = City::live().life.iter().map(|(event, _)| encode(event, &clear()).unwrap());
    Box::leak(stored.collect())
}

#[library_benchmark]
fn fold_text() -> String {
    fold_for_search(black_box(TEXT))
}

library_benchmark_group!(
    name = pure,
    benchmarks = [
        decide_receive,
        decide_command,
        fold_events,
        route_explain,
        sla_add,
        sla_minutes_between,
        wanted_timers,
        rows_of_receipt,
        rows_of_command,
        encode_events,
        decode_events,
        fold_text
    ]
);

// Without the simulated caches, which are not compared and take as long again.
main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"]));
    library_benchmark_groups = pure
);
