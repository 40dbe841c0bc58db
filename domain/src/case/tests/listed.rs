//! `docs/events.md` lists the kinds there are, in the versions they have.

use crate::case::Event;

#[test]
fn the_documentation_lists_every_kind_and_version() {
    let page = include_str!("../../../../docs/events.md");
    let listed: Vec<(String, String)> = page
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `case.")?.split('|').map(str::trim);
            let kind = format!("case.{}", cells.next()?.trim_end_matches('`'));
            Some((kind, cells.next()?.to_owned()))
        })
        .collect();
    let known: Vec<(String, String)> = Event::KINDS
        .iter()
        .map(|(kind, version)| ((*kind).to_owned(), version.to_string()))
        .collect();
    assert_eq!(listed, known, "docs/events.md and `events!` differ");
}
