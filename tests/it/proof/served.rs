//! What the server shows of the log, and a citizen's receipt from the answer to the offline check.

use std::process::Command;

use hoiam::log::Database;
use hoiam::proof::checkpoint::Checkpoint;
use hoiam::proof::note::Note;
use hoiam::proof::receipt::{Receipt, Verdict};
use hoiam::proof::text::unhex_hash;
use hoiam::proof::tree::{Head, continues, includes};
use serde_json::{Value, json};

use super::*;
use crate::http::server::{Server, pothole, text};
use crate::support::MASTER_KEY;

/// Runs the program on a bed's database, or on none. Exit code, output, errors.
pub fn hoiam(bed: Option<&Bed>, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hoiam"));
    command.args(arguments).env_remove("HOIAM_CONFIG").env("HOIAM_MASTER_KEY", MASTER_KEY);
    command.env("HOIAM_LOG_ORIGIN", ORIGIN).env("HOIAM_LOG_KEY", "01".repeat(32));
    match bed.map(|bed| &bed.database) {
        // Nothing can be made below a file: whoever touches a database fails.
        None => command.env("HOIAM_DATA", "/dev/null/none"),
        Some(Database::Sqlite(path)) => command.env("HOIAM_DATA", path.parent().unwrap()),
        Some(Database::Postgres(url)) => command.env("HOIAM_DATABASE", url),
    };
    let done = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

fn hash(value: &Value) -> [u8; 32] {
    unhex_hash(value.as_str().unwrap()).unwrap()
}

fn hashes(value: &Value) -> Vec<[u8; 32]> {
    value.as_array().unwrap().iter().map(hash).collect()
}

both! {
    async fn the_log_can_be_checked_from_outside(bed: &Bed) {
        let server = Server::on(bed).await;
        let log = server.city.desk.log().clone();
        server.get("/log/checkpoint", "").await.refused(404, "no_checkpoint_yet", None);
        server.get("/log/key", "").await.refused(404, "no_checkpoint_yet", None);
        server.post("/api/v1/feedback", "", pothole()).await.ok();
        let keeper = keeper(&log).await;
        keeper.checkpoint().await.unwrap();
        let key = server.get("/log/key", "").await;
        assert_eq!(key.text, format!("{}\n", verifier()));
        assert_eq!(hoiam(Some(bed), &["log", "key"]).1, key.text);

        let answer = server.get("/log/checkpoint", "").await;
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert!(answer.header("cache-control").contains("max-age=5"));
        let read = |text: &str| Checkpoint::open(&text.parse::<Note>().unwrap(), &verifier()).unwrap().head;
        let first = read(&answer.text);
        assert_eq!(first.size, log.head().await.unwrap());
        round(&log, 300).await;
        keeper.checkpoint().await.unwrap();
        let last = read(&server.get("/log/checkpoint", "").await.text);

        let proof = server.get(&format!("/log/proof/consistency?first={}", first.size), "").await.ok();
        assert_eq!((hash(&proof["first_root"]), hash(&proof["second_root"])), (first.root, last.root));
        assert!(continues(&first, &last, &hashes(&proof["hashes"])));
        let stored = log.read_all(256, 1).await.unwrap().remove(0);
        for asked in ["position=257", "leaf_index=256", &format!("leaf_index=256&tree_size={}", last.size)] {
            let proof = server.get(&format!("/log/proof/inclusion?{asked}"), "").await.ok();
            assert_eq!(hash(&proof["leaf_hash"]), stored.leaf_hash);
            let head = Head { size: proof["tree_size"].as_u64().unwrap(), root: hash(&proof["root"]) };
            assert_eq!(head, last);
            assert!(includes(&stored.leaf_hash, 256, head.size, &hashes(&proof["hashes"]), &head.root));
        }
        let tile = server.get("/log/tile/0/000", "").await;
        assert_eq!(tile.status, 200);
        assert_eq!(tile.header("content-type"), "application/octet-stream");
        assert_eq!(tile.header("cache-control"), "public, max-age=31536000, immutable");
        let bytes = server.ask(reqwest::Method::GET, &format!("/log/tile/0/001.p/{}", last.size - 256)).send().await.unwrap();
        assert_eq!(bytes.bytes().await.unwrap()[..32], stored.leaf_hash);
        assert_eq!(server.get("/log/tile/1/000.p/1", "").await.status, 200);

        for (path, code) in [
            ("/log/tile/0/001", "beyond_the_checkpoint"),
            ("/log/tile/0/x001/000", "beyond_the_checkpoint"),
            ("/log/tile/0/1", "no_such_tile"),
            ("/log/tile/entries/000", "no_such_tile"),
            ("/log/tile/0/000.p/256", "no_such_tile"),
            ("/log/tile/0/%ff", "no_such_tile"),
            ("/log/proof/inclusion?position=9999", "beyond_the_checkpoint"),
            ("/log/proof/inclusion?leaf_index=18446744073709551615", "beyond_the_checkpoint"),
        ] {
            let answer = server.get(path, "").await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (404, Some(code)), "{path}");
        }
        for path in ["/log/proof/inclusion", "/log/proof/inclusion?position=0", "/log/proof/inclusion?position=1&leaf_index=0",
            "/log/proof/inclusion?position=-1", "/log/proof/consistency", "/log/proof/consistency?first=x",
            "/log/proof/consistency?first=9&second=8"] {
            let answer = server.get(path, "").await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (422, Some("invalid_parameter")), "{path}");
        }
        server.get("/log/checkpoint?x=1", "").await.refused(400, "unknown_parameter", Some("x"));
        server.stop().await;
    }

    async fn a_receipt_is_checked_offline(bed: &Bed) {
        let server = Server::on(bed).await;
        let log = server.city.desk.log().clone();
        let sent = |nr: u8| server.ask(reqwest::Method::POST, "/api/v1/feedback").header("idempotency-key", format!("k{nr}"))
            .json(&pothole()).send();
        let received: Value = sent(1).await.unwrap().json().await.unwrap();
        let given: Receipt = serde_json::from_value(received["receipt"].clone()).unwrap();
        let first = log.read_all(0, 1).await.unwrap().remove(0);
        assert_eq!((given.position, given.leaf_hash), (1, first.leaf_hash));
        assert_eq!(given.number, text(&received, "number"));
        assert_eq!((&given.event, &given.proof, &given.checkpoint), (&None, &None, &None));
        // The same request again gets the same receipt.
        let again: Value = sent(1).await.unwrap().json().await.unwrap();
        assert_eq!(again["receipt"], received["receipt"]);
        let other: Value = sent(2).await.unwrap().json().await.unwrap();
        assert_ne!(other["receipt"]["leaf_hash"], received["receipt"]["leaf_hash"]);

        let path = format!("/api/v1/track/{}/receipt", text(&received, "tracking_code"));
        let before: Receipt = serde_json::from_value(server.get(&path, "").await.ok()).unwrap();
        assert_eq!(before, given);
        assert_eq!(before.verify(&verifier(), &[]), Ok(Verdict::Pending));
        server.get("/api/v1/track/0000-0000-0000-0000/receipt", "").await.refused(404, "no_such_case", Some("tracking_code"));

        keeper(&log).await.checkpoint().await.unwrap();
        let answer = server.get(&path, "").await;
        assert_eq!(answer.header("cache-control"), "no-store");
        for secret in ["Trần Thị Thử", "0900", "Bùi Đình Túy"] {
            assert!(!answer.text.contains(secret), "{secret}");
        }
        let receipt: Receipt = serde_json::from_value(answer.ok()).unwrap();
        assert!(matches!(receipt.verify(&verifier(), &[]), Ok(Verdict::Proved { .. })));
        assert_eq!(receipt.event.as_deref(), Some(first.payload.as_str()), "the stored bytes");

        // The program, with nothing but the file and the key.
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let key = verifier().to_string();
        let check = |path: &str, key: &str| hoiam(None, &["receipt", "verify", path, "--key", key]);
        let good = file("good.json", &answer.text);
        let (code, out, error) = check(&good, &key);
        assert_eq!(code, 0, "{error}");
        assert!(out.contains("Biên nhận đúng") && out.contains("The receipt is true") && out.contains(&given.number));
        assert_eq!(check(&good, &file("log.key.pub", &format!("{key}\n"))).0, 0);
        assert_eq!(check(&file("pending.json", &json!(before).to_string()), &key).0, 4);
        assert_eq!(check(&file("answer.json", &received.to_string()), &key).0, 4);
        let altered = answer.text.replacen(&hoiam::tracking::hex(&given.leaf_hash), &"0".repeat(64), 1);
        let (code, _, error) = check(&file("altered.json", &altered), &key);
        assert_eq!(code, 3);
        assert!(error.contains("KHÔNG") && error.contains("NOT proved"), "{error}");
        // Under another number, another's event under one's own number, and one of before it held its event.
        let with = |change: &dyn Fn(&mut Value)| {
            let mut value = json!(receipt);
            change(&mut value);
            check(&file("changed.json", &value.to_string()), &key)
        };
        let theirs = format!("/api/v1/track/{}/receipt", text(&other, "tracking_code"));
        let theirs = server.get(&theirs, "").await.ok();
        let (number, another) = (json!(given.number), theirs["number"].clone());
        assert_ne!(number, another);
        assert_eq!(with(&|r| *r = theirs.clone()).0, 0);
        assert_eq!(with(&|r| r["number"] = another.clone()).0, 3);
        assert_eq!(with(&|r| { *r = theirs.clone(); r["number"] = number.clone(); }).0, 3);
        assert_eq!(with(&|r| r["event"] = theirs["event"].clone()).0, 3);
        let (code, out, said) = with(&|r| drop(r.as_object_mut().unwrap().remove("event")));
        assert_eq!((code, out.as_str()), (3, ""));
        assert!(said.contains("không cho biết là của hồ sơ nào") && said.contains("does not say which case") && said.contains("fetch it anew"), "{said}");
        assert_eq!(check(&good, &signing(2).verifier(Kind::Note).to_string()).0, 3, "another key");
        assert_eq!(check(&file("none.json", "{}"), &key).0, 2);
        assert_eq!(check("/no/such/file", &key).0, 2);
        assert_eq!(check(&good, "no key").0, 2);

        // The whole log, too.
        let note = file("checkpoint", &server.get("/log/checkpoint", "").await.text);
        let (code, out, error) = hoiam(Some(bed), &["log", "verify", "--from", &note, "--key", &key]);
        assert_eq!(code, 0, "{error}");
        assert!(out.contains("Nhật ký nguyên vẹn") && out.contains("The log is whole"), "{out}");
        assert!(out.contains("continues the checkpoint from outside") && !out.contains("--from"), "{out}");
        let (code, out, _) = hoiam(Some(bed), &["log", "verify"]);
        assert!(code == 0 && out.contains("The log is whole") && out.contains("Compared only with what this database keeps"), "{out}");
        let covered = log.head().await.unwrap();
        round(&log, 3).await;
        let (code, out, _) = hoiam(Some(bed), &["log", "verify", "--from", &note, "--key", &key]);
        let uncovered = format!("No signed checkpoint covers events {} to {}", covered + 1, covered + 3);
        assert!(code == 0 && out.contains(&uncovered), "{out}");
        server.stop().await;
        let trigger = if bed.is_postgres() { "ALTER TABLE events DISABLE TRIGGER ALL" } else { "DROP TRIGGER events_no_update" };
        let log = bed.open().await;
        for edit in [trigger, "UPDATE events SET payload = replace(payload, 'number', 'numbex') WHERE position = 1"] {
            crate::support::bed::sql(log.pool(), edit).await.unwrap();
        }
        let (code, _, error) = hoiam(Some(bed), &["log", "verify", "--from", &note]);
        assert_eq!(code, 3);
        assert!(error.contains("sự kiện 1 đã bị sửa") && error.contains("event 1 was altered"), "{error}");
        log.close().await;
    }
}
