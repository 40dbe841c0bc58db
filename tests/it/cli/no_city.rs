//! A path or database mistyped: whoever only asks, checks or changes is refused, and nothing is made.

use super::*;
use crate::support::bed::number;

/// Commands that are about a city that is there.
const ABOUT: [&[&str]; 36] = [
    &["log", "verify"],
    &["log", "key"],
    &["log", "checkpoint"],
    &["log", "export"],
    &["log", "export", "--case", "HCM-26-000001-C"],
    &["log", "reveals"],
    &["user", "list"],
    &["user", "disable", "lan"],
    &["user", "reset", "lan"],
    &["user", "role", "lan", "--role", "operator"],
    &["user", "link", "lan", "--issuer", "https://id.example", "--subject", "1"],
    &["user", "unlink", "lan", "--issuer", "https://id.example"],
    &["person", "find", "--phone", "0900 000 001"],
    &["person", "find", "--case", "HCM-26-000001-C"],
    &["person", "export", "00000000-0000-0000-0000-000000000001"],
    &["person", "erase", "00000000-0000-0000-0000-000000000001"],
    &["person", "reapply"],
    &["case", "show", "HCM-26-000001-C"],
    &["case", "ledger", "HCM-26-000001-C"],
    &["projections", "status"],
    &["projections", "verify"],
    &["projections", "rebuild"],
    &["report", "agency"],
    &["report", "ranking", "--json"],
    &["retention", "preview"],
    &["retention", "run"],
    &["keys", "rotate"],
    &["seal-group", "list"],
    &["seal-group", "add", "lan"],
    &["token", "revoke", "tok_1"],
    &["geo", "list"],
    &["rules", "history"],
    &["rules", "cancel", "1", "--by", "lan"],
    &["rules", "replay", "--since", "2026-01-01"],
    &["rules", "successors", "--dry-run"],
    &["rules", "activate", "--by", "lan", "--dry-run"],
];

/// Nothing was made: no file, no folder, no table.
async fn untouched(bed: &Bed) -> bool {
    match &bed.database {
        Database::Sqlite(path) => {
            let folder = path.parent().unwrap();
            !folder.exists() && folder.parent().unwrap().read_dir().unwrap().next().is_none()
        }
        Database::Postgres(url) => {
            const TABLES: &str =
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
            let pool = hoiam::log::Pool::Postgres(sqlx::PgPool::connect(url).await.unwrap());
            number(&pool, TABLES).await == 0
        }
    }
}

both! {
    async fn who_asks_makes_no_city(bed: &Bed) {
        // A folder that is not there, in one that is.
        let bed = &bed.below("typo");
        let place = match &bed.database {
            Database::Sqlite(path) => path.parent().unwrap().display().to_string(),
            Database::Postgres(_) => "PostgreSQL".to_owned(),
        };
        for arguments in ABOUT {
            let (code, out, said) = run(bed, arguments);
            assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {said}");
            assert!(said.contains("không có cơ sở dữ liệu") && said.contains("no database"), "{arguments:?}: {said}");
            assert!(said.contains(&place) && !said.contains("postgres://"), "{arguments:?}: {said}");
        }
        assert!(untouched(bed).await);
        // What answers by files answers, and makes nothing either.
        assert_eq!(run(bed, &["rules", "explain", crate::support::city::POTHOLE]).0, 0);
        assert_eq!(run(bed, &["rules", "check", "--activated"]).0, 2);
        assert!(untouched(bed).await);

        // Who sets up goes on making one; then everybody finds it.
        let add = ["user", "add", "lan", "--name", "Lan", "--role", "administrator"];
        let (code, _, said) = run(bed, &add);
        assert_eq!(code, 0, "{said}");
        assert!(run(bed, &["user", "list"]).1.contains("lan"));
    }

    async fn an_empty_log_is_not_called_proved(bed: &Bed) {
        let log = bed.open().await;
        let (code, out, _) = run(bed, &["log", "verify"]);
        assert_eq!(code, 0);
        assert!(out.contains("NO signed checkpoint") && out.contains("--from") && !out.contains("whole"), "{out}");
        crate::proof::round(&log, 3).await;
        let (code, out, _) = run(bed, &["log", "verify"]);
        assert_eq!(code, 0);
        assert!(out.contains("No signed checkpoint covers events 1 to 3: pass one you kept with --from."), "{out}");
        assert!(out.contains("KHÔNG có mốc đã ký") && out.contains("nothing is proved") && !out.contains("whole"), "{out}");
        log.close().await;
    }
}
