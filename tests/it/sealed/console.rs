//! What leaves the house at the console: recorded with a reason before it does, a denouncer named
//! only where two members of the group agreed, and listed for nobody by number.

use hoiam::archive::prove;
use hoiam::clock::{Clock, SystemClock};
use hoiam_domain::sealed::requests::ROUTINE;
use serde_json::{Value, json};

use super::{DENUNCIATION, denunciation, group};
use crate::http::server::{Server, pothole, text};
use crate::proof::{keeper, verifier};
use crate::support::Bed;

const WHY: &str = "Tòa án yêu cầu theo văn bản số 12";
const NAME: &str = "Trần Thị Thử";
const PHONE: &str = "0900 000 001";

/// A denunciation and an open case of the same person, and requests to know who denounced: as many
/// approved as said, and one that is not.
struct Two {
    secret: String,
    open: String,
    approved: Vec<String>,
    waiting: String,
    place: tempfile::TempDir,
}

impl Two {
    async fn on(bed: &Bed) -> Self {
        let server = Server::on(bed).await;
        // Commands go by the machine's clock.
        server.city.clock.set(SystemClock.now());
        let (mut an, mut binh) = group(&server).await;
        let secret = denunciation(&server).await;
        let open = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let path = format!("/api/v1/cases/{secret}/reveal");
        let mut requests = Vec::new();
        for approved in [true, false] {
            let body = json!({ "fields": ["contact"], "reason": WHY });
            let request = an.post(&server, &path, body).await.ok()["request"].to_string();
            if approved {
                let path = format!("{path}/{request}/approve");
                assert_eq!(binh.post(&server, &path, json!({})).await.status, 204);
            }
            requests.push(request);
        }
        let waiting = requests.pop().unwrap();
        keeper(server.city.desk.log()).await.checkpoint().await.unwrap();
        server.stop().await;
        Self { secret, open, approved: requests, waiting, place: tempfile::tempdir().unwrap() }
    }

    /// The export of a case: how it ended, what is in the file, what was said.
    fn exported(&self, bed: &Bed, number: &str, more: &[&str]) -> (i32, String, String) {
        let path = self.place.path().join("case.jsonl");
        let mut asked = vec!["export", "--case", number, "-o", path.to_str().unwrap()];
        asked.extend(more);
        let (code, _, said) = bed.hoiam("log", &asked);
        let file = std::fs::read_to_string(&path).unwrap_or_default();
        let _ = std::fs::remove_file(&path);
        assert_eq!(std::fs::read_dir(self.place.path()).unwrap().count(), 0, "{said}");
        (code, file, said)
    }
}

/// Whether somebody is named.
fn names(text: &str) -> bool {
    assert_eq!(text.contains(NAME), text.contains(PHONE), "{text}");
    text.contains(NAME)
}

