//! The demonstration city's rules load; wrong sets are refused with file and line.

use std::path::Path;
use std::sync::OnceLock;

use super::*;

/// The files of `routing-rules/`.
pub(in crate::routing) fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../routing-rules");
    let mut out = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    out.sort();
    out
}

/// The demonstration city, read once.
pub(in crate::routing) fn city() -> &'static RuleSet {
    static CITY: OnceLock<RuleSet> = OnceLock::new();
    CITY.get_or_init(|| match RuleSet::load(&files()) {
        Ok(rules) => rules,
        Err(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        }
    })
}

#[test]
fn the_city_is_complete() {
    let directory = &city().directory;
    assert_eq!(directory.agencies.len(), 86);
    assert_eq!(directory.focal_points.len(), 625);
    assert_eq!(directory.sectors.len(), 12);
    assert_eq!(directory.categories.len(), 142);
    assert_eq!(directory.districts.len(), 24);
    assert_eq!(directory.wards.len(), 312);
}

#[test]
fn the_hash_is_of_all_files_in_any_order() {
    let mut all = files();
    all.reverse();
    assert_eq!(RuleSet::load(&all).unwrap().hash, city().hash);
    all[0].1.push('\n');
    assert_ne!(RuleSet::load(&all).unwrap().hash, city().hash);
}

