//! The demo city.

use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::demo;
use hoiam_domain::case::stage::StageName;

use crate::support::bed::number;
use crate::support::city::{City, at};

both! {
    async fn the_demo_city_shows_every_stage_and_no_step_is_refused(bed: &Bed) {
        let mut city = City::on(bed).await;
        let now = at("2026-11-21T18:00:00+07:00");
        city.clock = Arc::new(ManualClock::at(now));
        city.desk = city.desk.clone().with_clock(city.clock.clone());
        let loaded = demo::load(&city.desk, &city.clock, now).await.unwrap();
        assert_eq!(loaded.stopped, vec![]);
        assert!(loaded.cases >= 100);
        let pool = city.desk.log().pool();
        // What passes on at once rests in none of these.
        let passing = [StageName::Classified, StageName::Received, StageName::Checked];
        for stage in StageName::ALL.iter().filter(|stage| !passing.contains(stage)) {
            let sql = format!("SELECT count(*) FROM cases WHERE status = '{}'", stage.as_str());
            assert!(number(pool, &sql).await > 0, "no case is {}", stage.as_str());
        }
        for column in ["sector", "channel", "kind"] {
            let sql = format!("SELECT count(DISTINCT {column}) FROM cases");
            let wanted = match column { "sector" => 12, "channel" => 5, _ => 8 };
            assert_eq!(number(pool, &sql).await, wanted, "{column}");
        }
        let late = number(pool, "SELECT count(*) FROM events WHERE recorded_at > occurred_at + 60000000").await;
        assert_eq!(late, 0, "in the demo everything is recorded when it happens");
    }
}
