//! Reading what is sealed: with a reason, by two where it is a denouncer, and always an event.

use hoiam_domain::actor::Role;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{DENUNCIATION, change, denunciation, group};
use crate::accounts::{Browser, signed_in};
use crate::http::server::{Answer, Server, answer, pothole, text};
use crate::support::Bed;
use crate::support::city::City;

const WHY: &str = "Xác minh đơn tố cáo theo quy trình";

async fn ask(server: &Server, who: &mut Browser, number: &str, field: &str) -> Answer {
    let body = json!({ "fields": [field], "reason": WHY });
    who.post(server, &format!("/api/v1/cases/{number}/reveal"), body).await
}

async fn say(server: &Server, who: &mut Browser, number: &str, request: u64, word: &str) -> Answer {
    let body = if word == "refuse" { json!({ "reason": WHY }) } else { json!({}) };
    who.post(server, &format!("/api/v1/cases/{number}/reveal/{request}/{word}"), body).await
}

/// What an auditor sees: what happened and why, where that is told, in order.
async fn audited(server: &Server) -> Vec<(String, String)> {
    let auditor = server.token(Role::Auditor, None).await;
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = server.get(&format!("/api/v1/reveals?limit=2{after}"), &auditor).await;
        for secret in [DENUNCIATION, "Trần Thị Thử", "0900 000 001"] {
            assert!(!page.text.contains(secret), "{}", page.text);
        }
        let page: Value = page.ok();
        for item in page["items"].as_array().unwrap() {
            // Of what does not exist for an auditor neither number nor reason is told.
            let listed = [item["number"].is_null(), item["reason"].is_null()];
            assert_eq!(listed[0], listed[1], "{item}");
            all.push((text(item, "what"), item["reason"].as_str().unwrap_or("-").to_owned()));
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

both! {
    async fn the_group_and_the_readings_come_with_the_log(bed: &Bed) {
        let server = Server::on(bed).await;
        let (mut an, _binh) = group(&server).await;
        let number = denunciation(&server).await;
        ask(&server, &mut an, &number, "content").await.ok();
        ask(&server, &mut an, &number, "contact").await;
        signed_in(&server, "chi", "coordinator", None).await;
        for what in ["add", "remove"] {
            change(&server, what, "chi").await.ok();
        }
        let told = audited(&server).await;
        assert_eq!(told.len(), 2);
        let text = crate::archive::whole(server.city.desk.log()).await;
        let members = "SELECT count(*) FROM seal_members WHERE member = 1";
        assert_eq!(crate::support::bed::number(server.city.desk.log().pool(), members).await, 2);
        server.stop().await;
        for other in [Bed::sqlite(), Bed::postgres().await] {
            crate::archive::imported(&other.database, &text).await.unwrap();
            let server = Server::on(&other).await;
            assert_eq!(audited(&server).await, told);
            let pool = server.city.desk.log().pool();
            assert_eq!(crate::support::bed::number(pool, members).await, 2);
            assert_eq!(crate::support::bed::number(pool, "SELECT count(*) FROM seal_members").await, 3);
            server.stop().await;
            other.remove().await;
        }
    }

    async fn the_times_of_readings_are_policy(bed: &Bed) {
        let server = Server::on(bed).await;
        let limits = server.city.desk.rules().settings.readings;
        assert_eq!((limits.approve_hours, limits.read_minutes), (24, 60));
        server.stop().await;
    }

    async fn files_are_read_as_the_words_are(bed: &Bed) {
        let server = Server::on(bed).await;
        let (mut an, mut binh) = group(&server).await;
        let number = denunciation(&server).await;
        let files = format!("/api/v1/cases/{number}/attachments");
        an.get(&server, &files).await.refused(403, "read_content_first", None);
        ask(&server, &mut an, &number, "content").await.ok();
        assert_eq!(an.get(&server, &files).await.ok()["items"], json!([]));
        binh.get(&server, &files).await.refused(403, "read_content_first", None);
        // A reading lasts an hour.
        for still in [true, true, false] {
            server.city.clock.set(server.city.desk.now() + SignedDuration::from_mins(21));
            let answer = an.get(&server, &files).await;
            assert_eq!(answer.status, if still { 200 } else { 403 }, "{}", answer.text);
        }
    }

    async fn who_a_denouncer_is_takes_two(bed: &Bed) {
        let server = Server::on(bed).await;
        let (mut an, mut binh) = group(&server).await;
        let number = denunciation(&server).await;
        let content = ask(&server, &mut an, &number, "content").await;
        assert_eq!(content.ok()["content"]["text"], DENUNCIATION);
        assert_eq!(content.header("cache-control"), "no-store");
        let asked = ask(&server, &mut an, &number, "contact").await;
        assert_eq!((asked.status, asked.json()["status"].clone()), (202, json!("asked")));
        assert!(!asked.text.contains("Trần"), "{}", asked.text);
        let request = asked.json()["request"].as_u64().unwrap();
        say(&server, &mut an, &number, request, "read").await.refused(409, "not_approved", None);
        say(&server, &mut an, &number, request, "approve").await.refused(403, "same_person", None);
        say(&server, &mut binh, &number, 99, "approve").await.refused(404, "no_such_request", Some("request"));
        assert_eq!(say(&server, &mut binh, &number, request, "approve").await.status, 204);
        say(&server, &mut binh, &number, request, "read").await.refused(403, "not_yours", None);
        let read = say(&server, &mut an, &number, request, "read").await.ok();
        assert_eq!(read["contact"][0]["name"], "Trần Thị Thử");
        say(&server, &mut an, &number, request, "read").await.refused(409, "read_already", None);
        let listed = binh.get(&server, &format!("/api/v1/cases/{number}/reveal")).await.ok();
        assert_eq!(listed["items"][0]["status"], "read");
        let told: Vec<(String, String)> = audited(&server).await;
        let told: Vec<(&str, &str)> = told.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(told, [
            ("read", "-"), ("asked", "-"), ("denied", "-"), ("denied", "-"),
            ("approved", "-"), ("denied", "-"), ("read", "-"), ("denied", "-"),
        ]);
        for role in [Role::Administrator, Role::Coordinator, Role::Operator] {
            let token = server.token(role, None).await;
            server.get("/api/v1/reveals", &token).await.refused(403, "auditors_only", None);
        }
        server.stop().await;
        let (code, printed, _) = bed.hoiam("log", &["reveals", "--json"]);
        assert_eq!((code, printed.lines().count()), (0, 8), "{printed}");
        assert!(!printed.contains("Trần") && !printed.contains(WHY) && !printed.contains(&number));
    }

    async fn a_request_is_decided_and_read_once_whatever_the_node(bed: &Bed) {
        let server = Server::on(bed).await;
        let other = Server::of(City::on(bed).await).await;
        let (mut an, mut binh) = group(&server).await;
        let mut chi = signed_in(&server, "chi", "coordinator", None).await;
        change(&server, "add", "chi").await.ok();
        let number = denunciation(&server).await;
        for _ in 0..5 {
            let asked = ask(&server, &mut an, &number, "contact").await.ok();
            let request = asked["request"].as_u64().unwrap();
            let (one, two) = tokio::join!(
                say(&server, &mut binh, &number, request, "approve"),
                say(&other, &mut chi, &number, request, "refuse"),
            );
            let mut both = [one.status, two.status];
            both.sort_unstable();
            assert_eq!(both, [204, 409], "{} {}", one.text, two.text);
            let read = async |server: &Server| {
                let path = format!("/api/v1/cases/{number}/reveal/{request}/read");
                let asked = server.ask(Method::POST, &path).header("sec-fetch-site", "same-origin");
                answer(asked.header("cookie", an.cookies()).json(&json!({}))).await.status
            };
            let (one, two) = tokio::join!(read(&server), read(&other));
            let granted = usize::from(both[0] == 204 && [one, two].contains(&200));
            assert_eq!([one, two].iter().filter(|status| **status == 200).count(), granted);
        }
        other.stop().await;
        server.stop().await;
    }

    async fn time_runs_out_and_a_refusal_is_one(bed: &Bed) {
        let server = Server::on(bed).await;
        let (mut an, mut binh) = group(&server).await;
        let number = denunciation(&server).await;
        let first = ask(&server, &mut an, &number, "contact").await.ok()["request"].as_u64().unwrap();
        assert_eq!(say(&server, &mut binh, &number, first, "refuse").await.status, 204);
        say(&server, &mut an, &number, first, "read").await.refused(409, "not_approved", None);
        let second = ask(&server, &mut an, &number, "contact").await.ok()["request"].as_u64().unwrap();
        assert_eq!(say(&server, &mut binh, &number, second, "approve").await.status, 204);
        // Sessions end by themselves after an hour without a request.
        for _ in 0..3 {
            let at = server.city.desk.now() + SignedDuration::from_mins(25);
            server.city.clock.set(at);
            an.get(&server, "/api/v1/session").await.ok();
        }
        say(&server, &mut an, &number, second, "read").await.refused(409, "request_expired", None);
        let body = json!({ "fields": ["content"], "reason": "vì sao" });
        let path = format!("/api/v1/cases/{number}/reveal");
        an.post(&server, &path, body).await.refused(422, "reason_length", Some("reason"));
        let body = json!({ "fields": [], "reason": WHY });
        an.post(&server, &path, body).await.refused(422, "fields_wrong", Some("fields"));
        server.stop().await;
    }

    async fn hidden_contacts_are_read_with_a_reason(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut hidden = pothole();
        hidden["anonymous"] = json!(true);
        let number = text(&server.post("/api/v1/feedback", "", hidden).await.ok(), "number");
        let open = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let operator = server.token(Role::Operator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let page = server.get(&format!("/api/v1/cases/{number}"), &operator).await;
        assert!(page.ok()["sealed"] == json!(["contact"]) && !page.text.contains("Trần Thị Thử"));
        let path = |number: &str| format!("/api/v1/cases/{number}/reveal");
        let body = |reason: &str| json!({ "fields": ["contact"], "reason": reason });
        let why = "Gọi lại 0912345678 để hỏi vị trí";
        let read = server.post(&path(&number), &operator, body(why)).await.ok();
        assert_eq!(read["contact"][0]["phone"], "0900 000 001");
        server.post(&path(&number), &agency, body(WHY)).await.refused(403, "not_allowed", None);
        server.post(&path(&open), &operator, body(WHY)).await.refused(422, "not_sealed", Some("fields"));
        let told = audited(&server).await;
        let masked = "Gọi lại *** để hỏi vị trí".to_owned();
        assert_eq!(told, [("read".to_owned(), masked), ("denied".to_owned(), "not_allowed".to_owned())]);
        server.stop().await;
    }
}
