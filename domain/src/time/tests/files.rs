//! Mistakes in the policy files are found, with their line.

use super::super::{parse_calendars, parse_limits};
use super::{CALENDARS, LIMITS};

/// The error of a file after one change: `line: message`, where the line is asserted to be the
/// one that holds `marker`.
fn broken(text: &str, from: &str, to: &str, marker: &str, parse: fn(&str) -> Vec<String>) {
    assert_eq!(text.matches(from).count(), 1, "`{from}` must occur once");
    let changed = text.replace(from, to);
    let line = changed.lines().position(|line| line.contains(marker)).unwrap() + 1;
    let errors = parse(&changed);
    let found = errors.iter().any(|error| error.starts_with(&format!("f.toml:{line}: ")));
    assert!(found, "expected line {line} for `{to}`, got {errors:?}");
}

fn calendar_errors(text: &str) -> Vec<String> {
    let errors = parse_calendars("f.toml", text).err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

fn limit_errors(text: &str) -> Vec<String> {
    let errors = parse_limits("f.toml", text).err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn mistakes_in_calendars_name_their_line() {
    let cases = [
        // Impossible, misplaced and doubled dates.
        ("date = 2026-01-01\n", "date = 2026-02-30\n", "2026-02-30"),
        ("date = 2026-01-01\n", "date = \"2026-02-30\"\n", "2026-02-30"),
        ("date = 2026-01-01\n", "date = 2025-03-03\n", "2025-03-03"),
        ("date = 2026-01-01\n", "date = 2026-02-17\n", "date = 2026-02-14"),
        ("to = 2026-02-22\n", "to = 2026-02-12\n", "to = 2026-02-12"),
        ("date = 2026-01-01\n", "date = 2026-01-01T00:00:00\n", "T00:00:00"),
        ("date = 2026-01-01\n", "date = 20260101\n", "20260101"),
        // Swaps of the wrong days.
        ("off = 2026-01-02\n", "off = 2026-01-03\n", "off = 2026-01-03"),
        ("off = 2026-01-02\n", "off = 2026-01-01\n", "off = 2026-01-01"),
        ("work = 2026-01-10\n", "work = 2026-01-09\n", "work = 2026-01-09"),
        ("work = 2026-01-10\n", "work = 2026-02-14\n", "work = 2026-02-14"),
        // Years, schedules, agencies.
        ("year = 2026\n", "year = 2036\n", "year = 2036"),
        (
            "announced = true\nsource = \"Thông báo 5015",
            "anounced = true\nsource = \"Thông báo 5015",
            "anounced",
        ),
        ("zone = \"Asia/Ho_Chi_Minh\"", "zone = \"Asia/Gia_Dinh\"", "Gia_Dinh"),
        ("version = 1", "version = 2", "version = 2"),
        ("default_schedule = \"office\"", "default_schedule = \"ofice\"", "\"ofice\""),
        ("id = \"zones\"", "id = \"office\" # again", "# again"),
        ("sat = [\"07:30-11:30\"]", "sat = [\"11:30-07:30\"]", "11:30-07:30"),
        ("sat = [\"07:30-11:30\"]", "sat = [\"07:30-24:30\"]", "24:30"),
        ("sat = [\"07:30-11:30\"]", "sat = [\"07:30-11:30\", \"11:00-12:00\"]", "11:00-12:00"),
        ("\"EVNHCMC\", \"SAWACO\"", "\"EVNHCMC\", \"HEPZA\"", "\"EVNHCMC\", \"HEPZA\""),
        ("schedule = \"duty\"", "schedule = \"duties\"", "\"duties\""),
        (
            "valid_to = 2025-06-30",
            "valid_from = 2025-07-01\nvalid_to = 2025-06-30",
            "valid_to = 2025",
        ),
    ];
    for (from, to, marker) in cases {
        broken(CALENDARS, from, to, marker, calendar_errors);
    }
    assert!(calendar_errors(CALENDARS).is_empty());
    assert!(calendar_errors("").iter().any(|e| e.contains("version")));
    assert!(!calendar_errors("version = [").is_empty());
}

#[test]
fn mistakes_in_limits_name_their_line() {
    let cases = [
        ("limit = \"60 minutes\"", "limit = \"60 mins\"", "60 mins"),
        ("limit = \"60 minutes\"", "limit = 60", "limit = 60"),
        ("limit = \"60 minutes\"", "limit = \"0 minutes\"", "\"0 minutes\""),
        ("id = \"on-site-p2\"", "id = \"on-site-p1\" # again", "# again"),
        ("clock = \"ruling\"\nkinds = [\"emergency\"]", "clock = \"rulings\"", "rulings"),
        ("valid_from = 2025-09-04\nvi", "valid_from = 2025-09-31\nvi", "2025-09-31"),
        ("valid_from = 2025-09-04\nvi", "vi", "id = \"2025\""),
        ("kinds = [\"enterprise\"]", "kinds = [\"enterprises\"]", "enterprises"),
        ("kinds = [\"enterprise\"]", "kind = [\"enterprise\"]", "kind = "),
        // A row nobody reaches: its condition is dropped, the rows below it never matched.
        ("several_agencies = true\n", "", "id = \"answer-2025\""),
        ("regimes = [\"2020\"]\ninfrastructure = true", "regimes = [\"2019\"]", "\"2019\""),
    ];
    for (from, to, marker) in cases {
        broken(LIMITS, from, to, marker, limit_errors);
    }
    assert!(limit_errors(LIMITS).is_empty());
    let none = limit_errors("version = 1\nrevision = \"x\"");
    assert_eq!(none, ["f.toml: no [[regimes]]", "f.toml: no [[desk]]"]);
}

#[test]
fn a_file_tells_its_revision_and_the_lines_of_hours_of_their_own() {
    let (calendars, limits) = (super::calendars(), super::limits());
    for (text, revision) in [(CALENDARS, calendars.revision()), (LIMITS, limits.revision())] {
        assert!(text.contains(&format!("\nrevision = \"{revision}\"\n")), "`{revision}`");
    }
    let lines: Vec<&str> = CALENDARS.lines().collect();
    let own: Vec<_> = calendars.agencies().collect();
    assert!(own.len() > 2, "{own:?}");
    for (agency, line) in own {
        assert!(lines[line - 1].contains(&format!("\"{agency}\"")), "{agency} in line {line}");
    }
}
