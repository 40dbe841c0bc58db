//! A node ended at each moment the log names: what it left is there or not, and never half.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hoiam::log::{AppendError, CrashPoint, CrashPoints, Expected, LogOptions};

use crate::support::build::{check_whole, everything, keyed, numbered, one, stream};

/// Ends the node at one point, once armed.
#[derive(Debug)]
struct At(CrashPoint, AtomicBool);

impl CrashPoints for At {
    fn ends_at(&self, point: CrashPoint) -> bool {
        point == self.0 && self.1.load(Ordering::SeqCst)
    }
}

both! {
    async fn an_ended_node_leaves_all_or_nothing(bed: &Bed) {
        let points = [CrashPoint::BeforeAppend, CrashPoint::InTransaction, CrashPoint::AfterCommit];
        for (nr, point) in (1..).zip(points) {
            let at = Arc::new(At(point, AtomicBool::new(false)));
            let options = LogOptions { crash: Some(at.clone()), ..LogOptions::default() };
            let log = bed.open_with(options).await;
            log.append(one(stream(u128::from(nr)), Expected::NoStream)).await.unwrap();
            let before = log.head().await.unwrap();
            at.1.store(true, Ordering::SeqCst);
            let append = || keyed(numbered("S", stream(100 + u128::from(nr))), nr, 1, nr);
            let lost = log.append(append()).await;
            assert!(matches!(lost, Err(AppendError::Unavailable(_))), "{point:?}: {lost:?}");
            let again = log.append(one(stream(99), Expected::Any)).await;
            assert!(matches!(again, Err(AppendError::Unavailable(_))), "{point:?}: {again:?}");

            let log = bed.open().await;
            let written = point == CrashPoint::AfterCommit;
            assert_eq!(log.head().await.unwrap(), before + u64::from(written), "{point:?}");
            let answer = log.append(append()).await.unwrap();
            assert_eq!(answer.replayed.is_some(), written, "{point:?}");
            assert_eq!(answer.answer, nr.to_string(), "numbers have no gaps");
            assert_eq!(log.head().await.unwrap(), before + 1);
            check_whole(&everything(&log).await);
        }
    }
}
