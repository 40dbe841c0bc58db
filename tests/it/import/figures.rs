//! The sample's figures, counted here from the file by means of their own: texts are compared, no
//! time is parsed.

use std::collections::BTreeMap;

use hoiam::report::{Asked, By, Counts, report};

use super::*;
use crate::support::bed::number;

type Figures = BTreeMap<String, [i64; 5]>;

/// `2031-01-11T08:00:00.5` → `2031-01-11 08:00:00.500`: comparable as text.
fn comparable(time: &str) -> String {
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    format!("{}.{fraction:0<3}", whole.replace('T', " "))
}

fn counted(by: &str) -> Figures {
    let mut reader = csv::Reader::from_path(example("sample.csv")).unwrap();
    let mut figures = Figures::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let group = figures.entry(row[by].trim().to_owned()).or_default();
        let (target, closed) = (comparable(&row["target_dt"]), comparable(&row["closed_dt"]));
        let outcome = match (row["target_dt"].is_empty(), row["closed_dt"].is_empty()) {
            (_, true) => 1,
            (true, false) => 4,
            (false, false) if closed <= target => 2,
            (false, false) => 3,
        };
        group[0] += 1;
        group[outcome] += 1;
    }
    figures
}

async fn reported(desk: &Desk, by: By) -> Figures {
    let rules = desk.rules();
    let asked = Asked::all(by, desk.now());
    let report = report(desk.log(), &rules.directory, &asked).await.unwrap();
    let figures =
        |c: &Counts| [c.received, c.open, c.closed_on_time, c.closed_late, c.closed_without_target];
    let sum: i64 = report.rows.iter().map(|row| row.counts.received).sum();
    assert_eq!(report.total.received, sum);
    report.rows.iter().map(|row| (row.name.clone(), figures(&row.counts))).collect()
}

async fn check(desk: &Desk) {
    for (by, column) in [(By::Agency, "department"), (By::Category, "type"), (By::Sector, "reason")]
    {
        assert_eq!(reported(desk, by).await, counted(column), "{column}");
    }
    assert_eq!(reported(desk, By::Kind).await["Sự cố"][0], 37);
}

both! {
    async fn the_sample_counts_as_without_the_engine(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        let sample = example("sample.csv");
        let (first, rejects) = city.import(&desk, &boston(), &sample).await;
        assert_eq!((first, rejects), (summary(37, 0, 0), vec![]));
        check(&desk).await;
        let head = desk.log().head().await.unwrap();
        let (second, _) = city.import(&desk, &boston(), &sample).await;
        assert_eq!(second, summary(0, 37, 0));
        assert_eq!(desk.log().head().await.unwrap(), head, "a second import adds nothing");
        check(&desk).await;
        let pool = desk.log().pool();
        assert_eq!(number(pool, "SELECT COUNT(*) FROM outbox").await, 0);
        assert_eq!(number(pool, "SELECT COUNT(*) FROM tracking").await, 37);
        desk.log().close().await;
    }

    async fn the_period_of_a_report_is_of_the_receipt(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        city.import(&desk, &boston(), &example("sample.csv")).await;
        let rules = desk.rules();
        let count = async |from: Option<&str>, to: Option<&str>| {
            let time = |text: &str| text.parse().unwrap();
            let (from, to) = (from.map(time), to.map(time));
            let asked = Asked { from, to, ..Asked::all(By::Agency, desk.now()) };
            report(desk.log(), &rules.directory, &asked).await.unwrap().total.received
        };
        // The row of the turn of the year was received at 2030-12-31 23:59:59, five hours west.
        let new_year = Some("2031-01-01T05:00:00Z");
        assert_eq!(count(None, new_year).await, 1);
        assert_eq!(count(new_year, None).await, 36);
        assert_eq!(count(Some("2031-01-01T04:59:59Z"), new_year).await, 1);
        assert_eq!(count(None, Some("2031-01-01T04:59:59Z")).await, 0);
        desk.log().close().await;
    }
}
