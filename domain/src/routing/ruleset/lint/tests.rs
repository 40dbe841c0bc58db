//! Each check on a town with one thing changed, and the demonstration city as it is.

use jiff::civil::date;

use super::{Finding, Severity, lint};
use crate::routing::ruleset::tests::{files, town};

/// What is found in the town with texts replaced: `error unreachable rules/fixed.toml:3`.
fn found(changes: &[(&str, &str, &str)]) -> Vec<String> {
    let mut files = town();
    for (path, from, to) in changes {
        let file = files.iter_mut().find(|(p, _)| p == path).unwrap();
        assert!(file.1.contains(from), "{path} has no {from}");
        file.1 = file.1.replacen(from, to, 1);
    }
    let told = |f: &Finding| format!("{} {} {}:{}", f.severity.as_str(), f.check, f.file, f.line);
    lint(&files, date(2026, 3, 10)).iter().map(told).collect()
}

/// What the plain town has: a vacant focal point.
const TOWN: &str = "warning vacant agencies.toml:23";

#[test]
fn what_is_good_gives_nothing_but_what_is_vacant() {
    // The limits are the city's, whose categories have limits of their own.
    let mut found = found(&[]);
    found.retain(|one| !one.starts_with("note unused limits.toml:"));
    assert_eq!(found, [TOWN]);
}

#[test]
fn readings_that_stand_open_for_long_are_doubtful() {
    let with = |hours: u16| {
        let mut files = town();
        let file = files.iter_mut().find(|(path, _)| path == "routing.toml").unwrap();
        file.1.push_str(&format!("\n[readings]\napprove_hours = {hours}\n"));
        let lines = file.1.lines().position(|line| line == "[readings]").unwrap() + 1;
        let told =
            |f: &Finding| format!("{} {} {}:{}", f.severity.as_str(), f.check, f.file, f.line);
        let found: Vec<String> = lint(&files, date(2026, 3, 10)).iter().map(told).collect();
        (found, format!("warning readings routing.toml:{lines}"))
    };
    let (found, doubt) = with(300);
    assert!(found.contains(&doubt), "{found:?}");
    let (found, doubt) = with(48);
    assert!(!found.contains(&doubt), "{found:?}");
    assert_eq!(with(0).0, ["error invalid routing.toml:0"], "no limit is none");
}

#[test]
fn what_does_not_load_is_told_as_it_is_refused() {
    let wrong = found(&[("categories.toml", "\"FIXED\"", "\"FIXD\"")]);
    assert_eq!(wrong, ["error invalid categories.toml:2", "error invalid rules/fixed.toml:1"]);
}

