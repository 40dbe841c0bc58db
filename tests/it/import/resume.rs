//! Stopped and run again; killed and run again.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use super::*;
use crate::support::bed::number;

const ROWS: usize = 1500;

const MAP: &str = r#"
system = "old-desk"
format = "jsonl"
time_zone = "Asia/Ho_Chi_Minh"
[columns]
id = "id"
received_at = "times.opened"
closed_at = "times.closed"
text = ["text"]
reporter_name = "who"
[agency]
column = "unit"
[channel]
column = "via"
default = "phone"
"#;

fn history(city: &City) -> PathBuf {
    let mut lines = String::new();
    for nth in 1..=ROWS {
        let (hour, minute) = (nth / 60, nth % 60);
        let closed = if nth % 3 == 0 { "null" } else { "\"2030-03-05\"" };
        writeln!(
            lines,
            r#"{{"id": {nth}, "times": {{"opened": "2030-02-{day:02} {hour:02}:{minute:02}", "closed": {closed}}}, "text": "Việc {nth}", "unit": "WORK", "who": "Lê Thị {nth}", "via": "app"}}"#,
            day = 1 + hour / 24,
            hour = hour % 24,
        )
        .unwrap();
    }
    city.write("history.jsonl", lines)
}

/// Every number is used once, without a gap.
async fn gap_free(desk: &Desk) {
    let pool = desk.log().pool();
    assert_eq!(number(pool, "SELECT COUNT(*) FROM cases").await, ROWS as i64);
    let serial = "CAST(SUBSTR(number, 8, 6) AS BIGINT)";
    let sum = format!("SELECT CAST(SUM({serial}) AS BIGINT) FROM cases");
    assert_eq!(number(pool, &sum).await, (ROWS * (ROWS + 1) / 2) as i64);
    let last = format!("SELECT MAX({serial}) FROM cases");
    assert_eq!(number(pool, &last).await, ROWS as i64);
}

both! {
    async fn a_stopped_import_goes_on(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        let (file, map) = (history(&city), map(MAP));
        let stop = AtomicBool::new(false);
        let mut rejects = Rejects::to(&city.path("rejects.jsonl"));
        let rows = Rows::open(&file, &map).unwrap();
        let mut stop_soon = |_: u64, _: u64| stop.store(true, Ordering::Relaxed);
        let first =
            import(&desk, &map, rows, &mut rejects, &stop, &mut stop_soon).await.unwrap();
        assert!(first.interrupted && first.imported > 0 && first.imported < ROWS as u64);
        let (second, rejects) = city.import(&desk, &map, &file).await;
        assert_eq!(second, summary(ROWS as u64 - first.imported, first.imported, 0));
        assert!(rejects.is_empty());
        gap_free(&desk).await;
        // Numbers follow the file: the times in it ascend from row to row.
        let earlier_with_higher_number = "SELECT COUNT(*) FROM (SELECT number, LAG(number) OVER \
            (ORDER BY received_at) AS before FROM cases) AS pairs WHERE SUBSTR(before, 8, 6) > SUBSTR(number, 8, 6)";
        assert_eq!(number(desk.log().pool(), earlier_with_higher_number).await, 0);
        desk.log().close().await;
    }

    async fn a_dropped_import_goes_on(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        let (file, map) = (history(&city), map(MAP));
        let mut rejects = Rejects::to(&city.path("rejects.jsonl"));
        let rows = Rows::open(&file, &map).unwrap();
        let stop = AtomicBool::new(false);
        {
            // Gone in the middle, with everything in flight, as soon as something is written.
            let mut committed = desk.log().committed();
            let mut quiet = |_: u64, _: u64| ();
            let running = import(&desk, &map, rows, &mut rejects, &stop, &mut quiet);
            tokio::select! {
                done = running => panic!("it was not stopped: {done:?}"),
                changed = committed.wait_for(|head| *head > 0) => assert!(changed.is_ok()),
            }
        }
        let (second, _) = city.import(&desk, &map, &file).await;
        assert_eq!(second.imported + second.already_there, ROWS as u64);
        assert_eq!(second.rejected, 0);
        gap_free(&desk).await;
        desk.log().close().await;
    }
}
