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
    assert_eq!(found(&[]), [TOWN]);
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