#[test]
fn each_check_names_file_and_line() {
    const RULES: &str = "[[rule]]\nid = \"first\"";
    let rules = |text: &str| format!("{text}\n[[rule]]\nid = \"first\"");
    let desk = "why = \"x\"\nthen = { desk = \"coordinators\" }";
    let cases = [
        // Only both earlier rules together take everything from the third.
        (
            "rules/fixed.toml",
            RULES,
            rules(&format!(
                "[[rule]]\nid = \"a\"\nwhen = {{ kind = [\"incident\"] }}\n{desk}\n\
                 [[rule]]\nid = \"b\"\nwhen = {{ kind = [\"question\"] }}\n{desk}\n\
                 [[rule]]\nid = \"c\"\nwhen = {{ kind = [\"question\", \"incident\"], word = [\"hố\"] }}\n{desk}\n"
            )),
            "error unreachable rules/fixed.toml:14",
        ),
        // No category of the table has this agency.
        (
            "rules/fixed.toml",
            RULES,
            rules(&format!("[[rule]]\nid = \"a\"\nwhen = {{ primary = \"NEW\" }}\n{desk}\n")),
            "error unreachable rules/fixed.toml:4",
        ),
        // Both may hold, and say different things.
        (
            "rules/fixed.toml",
            RULES,
            rules(&format!(
                "[[rule]]\nid = \"a\"\nwhen = {{ word = [\"hố\"] }}\n{desk}\n\
                 [[rule]]\nid = \"b\"\nwhen = {{ kind = [\"question\"] }}\nwhy = \"x\"\nthen = {{ primary = 1 }}\n"
            )),
            "note overlap rules/fixed.toml:9",
        ),
        (
            "rules/fixed.toml",
            RULES,
            rules(&format!("[[rule]]\nid = \"a\"\nwhen = {{ until = 2025-01-01 }}\n{desk}\n")),
            "warning expired rules/fixed.toml:4",
        ),
        (
            "rules/fixed.toml",
            RULES,
            rules(
                "[[rule]]\nid = \"a\"\nwhen = { until = 2020-01-01, word = [\"hố\"] }\nwhy = \"x\"\nthen = { agency = \"NEW\" }\n",
            ),
            "warning never-applies rules/fixed.toml:4",
        ),
        (
            "rules/fixed.toml",
            "then = { primary = 1 }",
            "then = { desk = \"coordinators\" }".to_owned(),
            "warning no-route categories.toml:2",
        ),
        (
            "agencies.toml",
            "valid_from = 2025-07-01",
            "valid_from = 2025-07-01\nvalid_to = 2027-01-01".to_owned(),
            "warning no-successor agencies.toml:18",
        ),
        (
            "agencies.toml",
            "name = \"Desk\" },",
            "name = \"Desk\" },\n  { code = \"NEW-3\", name = \"Late\", valid_to = 2020-01-01 },"
                .to_owned(),
            "warning never-applies agencies.toml:25",
        ),
        (
            "agencies.toml",
            "[[agency]]",
            "[[agency]]\ncode = \"BARE\"\nname = \"Bare\"\nunit = \"bare\"\n\n[[agency]]"
                .to_owned(),
            "warning no-focal-point agencies.toml:2",
        ),
        (
            "agencies.toml",
            "[[agency]]",
            "[[agency]]\ncode = \"BARE\"\nname = \"Bare\"\nunit = \"bare\"\n\n[[agency]]"
                .to_owned(),
            "note unused agencies.toml:2",
        ),
    ];
    for (path, from, to, expected) in &cases {
        let found = found(&[(path, from, to)]);
        assert!(found.iter().any(|one| one == expected), "{expected}: {found:#?}");
    }
}

#[test]
fn a_rule_that_loses_one_of_its_categories_is_shadowed() {
    let second = "primary = [\"UB@AREA\"]\n[[category]]\ncode = \"S2\"\nsector = \"S\"\nname = \"Lamp\"\npriority = \"P3\"\nroute = \"FIXED\"\nprimary = [\"UB@AREA\"]\n";
    let rules = "[[rule]]\nid = \"a\"\nwhy = \"x\"\nwhen = { category = [\"S1\"] }\nthen = { primary = 1 }\n\
                 [[rule]]\nid = \"b\"\nwhy = \"x\"\nwhen = { category = [\"S1\", \"S2\"], word = [\"hố\"] }\nthen = { desk = \"coordinators\" }\n\
                 [[rule]]\nid = \"first\"";
    let found = found(&[
        ("categories.toml", "primary = [\"UB@AREA\"]\n", second),
        ("rules/fixed.toml", "[[rule]]\nid = \"first\"", rules),
    ]);
    assert!(found.contains(&"warning shadowed rules/fixed.toml:9".to_owned()), "{found:#?}");
}

