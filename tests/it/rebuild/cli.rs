//! `hoiam projections`, as people and scripts use it.

use serde_json::Value;

use super::*;
use crate::support::bed::sql;

/// Exit code, output, errors.
pub(super) fn run(bed: &Bed, arguments: &[&str]) -> (i32, String, String) {
    bed.hoiam("projections", arguments)
}

both! {
    async fn exit_codes_and_json(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 4).await;
        let log = city.desk.log();
        let (code, out, _) = run(bed, &["status", "--json"]);
        let all: Vec<Value> = serde_json::from_str(&out).unwrap();
        assert_eq!(code, 0);
        assert!(all.iter().any(|one| one["name"] == "ledger" && one["lag"] == 0 && one["filling"].is_null()));
        assert_eq!(run(bed, &["verify"]).0, 0);

        sql(log.pool(), "UPDATE outbox SET waiting = 5").await.unwrap();
        let (code, out, error) = run(bed, &["verify", "outbox", "--json"]);
        assert_eq!(code, 3);
        assert!(error.contains("outbox") && error.contains("column waiting") && error.contains("stored 5"), "{error}");
        let verified: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(verified["compared"][0]["first"]["recomputed"], "1");
        assert_eq!(run(bed, &["rebuild", "outbox", "--check"]).0, 3);
        let (code, out, _) = run(bed, &["rebuild", "outbox"]);
        assert_eq!(code, 0);
        assert!(out.contains("different") && out.contains("In place up to position"), "{out}");
        assert_eq!(run(bed, &["verify"]).0, 0);
        let (code, _, error) = run(bed, &["rebuild", "nothing"]);
        assert_eq!(code, 2);
        assert!(error.contains("`nothing`") && error.contains("tracking"));
    }
}
