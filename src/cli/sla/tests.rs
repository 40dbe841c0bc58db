//! The arguments with which `hoiam sla` is called, and what it prints.

use std::collections::BTreeMap;

use clap::Parser;
use hoiam_domain::routing::directory::Agency;
use hoiam_domain::time::{parse_calendars, parse_limits};

use super::*;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: SlaCommand,
}

fn run_line(line: &str) -> Result<String, (String, u8)> {
    let arguments = std::iter::once("sla").chain(line.split(' '));
    let cli = Cli::try_parse_from(arguments).map_err(|e| (e.to_string(), 2))?;
    let policy = Policy {
        limits: parse_limits("limits.toml", include_str!("../../../routing-rules/limits.toml"))
            .unwrap(),
        calendars: parse_calendars(
            "calendars.toml",
            include_str!("../../../routing-rules/calendars.toml"),
        )
        .unwrap(),
        category_limits: BTreeMap::new(),
        hash: String::new(),
    };
    let hepza = Agency {
        code: AgencyCode::from("HEPZA"),
        name: String::new(),
        short_name: String::new(),
        unit: String::new(),
        sectors: Vec::new(),
        lead_sectors: Vec::new(),
        citywide: true,
        areas: Vec::new(),
        parent: None,
        duty: false,
        validity: Default::default(),
        successor: None,
        successor_note: None,
        note: None,
        focal_points: Vec::new(),
    };
    let directory =
        Directory { agencies: BTreeMap::from([(hepza.code.clone(), hepza)]), ..Default::default() };
    let mut out = Vec::new();
    match run(&cli.command, &policy, &directory, &mut out) {
        Ok(()) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => Err((error.to_string(), error.exit_code())),
    }
}

fn json_of(line: &str) -> serde_json::Value {
    serde_json::from_str(&run_line(&format!("{line} --json")).unwrap()).unwrap()
}

#[test]
fn add_prints_the_end_in_local_time_and_why() {
    for at in ["2026-02-13T09:00", "2026-02-13T02:00:00Z", "2026-02-13"] {
        let answer = json_of(&format!("add --at {at} --working-days 1"));
        assert_eq!(answer["due"], "2026-02-23T23:59:59+07:00");
        assert_eq!(answer["skipped"][0]["date"], "2026-02-14");
        let why = answer["explanation"].as_str().unwrap();
        let (vi, en) = why.split_once('\n').unwrap();
        assert!(vi.contains("ngày làm việc") && en.contains("working day"), "{why}");
    }
    let hours = json_of("add --at 2026-03-02T07:30 --working-hours 4 --agency HEPZA");
    assert_eq!(hours["due"], "2026-03-02T12:00:00+07:00");
    let days = run_line("add --at 2026-02-10T09:00 --days 5").unwrap();
    assert!(days.starts_with("2026-02-23T23:59:59+07:00\n"), "{days}");
}

#[test]
fn due_prints_every_clock_that_runs() {
    let answer = json_of("due --kind incident --priority P2 --at 2026-03-02T09:00");
    let rows = answer["deadlines"].as_array().unwrap();
    let row = |clock: &str| rows.iter().find(|row| row["clock"] == clock).unwrap();
    assert_eq!(rows.len(), Clock::ALL.len());
    assert_eq!(row("dispatch")["due"], "2026-03-02T09:05:00+07:00");
    assert_eq!(row("dispatch")["warn_at"], "2026-03-02T09:03:45+07:00");
    assert_eq!(row("on_site")["due"], "2026-03-02T13:00:00+07:00");
    assert_eq!(row("on_site")["policy"], "on-site-p2");
    assert_eq!(row("answer")["due"], "2026-03-12T23:59:59+07:00");
    let several = json_of("due --kind question --at 2026-03-02T09:00 --several-agencies");
    assert_eq!(several["deadlines"].as_array().unwrap().len(), 4);
    assert!(run_line("due --kind emergency --at 2026-03-02").unwrap().contains("dispatch"));
}

#[test]
fn bad_arguments_are_named_with_exit_code_2() {
    for (line, named) in [
        ("add --at 2026-02-30 --days 1", "--at"),
        ("add --at 2030-01-01 --working-days 1", "2030"),
        ("add --at 2026-02-10 --days -1", "--days"),
        ("add --at 2026-02-10 --days 1.5", "--days"),
        ("add --at 2026-02-10", "--working-days"),
        ("add --at 2026-02-10 --days 1 --working-days 1", "--working-days"),
        ("add --at 2026-02-10 --days 1 --agency XYZ", "--agency"),
        ("due --at 2026-02-10 --kind incidents", "--kind"),
        ("due --at 2026-02-10 --priority P9", "--priority"),
        ("due --at 2026-02-10 --category GT99", "--category"),
    ] {
        let (message, code) = run_line(line).unwrap_err();
        assert!(code == 2 && message.contains(named), "{line}: {message}");
    }
}
