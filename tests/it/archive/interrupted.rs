//! An import that breaks off never looks like a whole log, and goes on when it is run again.

use hoiam::archive::Stage;
use hoiam::log::LogError;
use hoiam::rebuild::verify;
use tokio::sync::watch;

use super::*;

/// Runs an import and drops it at the next step once it is at `stage`, beyond `position`.
async fn broken_off(database: &Database, text: &str, stage: Stage, position: u64) {
    let (reached, mut wait) = watch::channel(false);
    let mut progress = |at: Progress| {
        if at.stage == stage && at.position >= position {
            reached.send_replace(true);
        }
    };
    let source = file(text);
    let running = import(database, "HCM", &source, options(), &mut progress);
    tokio::select! {
        biased;
        _ = wait.wait_for(|there| *there) => {}
        done = running => panic!("it was not broken off: {done:?}"),
    }
}

both! {
    async fn an_import_goes_on_where_it_broke_off(bed: &Bed) {
        let other = Bed::sqlite();
        let city = small_city(&other).await;
        for nr in 0..70 {
            city.receive(&format!("{POTHOLE} {nr}")).await;
        }
        let first = whole(city.desk.log()).await;
        city.receive(POTHOLE).await;
        let text = whole(city.desk.log()).await;
        city.desk.log().close().await;

        broken_off(&bed.database, &text, Stage::Writing, 100).await;
        let refused = Log::open(&bed.database, log_options()).await.unwrap_err();
        assert!(matches!(refused, LogError::Importing { position: 100.., .. }), "{refused}");
        let error = imported(&bed.database, &first).await.unwrap_err();
        assert!(matches!(error, ArchiveError::OtherFile), "{error}");

        let done = imported(&bed.database, &text).await.unwrap();
        assert!(done.resumed_from >= 100, "{done:?}");
        let log = bed.open().await;
        assert!(whole(&log).await == text);
        assert_eq!(verify(&log, &[]).await.unwrap().difference(), None);
        log.close().await;
        other.remove().await;
    }

    async fn without_its_projections_a_log_does_not_open(bed: &Bed) {
        let other = Bed::sqlite();
        let city = small_city(&other).await;
        let text = whole(city.desk.log()).await;
        city.desk.log().close().await;
        broken_off(&bed.database, &text, Stage::Projecting, 0).await;
        let refused = Log::open(&bed.database, log_options()).await.unwrap_err();
        assert!(matches!(refused, LogError::Importing { .. }), "{refused}");
        imported(&bed.database, &text).await.unwrap();
        let log = bed.open().await;
        assert_eq!(verify(&log, &[]).await.unwrap().difference(), None);
        log.close().await;
        other.remove().await;
    }
}