/// What the log says of readings.
fn told(bed: &Bed, more: &[&str]) -> Vec<Value> {
    let mut asked = vec!["reveals", "--json"];
    asked.extend(more);
    let (code, printed, said) = bed.hoiam("log", &asked);
    assert_eq!(code, 0, "{said}");
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

both! {
    async fn a_case_taken_out_names_no_denouncer_unless_two_agreed(bed: &Bed) {
        let two = Two::on(bed).await;
        let (code, file, said) = two.exported(bed, &two.secret, &[]);
        assert!(code == 2 && file.is_empty() && said.contains("--reason"), "{said}");
        let (code, file, said) = two.exported(bed, &two.secret, &["--reason", WHY]);
        assert!(code == 0 && said.contains("--reveal"), "{said}");
        assert!(!names(&file) && file.contains(DENUNCIATION) && file.contains("\"withheld\":[\"contact\"]"));
        let proved = prove(file.as_bytes(), &verifier(), &[]).unwrap();
        assert!(proved.number == two.secret && proved.events > 0 && proved.pending == 0);
        for (request, why) in [(two.waiting.as_str(), "not approved"), ("99", "no such request")] {
            let (code, file, said) = two.exported(bed, &two.secret, &["--reveal", request]);
            assert!(code == 2 && file.is_empty() && said.contains(why), "{said}");
        }
        let by_two = ["--reveal", two.approved[0].as_str()];
        let (code, file, said) = two.exported(bed, &two.secret, &by_two);
        assert!(code == 0 && names(&file) && !file.contains("withheld\":["), "{said}");
        assert!(prove(file.as_bytes(), &verifier(), &[]).unwrap().events > 0);
        let (code, file, said) = two.exported(bed, &two.secret, &by_two);
        assert!(code == 2 && file.is_empty() && said.contains("read already"), "{said}");
        // An open case needs no reason, and is recorded as well.
        let (code, file, said) = two.exported(bed, &two.open, &["--by", "lan"]);
        assert!(code == 0 && names(&file), "{said}");

        let all = told(bed, &[]);
        let lines: Vec<(&str, Value)> =
            all.iter().map(|one| (one["what"].as_str().unwrap(), one["fields"].clone())).collect();
        assert_eq!(lines, [
            ("asked", json!("contact")), ("approved", json!("")), ("asked", json!("contact")),
            ("read", json!("content")), ("denied", json!("read")), ("read", json!("contact,content")),
            ("denied", json!("read")), ("read", json!("contact,content")),
        ]);
        let (open, sealed) = all.split_last().unwrap();
        assert!(sealed.iter().all(|one| one["number"].is_null() && one["reason"].is_null()), "{all:?}");
        assert_eq!(sealed[3]["by"], "cli");
        let said = [&open["number"], &open["reason"], &open["by"], &open["role"]];
        assert_eq!(said.map(|value| value.as_str().unwrap()), [&two.open, ROUTINE, "lan", "administrator"]);
        assert_eq!(told(bed, &["--case", &two.open]), std::slice::from_ref(open));
        assert_eq!(told(bed, &["--case", &two.secret]), [] as [Value; 0], "as a number nobody has");
        let (code, out, said) = bed.hoiam("log", &["verify"]);
        assert_eq!(code, 0, "{out}{said}");
    }

    async fn a_person_is_given_no_denunciation_unless_two_agreed(bed: &Bed) {
        let two = Two::on(bed).await;
        let find = |how: &str, what: &str| {
            let (code, id, said) = bed.hoiam("person", &["find", how, what]);
            assert_eq!(code, 0, "{said}");
            (id.trim().to_owned(), said)
        };
        let given = |id: &str, more: &[&str]| {
            let mut asked = vec!["export", id];
            asked.extend(more);
            let (code, out, said) = bed.hoiam("person", &asked);
            assert_eq!(code, 0, "{said}");
            assert!(said.contains("Denunciations, if there are any"), "{said}");
            let told: Value = serde_json::from_str(&out).unwrap();
            (told["cases"].as_array().unwrap().len(), out)
        };
        // By the denunciation's number nobody is found, nor what else is theirs.
        let (of_secret, said) = find("--case", &two.secret);
        assert!(said.contains("0 telephone numbers"), "{said}");
        let (cases, out) = given(&of_secret, &[]);
        assert!(cases == 0 && !names(&out) && !out.contains(&two.open) && !out.contains(DENUNCIATION));
        let (person, said) = find("--phone", PHONE);
        assert!(person != of_secret && said.contains("1 cases"), "{said}");
        assert_eq!(find("--case", &two.open), (person.clone(), said));
        let (cases, out) = given(&person, &[]);
        assert!(cases == 1 && names(&out) && !out.contains(&two.secret) && !out.contains(DENUNCIATION));

        let refused = |id: &str, granted: String, why: &str| {
            let (code, out, said) = bed.hoiam("person", &["export", id, "--reveal", &granted]);
            assert!(code == 2 && out.is_empty() && said.contains(why), "{said}");
        };
        refused(&person, format!("{}={}", two.open, two.approved[0]), "no denunciation in this export");
        refused(&person, format!("{}={}", two.secret, two.waiting), "not approved");
        let granted = format!("{}={}", two.secret, two.approved[0]);
        let (cases, out) = given(&of_secret, &["--reveal", &granted]);
        assert!(cases == 1 && names(&out) && out.contains(DENUNCIATION) && !out.contains(&two.open));
        assert!(!out.contains(&person));
        refused(&person, granted, "read already");
        let last: Vec<Value> = told(bed, &[]).into_iter().filter(|one| one["what"] == "read").collect();
        assert_eq!((last.len(), &last[0]["request"]), (1, &json!(two.approved[0].parse::<u64>().unwrap())));
        // Whose it is may still be erased by its number.
        let (code, out, said) = bed.hoiam("person", &["erase", &of_secret]);
        assert!(code == 0 && out.contains("Erased 2 cases"), "{out}{said}");
    }
}
