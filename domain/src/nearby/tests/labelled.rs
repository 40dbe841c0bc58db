//! Reports of which people said which are one matter: what the comparison finds of it.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::super::{LIKELY, Print, Sight, WINDOW, around, compare, filing, unkeyed};
use crate::routing::{RouteInput, RuleSet};

struct Report {
    unseen: bool,
    matter: String,
    text: String,
    sight: Sight,
    filed: BTreeSet<i64>,
    sought: BTreeSet<i64>,
}

fn rules() -> RuleSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../routing-rules");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "toml") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    RuleSet::load(&files).unwrap()
}

fn reports() -> Vec<Report> {
    let rules = rules();
    let begin: Timestamp = "2026-03-10T02:00:00Z".parse().unwrap();
    include_str!("../../../../tests/data/duplicates/reports.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |nr: usize| cells.get(nr).copied().filter(|cell| !cell.is_empty());
            let degrees = |nr: usize| cell(nr).map(|cell| cell.parse::<f64>().unwrap());
            let text = cell(3).unwrap().to_owned();
            let point = degrees(5).zip(degrees(6));
            let hours: f64 = cell(2).unwrap().parse().unwrap();
            let received_at = begin + SignedDuration::from_secs_f64(hours * 3600.0);
            let mut input = RouteInput::text(text.clone(), received_at);
            (input.point, input.address) = (point, cell(4).map(str::to_owned));
            let verdict = rules.explain(&input);
            let print = Print::of(&text, cell(4), &unkeyed);
            let narrow = verdict.ward.as_ref().map(ToString::to_string);
            let narrow = narrow.or_else(|| verdict.district.as_ref().map(ToString::to_string));
            let category = verdict.category.as_ref().map(ToString::to_string);
            let area = narrow.as_deref().zip(category.as_deref());
            let filed: BTreeSet<i64> = filing(&print, point, area).all().collect();
            let mut sought = filed.clone();
            sought.extend(point.into_iter().flat_map(around));
            Report {
                unseen: cell(0) == Some("unseen"),
                matter: cell(1).unwrap().to_owned(),
                text,
                sight: Sight {
                    print,
                    point,
                    category: verdict.category,
                    sector: verdict.sector,
                    district: verdict.district,
                    ward: verdict.ward,
                    received_at,
                },
                filed,
                sought,
            }
        })
        .collect()
}

/// Right, wrong and missed pairs.
fn judged(reports: &[Report], unseen: bool) -> (u32, u32, u32) {
    let reports: Vec<&Report> = reports.iter().filter(|report| report.unseen == unseen).collect();
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for (nr, one) in reports.iter().enumerate() {
        for two in reports.iter().skip(nr + 1) {
            let apart = one.sight.received_at.duration_since(two.sight.received_at).abs();
            let met = apart <= WINDOW && !one.sought.is_disjoint(&two.filed);
            let likeness = compare(&one.sight, &two.sight);
            let said = met && likeness.score >= LIKELY;
            let same = one.matter == two.matter;
            match (same, said) {
                (true, true) => right += 1,
                (false, true) => wrong += 1,
                (true, false) => missed += 1,
                (false, false) => {}
            }
            if same != said {
                println!(
                    "{} met={met} {:.2} {:?} {:?} {:?}\n  {} | {:?} {:?} {:?}\n  {} | {:?} {:?} {:?}",
                    if same { "MISSED" } else { "WRONG" },
                    likeness.score,
                    likeness.reasons,
                    likeness.words,
                    likeness.metres,
                    one.text,
                    one.sight.category,
                    one.sight.ward,
                    one.sight.district,
                    two.text,
                    two.sight.category,
                    two.sight.ward,
                    two.sight.district,
                );
            }
        }
    }
    (right, wrong, missed)
}

#[test]
fn what_people_call_one_matter_is_found() {
    let reports = reports();
    for unseen in [false, true] {
        let (right, wrong, missed) = judged(&reports, unseen);
        println!("unseen={unseen} right {right} wrong {wrong} missed {missed}");
        let precision = f64::from(right) / f64::from(right + wrong);
        let recall = f64::from(right) / f64::from(right + missed);
        assert!(precision >= 0.8, "precision {precision:.2}, unseen: {unseen}");
        assert!(recall >= 0.8, "recall {recall:.2}, unseen: {unseen}");
    }
}
