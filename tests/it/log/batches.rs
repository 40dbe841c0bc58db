//! What happens inside one batch: losers lose alone, the later is judged after the earlier, and
//! what the database refuses hurts nobody else.

use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Waker};

use hoiam::log::{Append, AppendError, Appended, Content, Expected, Log, Prepared};

use crate::support::bed::number;
use crate::support::build::{
    check_whole, content, everything, keyed, make_marks, numbered, one, poisoned, stream,
    stream_append,
};

type Answer = Result<Appended, AppendError>;
type Pending<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// Hands appends to the committer while it is held inside a batch, so that they all wait
/// together and become the next batch, in this order.
async fn in_one_batch(log: &Log, appends: Vec<Append>) -> Vec<Answer> {
    let (go, wait) = mpsc::channel::<()>();
    let (started, mut is_started) = tokio::sync::mpsc::unbounded_channel();
    let build = move |_| {
        started.send(()).unwrap();
        wait.recv().unwrap();
        Ok(Prepared {
            streams: vec![stream_append(stream(u128::MAX), Expected::Any, 1)],
            answer: String::new(),
        })
    };
    let mut holding: Pending<'_> =
        Box::pin(log.append(content(Content::Numbered {
            series: "holding".into(),
            build: Box::new(build),
        })));
    enqueue(&mut holding);
    is_started.recv().await.unwrap();
    let mut waiting: Vec<Pending<'_>> =
        appends.into_iter().map(|append| Box::pin(log.append(append)) as _).collect();
    waiting.iter_mut().for_each(enqueue);
    // The stream the builder names has not been read, so it is asked once more.
    go.send(()).unwrap();
    go.send(()).unwrap();
    holding.await.unwrap();
    let mut answers = Vec::new();
    for answer in waiting {
        answers.push(answer.await);
    }
    answers
}

/// The first poll puts the append into the queue.
fn enqueue(append: &mut Pending<'_>) {
    assert!(append.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

both! {
    async fn the_later_is_judged_after_the_earlier(bed: &Bed) {
        let log = bed.open().await;
        let id = stream(1);
        let answers = in_one_batch(&log, vec![
            one(id, Expected::NoStream),
            one(id, Expected::NoStream),
            one(id, Expected::Exactly(1)),
            one(id, Expected::Exactly(1)),
            one(stream(2), Expected::StreamExists),
            one(id, Expected::Any),
        ])
        .await;
        let versions: Vec<Result<u64, AppendError>> =
            answers.into_iter().map(|answer| answer.map(|appended| appended.versions[0].1)).collect();
        let conflict = |stream, actual| Err(AppendError::Conflict { stream, actual });
        let expected =
            [Ok(1), conflict(id, 1), Ok(2), conflict(id, 2), conflict(stream(2), 0), Ok(3)];
        assert_eq!(versions, expected);
        let events = everything(&log).await;
        check_whole(&events);
        assert_eq!(events.len(), 4);
        if bed.is_postgres() {
            let sql = "SELECT count(DISTINCT CAST(xmin AS TEXT)) FROM events";
            assert_eq!(number(log.pool(), sql).await, 2, "the holding append and one batch");
        }
    }

    async fn losers_take_no_number(bed: &Bed) {
        let log = bed.open().await;
        let refusing = content(Content::Numbered { series: "S".into(), build: Box::new(|_| Err("đủ rồi".into())) });
        let panicking = content(Content::Numbered { series: "S".into(), build: Box::new(|_| panic!("in a test")) });
        let answers = in_one_batch(&log, vec![
            numbered("S", stream(1)),
            numbered("S", stream(1)),
            refusing,
            panicking,
            numbered("S", stream(2)),
            numbered("T", stream(3)),
            numbered("S", stream(4)),
        ])
        .await;
        let numbers: Vec<Option<&str>> =
            answers.iter().map(|answer| answer.as_ref().ok().map(|appended| appended.answer.as_str())).collect();
        assert_eq!(numbers, [Some("1"), None, None, None, Some("2"), Some("1"), Some("3")]);
        assert_eq!(answers[1], Err(AppendError::Conflict { stream: stream(1), actual: 1 }));
        assert_eq!(answers[2], Err(AppendError::Rejected("đủ rồi".into())));
        assert!(matches!(answers[3], Err(AppendError::Invalid(_))));
        assert_eq!(log.append(numbered("S", stream(5))).await.unwrap().answer, "4");
    }

    async fn a_key_counts_inside_a_batch(bed: &Bed) {
        let log = bed.open().await;
        let answers = in_one_batch(&log, vec![
            keyed(one(stream(1), Expected::StreamExists), 1, 1, 1),
            keyed(one(stream(1), Expected::NoStream), 1, 1, 2),
            keyed(one(stream(1), Expected::NoStream), 1, 1, 3),
            keyed(one(stream(1), Expected::Any), 1, 2, 4),
        ])
        .await;
        assert!(matches!(answers[0], Err(AppendError::Conflict { .. })));
        let first = answers[1].as_ref().unwrap();
        let second = answers[2].as_ref().unwrap();
        assert_eq!(first.replayed, None);
        assert_eq!(second.replayed.unwrap().salt, [2; 16]);
        assert_eq!(second.first_position, first.first_position);
        assert_eq!(answers[3], Err(AppendError::IdempotencyMismatch));
        assert_eq!(log.head().await.unwrap(), 2);
    }

    /// One append the database refuses does not fail the others of its batch.
    async fn poison_hurts_only_itself(bed: &Bed) {
        let log = bed.open().await;
        make_marks(&log).await;
        let answers = in_one_batch(&log, vec![
            numbered("S", stream(1)),
            poisoned(stream(2)),
            one(stream(3), Expected::NoStream),
            numbered("S", stream(4)),
        ])
        .await;
        assert_eq!(answers[0].as_ref().unwrap().answer, "1");
        assert!(matches!(answers[1], Err(AppendError::Invalid(_))), "{:?}", answers[1]);
        assert_eq!(answers[2].as_ref().unwrap().versions, [(stream(3), 1)]);
        assert_eq!(answers[3].as_ref().unwrap().answer, "2");
        let events = everything(&log).await;
        check_whole(&events);
        assert_eq!(events.len(), 4);
        assert!(log.read_stream(stream(2), 0, 1).await.unwrap().is_empty());
    }

    /// A numbered append for a stream that turns out to be there already.
    async fn a_wrong_guess_is_a_conflict(bed: &Bed) {
        let log = bed.open().await;
        log.append(one(stream(1), Expected::NoStream)).await.unwrap();
        let answers = in_one_batch(&log, vec![
            numbered("S", stream(2)),
            numbered("S", stream(1)),
            numbered("S", stream(3)),
        ])
        .await;
        assert_eq!(answers[0].as_ref().unwrap().answer, "1");
        assert_eq!(answers[1], Err(AppendError::Conflict { stream: stream(1), actual: 1 }));
        assert_eq!(answers[2].as_ref().unwrap().answer, "2");
        check_whole(&everything(&log).await);
    }
}
