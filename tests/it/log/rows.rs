//! Rows of read models are written with the events they belong to.

use hoiam::log::{Append, AppendError, Expected, StreamAppend};
use hoiam_projections::table::{Row, Value};

use crate::support::bed::number;
use crate::support::build::{make_marks, mark, one, ready, stream, stream_append};

fn with_rows(expected: Expected, rows: Vec<Row>) -> Append {
    ready(vec![StreamAppend { rows, ..stream_append(stream(1), expected, 1) }])
}

both! {
    async fn rows_come_and_go_with_their_events(bed: &Bed) {
        let log = bed.open().await;
        make_marks(&log).await;
        let id = stream(7);
        let note = Some("ghi chú: 'ngoặc' \"kép\" 🌀");
        log.append(with_rows(Expected::NoStream, vec![mark(id, 1, note, 5), mark(id, 2, None, 6)])).await.unwrap();
        assert_eq!(number(log.pool(), "SELECT CAST(sum(value) AS BIGINT) FROM marks").await, 11);
        assert_eq!(number(log.pool(), "SELECT count(*) FROM marks WHERE note LIKE '%🌀'").await, 1);
        // Not taken: neither event nor row.
        let lost = log.append(with_rows(Expected::NoStream, vec![mark(id, 3, None, 100)])).await;
        assert!(matches!(lost, Err(AppendError::Conflict { .. })));
        // Replaced by key, the last of several winning.
        log.append(with_rows(Expected::Any, vec![mark(id, 1, None, 7), mark(id, 1, None, 8)])).await.unwrap();
        assert_eq!(number(log.pool(), "SELECT CAST(sum(value) AS BIGINT) FROM marks").await, 14);
        assert_eq!(number(log.pool(), "SELECT count(*) FROM marks WHERE note IS NULL").await, 2);
    }

    /// Around the sizes in which statements are made.
    async fn any_number_of_rows(bed: &Bed) {
        let log = bed.open().await;
        make_marks(&log).await;
        let mut total = 0;
        for count in [1_i64, 2, 4, 5, 16, 17, 63, 64, 65, 128, 200] {
            let rows = (0..count).map(|nr| mark(stream(u128::try_from(count).unwrap()), nr, Some("x"), 1)).collect();
            log.append(with_rows(Expected::Any, rows)).await.unwrap();
            total += count;
            assert_eq!(number(log.pool(), "SELECT count(*) FROM marks").await, total);
        }
    }

    /// A row that does not fit its table is found before it waits with others.
    async fn rows_are_checked_first(bed: &Bed) {
        let log = bed.open().await;
        make_marks(&log).await;
        let id = stream(1);
        let wrong: [fn(&mut Vec<Value>); 5] = [
            |values| drop(values.pop()),
            |values| values.push(1.into()),
            |values| values[0] = Value::Null,
            |values| values[1] = "1".into(),
            |values| values[2] = "a\0b".into(),
        ];
        for spoil in wrong {
            let mut row = mark(id, 1, None, 1);
            spoil(&mut row.values);
            let answer = log.append(with_rows(Expected::Any, vec![row])).await;
            assert!(matches!(answer, Err(AppendError::Invalid(_))), "{answer:?}");
        }
        assert_eq!(log.head().await.unwrap(), 0);
        log.append(one(id, Expected::NoStream)).await.unwrap();
    }
}