/// A town of three units, as little as a rule set can be.
pub(in crate::routing) fn town() -> Vec<(String, String)> {
    let city = files();
    let of_city = |path: &str| city.iter().find(|(p, _)| p == path).unwrap().1.clone();
    let calendars = of_city("calendars.toml");
    let parts = calendars.split("\n[[").filter(|part| !part.starts_with("agencies"));
    let calendars = parts.collect::<Vec<_>>().join("\n[[");
    let city_sectors = r#"["GT", "CN", "TN", "CS", "CX", "DL", "VT"]"#;
    let limits = of_city("limits.toml").replace(city_sectors, r#"["S"]"#);
    [
        ("routing.toml", "default_desk = \"coordinators\"\n[areas]\nUB = \"council\"\n".to_owned()),
        ("calendars.toml", calendars),
        ("limits.toml", limits),
        ("sectors.toml", "[[sector]]\ncode = \"S\"\nname = \"Streets\"\n".to_owned()),
        (
            "categories.toml",
            "[[category]]\ncode = \"S1\"\nsector = \"S\"\nname = \"Hole\"\npriority = \"P3\"\nroute = \"FIXED\"\nprimary = [\"UB@AREA\"]\n".to_owned(),
        ),
        ("districts.toml", "[[district]]\ncode = \"N\"\nname = \"North\"\n".to_owned()),
        (
            "agencies.toml",
            "[[agency]]\ncode = \"OLD\"\nname = \"Old council\"\nunit = \"council\"\nareas = [\"N\"]\nvalid_to = 2024-06-30\nsuccessor = \"MID\"\n\n\
             [[agency]]\ncode = \"MID\"\nname = \"Council of the merger\"\nunit = \"merged\"\nvalid_from = 2024-07-01\nvalid_to = 2025-06-30\nsuccessor = \"NEW\"\n\n\
             [[agency]]\ncode = \"NEW\"\nname = \"New council\"\nunit = \"merged\"\nvalid_from = 2025-07-01\nfocal_points = [\n  { code = \"NEW-1\", name = \"Empty\", vacant = true },\n  { code = \"NEW-2\", name = \"Desk\" },\n]\n".to_owned(),
        ),
        (
            "rules/fixed.toml",
            "table = \"FIXED\"\n\n[[rule]]\nid = \"first\"\nwhy = \"Theirs.\"\nthen = { primary = 1 }\n".to_owned(),
        ),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .to_vec()
}

/// The town with one text replaced in one file.
fn changed(path: &str, from: &str, to: &str) -> Result<RuleSet, String> {
    let mut files = town();
    let file = files.iter_mut().find(|(p, _)| p == path).unwrap();
    assert!(file.1.contains(from), "{path} has no {from}");
    file.1 = file.1.replacen(from, to, 1);
    RuleSet::load(&files)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_town_without_phrases_wards_or_boxes_routes_by_the_operators_choice() {
    let rules = RuleSet::load(&town()).unwrap();
    let route = |at: &str| {
        let input = crate::routing::RouteInput {
            category: Some("S1".into()),
            attributes: [("district".to_owned(), "N".to_owned())].into(),
            ..crate::routing::RouteInput::text("a hole", at.parse().unwrap())
        };
        rules.explain(&input)
    };
    let agency = |at: &str| route(at).agency.unwrap().as_str().to_owned();
    assert_eq!(agency("2024-06-30T12:00:00+07:00"), "OLD");
    assert_eq!(agency("2024-07-01T12:00:00+07:00"), "MID");
    let last = route("2025-07-01T12:00:00+07:00");
    assert_eq!(last.agency.unwrap().as_str(), "NEW");
    assert_eq!(last.focal_point.unwrap().as_str(), "NEW-2", "never the vacant one");
    assert!(last.because.iter().any(|line| line.contains("New council tiếp nhận")));
    let unread = rules.explain(&crate::routing::RouteInput::text(
        "a hole",
        "2025-07-01T12:00:00Z".parse().unwrap(),
    ));
    assert_eq!(unread.desk, Some(crate::kinds::Desk::Coordinators));
}

#[test]
fn wrong_sets_are_refused_with_file_and_line() {
    let cases = [
        ("routing.toml", "default_desk", "desk", "routing.toml:1: unknown field"),
        ("routing.toml", "default_desk = \"coordinators\"", "", "missing field `default_desk`"),
        ("routing.toml", "council", "parish", "districts.toml:2: no agency of unit `parish`"),
        (
            "categories.toml",
            "\"FIXED\"",
            "\"FIXD\"",
            "categories.toml:2: no file in rules/ has the table `FIXD`",
        ),
        ("categories.toml", "UB@AREA", "WATER", "there is no agency `WATER`"),
        ("categories.toml", "UB@AREA", "CN@AREA", "does not say what unit `CN@AREA` means"),
        ("categories.toml", "sector = \"S\"", "sector = \"T\"", "there is no sector `T`"),
        ("categories.toml", "P3", "P9", "categories.toml:5"),
        (
            "agencies.toml",
            "code = \"MID\"",
            "code = \"OLD\"",
            "agencies.toml:10: agency `OLD` is there twice",
        ),
        ("agencies.toml", "successor = \"NEW\"", "successor = \"OLD\"", "lead back to itself"),
        ("agencies.toml", "valid_to = 2024-06-30\n", "", "has a successor but no valid_to"),
        ("agencies.toml", "2025-07-01", "2025-09-01", "a gap"),
        (
            "agencies.toml",
            "\"Desk\"",
            "\"Desk\", vacant = true",
            "agencies.toml:18: every focal point",
        ),
        (
            "agencies.toml",
            "unit = \"merged\"\nvalid_from = 2024-07-01",
            "unit = \"council\"\nareas = [\"N\"]\nvalid_from = 2024-01-01",
            "at the same time",
        ),
        ("rules/fixed.toml", "primary = 1", "primary = 2", "fewer than 2 primary agencies"),
        (
            "rules/fixed.toml",
            "primary = 1",
            "primary = 1, desk = \"coordinators\"",
            "exactly one of",
        ),
        (
            "rules/fixed.toml",
            "then",
            "when = { category = [\"S1\"] }\nthen",
            "the last rule must have no `when`",
        ),
        (
            "rules/fixed.toml",
            "[[rule]]",
            "[[rule]]\nid = \"all\"\nwhy = \"x\"\nthen = { primary = 1 }\n\n[[rule]]",
            "rules/fixed.toml:9: can never decide: `all`",
        ),
        ("rules/fixed.toml", "primary = 1", "primary = 1, ask = \"width\"", "no attribute `width`"),
        (
            "districts.toml",
            "name = \"North\"\n",
            "name = \"North\"\naliases = [\"N0rth\"]\n[[district]]\ncode = \"M\"\nname = \"N0rth\"\n",
            "already stands for M",
        ),
        ("limits.toml", "version = 1", "version = 99", "limits.toml:"),
    ];
    for (path, from, to, expected) in cases {
        let errors = changed(path, from, to).err().unwrap_or_default();
        assert!(errors.contains(expected), "{path}: {from} -> {to}: {errors}");
    }
    let mut odd = town();
    odd.push(("rulez/x.toml".to_owned(), String::new()));
    assert!(RuleSet::load(&odd).is_err());
    odd = town();
    odd.retain(|(path, _)| path != "routing.toml");
    assert!(RuleSet::load(&odd).unwrap_err()[0].message.contains("default desk"));
}
