//! Whatever was done to a file: it is refused, with the line, and nothing is changed.

use hoiam::log::leaf_hash;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;

/// Lines of a file, to alter.
struct Lines(Vec<String>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.lines().map(str::to_owned).collect())
    }

    /// Alters the fields of one line, counted from 1.
    fn fields(&mut self, line: usize, change: impl Fn(&mut Value)) {
        // Fields stay in their order: the line is put together by hand.
        let text = &self.0[line - 1];
        let mut value: Value = serde_json::from_str(text).unwrap();
        change(&mut value);
        let fields = value.as_object().unwrap();
        let first = text[2..text.find("\":").unwrap()].to_owned();
        let mut parts = vec![format!("{}:{}", json!(first), fields[&first])];
        let rest = fields.iter().filter(|(name, _)| **name != first);
        parts.extend(rest.map(|(name, value)| format!("{}:{value}", json!(name))));
        self.0[line - 1] = format!("{{{}}}", parts.join(","));
    }

    /// Replaces text in a payload, and gives it a leaf hash that fits.
    fn payload(&mut self, line: usize, from: &str, to: &str) {
        self.fields(line, |event| {
            let payload = event["payload"].as_str().unwrap();
            assert!(payload.contains(from), "{payload}");
            let payload = payload.replacen(from, to, 1);
            event["leaf_hash"] = hoiam::tracking::hex(&leaf_hash(payload.as_bytes())).into();
            event["payload"] = payload.into();
        });
    }

    /// The text, with a hash in its last line that fits: what a careful forger would write.
    fn sealed(mut self) -> String {
        let last = self.0.len();
        let before: String = self.0[..last - 1].iter().map(|line| format!("{line}\n")).collect();
        let hash = hoiam::tracking::hex(&Sha256::digest(before.as_bytes()));
        self.fields(last, |end| end["sha256"] = hash.clone().into());
        self.text()
    }

    fn text(&self) -> String {
        self.0.iter().map(|line| format!("{line}\n")).collect()
    }
}

type Alter = fn(&mut Lines);

/// What is done, in which line it is noticed, what is said.
const ALTERATIONS: &[(&str, u64, &str, Alter)] = &[
    ("a payload", 4, "leaf hash", |lines| {
        lines.0[3] = lines.0[3].replacen("case", "cash", 2);
        lines.fields(4, |event| {
            event["payload"] = event["payload"].as_str().unwrap().replace("2026", "2025").into()
        });
    }),
    (
        "a payload and its hash, fields beside it not",
        3,
        "something else than the fields",
        |lines| {
            lines.payload(3, "\"version\":2", "\"version\":7");
        },
    ),
    ("an actor beside the payload", 3, "something else than the fields", |lines| {
        lines.fields(3, |event| event["actor"] = r#"{"role":"system","id":"x"}"#.into());
    }),
    ("a time beside the payload", 3, "something else than the fields", |lines| {
        lines.fields(3, |event| event["recorded_at"] = "2026-03-10T02:00:01Z".into());
    }),
    ("a kind nobody knows, everywhere", 2, "unknown event kind", |lines| {
        lines.payload(2, "case.received", "case.deceived");
        lines.fields(2, |event| event["kind"] = "case.deceived".into());
    }),
    ("a shape of the future, everywhere", 2, "this program knows up to", |lines| {
        lines.payload(2, "\"schema\":", "\"schema\":9");
        lines.fields(2, |event| {
            let schema = format!("9{}", event["schema"]);
            event["schema"] = schema.parse::<u16>().unwrap().into();
        });
    }),
    ("data that do not fit the kind", 2, "does not read", |lines| {
        lines.payload(2, "\"channel\":\"app\"", "\"channel\":\"pigeon\"");
    }),
    ("an event left out", 5, "position 5 stands where 4 belongs", |lines| {
        lines.0.remove(4);
    }),
    ("an event twice", 6, "position 4 stands where 5 belongs", |lines| {
        lines.0.insert(5, lines.0[4].clone());
    }),
    ("two events in another order", 4, "position 4 stands where 3 belongs", |lines| {
        lines.0.swap(3, 4)
    }),
    ("a version that jumps", 3, "where 2 belongs", |lines| {
        lines.payload(3, "\"version\":2", "\"version\":3");
        lines.fields(3, |event| event["version"] = 3.into());
    }),
    ("a leaf hash that is none", 3, "no SHA-256", |lines| {
        lines.fields(3, |event| event["leaf_hash"] = "zz".into());
    }),
    ("a field more", 3, "unknown field", |lines| lines.fields(3, |event| event["note"] = 1.into())),
    ("a field less", 3, "missing field", |lines| {
        lines.fields(3, |event| drop(event.as_object_mut().unwrap().remove("actor")));
    }),
    ("a line of something else", 3, "neither an event nor a key", |lines| lines.0[2] = "{}".into()),
    ("a line that is no JSON", 3, "does not read", |lines| lines.0[2].truncate(60)),
    ("a blob nobody announced", 2, "of an unknown kind", |lines| {
        let hash = hoiam::tracking::hex(&Sha256::digest(b""));
        let blob = format!(
            r#"{{"blob":"{hash}","kind":"x","stored_at":"2026-03-10T02:00:00Z","part":1,"parts":1,"hex":""}}"#
        );
        lines.0.insert(1, blob);
    }),
    ("a header that counts otherwise", 1, "", |lines| {
        lines.fields(1, |header| {
            header["head"] = 3.into();
            header["to"] = 3.into();
        });
    }),
    ("a header of another format", 1, "no exported log but", |lines| {
        lines.fields(1, |header| header["format"] = "sql".into());
    }),
    ("a header of the future", 1, "version 4 of the format", |lines| {
        lines.fields(1, |header| header["version"] = 4.into());
    }),
];

both! {
    async fn an_altered_file_changes_nothing(bed: &Bed) {
        let other = Bed::sqlite();
        let city = small_city(&other).await;
        let text = whole(city.desk.log()).await;
        city.desk.log().close().await;
        for (what, line, told, alter) in ALTERATIONS {
            let mut lines = Lines::of(&text);
            alter(&mut lines);
            let altered = lines.sealed();
            let error = imported(&bed.database, &altered).await.unwrap_err();
            let said = error.to_string();
            assert!(said.contains(told), "{what}: {said}");
            let ArchiveError::Line { line: found, .. } = error else { panic!("{what}: {said}") };
            // A header that counts wrongly is found out at the end.
            assert!(*line == 1 || found == *line, "{what}: {said}");
            assert_eq!(head(bed).await, 0, "{what}");
        }
        // The hash of the whole finds what is consistent in itself: what a citizen never allowed.
        let mut lines = Lines::of(&text);
        lines.payload(2, "\"public\":true", "\"public\":false");
        let error = imported(&bed.database, &lines.text()).await.unwrap_err();
        assert!(error.to_string().contains("one was altered"), "{error}");
        // Cut off anywhere, or with something behind.
        for bytes in [0, 1, 200, text.len() / 2, text.rfind("\n{").unwrap() + 1, text.len() - 1] {
            let error = imported(&bed.database, text.get(..bytes).unwrap_or(&text[..bytes + 1])).await.unwrap_err();
            assert!(matches!(error, ArchiveError::Line { .. }), "{bytes}: {error}");
        }
        let error = imported(&bed.database, &format!("{text}{{}}\n")).await.unwrap_err();
        assert!(error.to_string().contains("after the end"), "{error}");
        assert_eq!(head(bed).await, 0);
        // And what was not altered still goes in.
        imported(&bed.database, &text).await.unwrap();
        other.remove().await;
    }
}
