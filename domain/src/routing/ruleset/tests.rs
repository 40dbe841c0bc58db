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
