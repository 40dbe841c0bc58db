//! Stopped in the middle.

use hoiam::rebuild::{Phase, rebuild, status, verify};
use tokio::sync::watch;

use super::*;
use crate::support::bed::sql;

/// Runs a rebuild and drops it when it tells of a phase for the `nth` time; false if it never did.
async fn drop_at(log: &Log, phase: Phase, nth: usize, how: RebuildOptions) -> bool {
    let (reached, mut wait) = watch::channel(0);
    let running = rebuild(log, &[], how, move |progress| {
        if progress.phase == phase {
            reached.send_modify(|times| *times += 1);
        }
    });
    tokio::select! {
        biased;
        reached = wait.wait_for(|times| *times >= nth) => reached.is_ok(),
        done = running => { done.unwrap(); false }
    }
}

both! {
    async fn at_every_phase(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 8).await;
        let log = city.desk.log();
        let (before, names_before) = (everything(log).await, names(log).await);
        for phase in [Phase::Filling, Phase::Indexing, Phase::Comparing, Phase::Exchanging] {
            assert!(drop_at(log, phase, 1, cramped()).await, "{phase:?}");
            assert_eq!(everything(log).await, before, "the old rows are served");
            // What comes meanwhile is in the rows afterwards.
            let done = rebuild(log, &[], options(), quiet).await.unwrap();
            assert!(done.replaced && done.difference().is_none(), "{phase:?}");
            assert!(done.resumed_from > 0 || phase == Phase::Filling, "{phase:?}");
            assert_eq!(everything(log).await, before);
            assert_eq!(names(log).await, names_before);
        }
    }

    /// What was filled is used, unless the tables have changed or others are asked for.
    async fn it_goes_on_only_where_that_is_right(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 8).await;
        let log = city.desk.log();
        assert!(drop_at(log, Phase::Indexing, 1, cramped()).await);
        let filling = status(log).await.unwrap()[0].filling.unwrap();
        assert!(filling.position > 0 && filling.position == filling.head);
        story(&city, 4).await;
        // Some of them can go on by themselves; then all of them cannot go on together.
        let some = rebuild(log, &["cases"], options(), quiet).await.unwrap();
        assert_eq!((some.resumed_from, some.difference()), (filling.position, None));
        let all = rebuild(log, &[], options(), quiet).await.unwrap();
        assert_eq!((all.resumed_from, all.difference()), (0, None));
        assert!(drop_at(log, Phase::Comparing, 1, cramped()).await);
        story(&city, 4).await;
        let verified = verify(log, &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        assert_eq!(status(log).await.unwrap()[0].filling, None, "verify leaves nothing to go on with");
        assert_eq!(rebuild(log, &[], options(), quiet).await.unwrap().resumed_from, 0);
    }

    /// The notes that the indexes are there are one a projection.
    async fn between_two_notes(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 8).await;
        let log = city.desk.log();
        assert!(drop_at(log, Phase::Comparing, 1, cramped()).await);
        sql(log.pool(), "UPDATE projection_fills SET phase = 'rows' WHERE name > 'd'").await.unwrap();
        let done = rebuild(log, &[], options(), quiet).await.unwrap();
        assert_eq!((done.resumed_from, done.difference()), (log.head().await.unwrap(), None));
        assert_eq!(verify(log, &[]).await.unwrap().difference(), None);
    }
}