#[test]
fn limits_and_calendars_are_looked_into() {
    let row = |id: &str, rest: &str| {
        format!(
            "[[limits]]\nid = \"{id}\"\nclock = \"ruling\"\n{rest}\nbasis = \"design\"\nvi = \"x\"\nen = \"x\"\n\n"
        )
    };
    const FIRST: &str = "[[limits]]\nid = \"dispatch-2020\"";
    let own = row("own", "own_category = true\nlimit = \"1 hour\"");
    let other = row("other", "own_category = false\nlimit = \"2 hours\"");
    // What is left for a third row once two before it share all cases.
    let last = row("last", "kinds = [\"question\"]\nlimit = \"3 hours\"");
    let told = found(&[("limits.toml", FIRST, &format!("{own}{other}{last}{FIRST}"))]);
    assert!(told.iter().any(|one| one.starts_with("error unreachable limits.toml:")), "{told:#?}");

    let sector = (
        "limits.toml",
        "infrastructure_sectors = [\"S\"]",
        "infrastructure_sectors = [\"S\", \"XX\"]",
    );
    assert!(found(&[sector]).contains(&"warning unknown limits.toml:26".to_owned()));

    // A limit of the category's own that no row asks for.
    let asks = "limit = \"category\"";
    let mut files = town();
    let limits = files.iter_mut().find(|(path, _)| path == "limits.toml").unwrap();
    assert!(limits.1.contains(asks));
    limits.1 = limits.1.replace(asks, "limit = \"category\"\npriorities = [\"P1\"]");
    let category = files.iter_mut().find(|(path, _)| path == "categories.toml").unwrap();
    category.1 = category.1.replace("route =", "limits = { resolve = \"9 days\" }\nroute =");
    let told = lint(&files, date(2026, 3, 10));
    let own = told.iter().find(|one| one.check == "never-applies");
    assert!(own.is_some_and(|one| one.file == "categories.toml"), "{told:#?}");
}

#[test]
fn calendars_that_run_out_are_told_in_time() {
    let town = town();
    let told = |day| -> Vec<String> {
        let found = lint(&town, day);
        let of_calendar = found.iter().filter(|one| one.file == "calendars.toml");
        of_calendar.map(|one| format!("{} {}", one.severity.as_str(), one.check)).collect()
    };
    assert_eq!(told(date(2026, 3, 10)), [""; 0]);
    assert_eq!(told(date(2026, 12, 20)), ["warning predicted"]);
    assert_eq!(told(date(2028, 8, 1)), ["warning runs-out", "warning predicted"]);
    assert_eq!(told(date(2029, 1, 1)), ["error runs-out"]);
    assert_eq!(told(date(2023, 12, 1)), ["error runs-out"]);
}

/// What loading refuses already, told by lint in the same form.
#[test]
fn missing_years_overlaps_and_unknown_names_are_errors() {
    let gap = found(&[("calendars.toml", "year = 2026", "year = 2036")]);
    assert!(gap[0].starts_with("error invalid calendars.toml:"), "{gap:?}");
    let agencies = "\n[[agencies]]\ncodes = [\"NOBODY\"]\nschedule = \"zones\"\n\n[[years]]";
    let nobody = found(&[("calendars.toml", "\n[[years]]", agencies)]);
    assert!(nobody[0].starts_with("error invalid calendars.toml:"), "{nobody:?}");
    let twice = agencies.replace("NOBODY", "NEW\", \"NEW");
    let twice = found(&[("calendars.toml", "\n[[years]]", &twice)]);
    assert!(twice[0].starts_with("error invalid calendars.toml:"), "{twice:?}");
    let early =
        found(&[("limits.toml", "valid_from = 2025-09-04", "valid_from = 2025-09-04\nkinds = 1")]);
    assert!(early[0].starts_with("error invalid limits.toml:"), "{early:?}");
    let kind = found(&[("limits.toml", "kinds = [\"emergency\"]", "kinds = [\"emergncy\"]")]);
    assert!(kind[0].starts_with("error invalid limits.toml:"), "{kind:?}");
    let priority = found(&[(
        "limits.toml",
        "limit = \"5 minutes\"",
        "limit = \"5 minutes\"\npriorities = [\"P9\"]",
    )]);
    assert!(priority[0].starts_with("error invalid limits.toml:"), "{priority:?}");
}

#[test]
fn the_city_has_no_errors() {
    let found = lint(&files(), date(2026, 3, 10));
    let errors: Vec<_> = found.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let districts = found.iter().filter(|f| f.check == "no-successor").count();
    assert!(
        districts >= 24,
        "the districts ended without successors in the directory: {districts}"
    );
    assert!(found.iter().all(|f| !f.file.is_empty() && f.line > 0), "{found:#?}");
    assert!(found[0].to_string().contains(&format!("{}:", found[0].file)));
}
