//! Which rule set answers.

use std::path::Path;

use serde_json::Value;

use super::*;
use crate::policy::{alleys_to_the_city, node, puts_into_force};
use crate::support::city::{POTHOLE, at};

fn json(out: &str) -> Value {
    serde_json::from_str(out).unwrap()
}

both! {
    async fn explain_and_sla_answer_as_the_server_would_unless_files_are_named(bed: &Bed) {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("routing-rules");
        let files = files.to_str().unwrap();
        let explain = ["rules", "explain", "--json", POTHOLE];
        let due = ["sla", "due", "--json", "--at", "2026-03-10T09:00"];
        // No database is made for a question, and nothing is activated in an empty one.
        assert_eq!(run(bed, &explain).0, 0);
        bed.open().await.close().await;
        let by_files = json(&run(bed, &explain).1);
        assert_eq!(by_files["agency"], "UBND-BTH");
        let (code, _, said) = run(bed, &["rules", "check", "--activated"]);
        assert!(code == 2 && said.contains("no rule set is in force"), "{said}");

        let city = node(bed).await;
        // Before any day this test is run on.
        city.clock.set(at("2024-01-01T00:00:00+07:00"));
        let mut changed = alleys_to_the_city();
        let limits = changed.iter_mut().find(|(path, _)| path == "limits.toml").unwrap();
        limits.1 = limits.1.replace("limit = \"5 minutes\"", "limit = \"7 minutes\"");
        let hash = puts_into_force(&city, changed, None).await.hash;
        city.desk.log().close().await;

        let (_, out, said) = run(bed, &explain);
        assert_eq!(json(&out)["rule_set"], hash.as_str());
        assert_ne!(json(&out)["agency"], by_files["agency"]);
        assert!(said.contains("activated by lan"), "{said}");
        let named = [&explain[..], &["--rules", files]].concat();
        assert_eq!(json(&run(bed, &named).1), by_files);
        let both = [&named[..], &["--activated"]].concat();
        assert_eq!(json(&run(bed, &both).1)["rule_set"], hash.as_str());

        let dispatch = |arguments: &[&str]| json(&run(bed, arguments).1)["deadlines"][0]["span"].clone();
        assert_eq!(dispatch(&due), "7 minutes");
        assert_eq!(dispatch(&[&due[..], &["--rules", files]].concat()), "5 minutes");

        // About files: only when asked.
        assert!(!run(bed, &["rules", "check"]).1.contains(&hash));
        assert!(run(bed, &["rules", "check", "--activated"]).1.contains(&hash));
        // Alleys are elsewhere now, and the city's own examples say so.
        assert_eq!(run(bed, &["rules", "test"]).0, 0);
        assert_eq!(run(bed, &["rules", "test", "--activated"]).0, 1);
        assert_eq!(run(bed, &["rules", "test", files, "--activated"]).0, 2);
    }
}
