//! Versions, keys, times and refusals of commands.

use hoiam_domain::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::server::{Answer, Server, answer, pothole, text, with};

async fn headed(
    server: &Server,
    path: &str,
    token: &str,
    header: (&'static str, &str),
    body: Value,
) -> Answer {
    let request = with(server.ask(Method::POST, path), token).json(&body);
    answer(request.header(header.0, header.1)).await
}

both! {
    async fn a_stale_version_changes_nothing(bed: &Bed) {
        let server = Server::on(bed).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let stranger = server.token(Role::AgencyCoordinator, Some("UBND-Q1")).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let path = format!("/api/v1/cases/{number}/accept");
        let stale = headed(&server, &path, &agency, ("If-Match", "\"2\""), json!({})).await;
        stale.refused(412, "stale_version", Some("If-Match"));
        assert_eq!(stale.json()["version"], 3);
        // Somebody who may not see the case learns nothing of its version.
        let hidden = headed(&server, &path, &stranger, ("If-Match", "\"2\""), json!({})).await;
        hidden.refused(404, "no_such_case", None);
        headed(&server, &path, &agency, ("If-Match", "three"), json!({})).await.refused(400, "malformed_header", Some("If-Match"));
        let taken = headed(&server, &path, &agency, ("If-Match", "\"3\""), json!({})).await;
        assert_eq!((taken.status, taken.header("etag")), (200, "\"4\""), "{}", taken.text);
        server.stop().await;
    }

    async fn a_page_the_caller_has_is_not_sent_again(bed: &Bed) {
        let server = Server::on(bed).await;
        let operator = server.token(Role::Operator, None).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let path = format!("/api/v1/cases/{}", number.to_lowercase().replace('-', ""));
        let page = server.get(&path, &operator).await;
        assert_eq!((page.status, page.header("etag")), (200, "\"3\""), "{}", page.text);
        let request = with(server.ask(Method::GET, &path), &operator);
        let known = answer(request.header("If-None-Match", "\"3\"")).await;
        assert_eq!((known.status, known.text.as_str()), (304, ""));
        let request = with(server.ask(Method::GET, &path), &operator);
        assert_eq!(answer(request.header("If-None-Match", "\"2\"")).await.status, 200);
        server.stop().await;
    }

    async fn a_repeated_command_is_answered_but_not_done_again(bed: &Bed) {
        let server = Server::on(bed).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let path = format!("/api/v1/cases/{number}/note");
        let note = json!({"text": "Một"});
        let key = ("Idempotency-Key", "n-1");
        assert_eq!(headed(&server, &path, &agency, key, note.clone()).await.ok()["version"], 4);
        let again = headed(&server, &path, &agency, key, note).await;
        assert_eq!(again.ok()["version"], 4);
        assert_eq!(again.header("idempotency-replayed"), "true");
        let other = headed(&server, &path, &agency, key, json!({"text": "Hai"})).await;
        other.refused(422, "idempotency_key_reused", Some("Idempotency-Key"));
        server.stop().await;
    }

    async fn steps_can_be_recorded_afterwards(bed: &Bed) {
        let server = Server::on(bed).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        server.later(3600);
        let path = format!("/api/v1/cases/{number}/accept");
        let ask = |time: &str| format!("{path}?occurred_at={time}");
        server.post(&ask("2026-02-30T09:10:00Z"), &agency, json!({})).await.refused(422, "invalid_parameter", Some("occurred_at"));
        server.post(&ask("2026-03-11T09:10:00Z"), &agency, json!({})).await.refused(422, "in_future", Some("occurred_at"));
        server.post(&format!("{path}?when=now"), &agency, json!({})).await.refused(400, "unknown_parameter", Some("when"));
        server.post(&ask("2026-03-10T02:10:00Z"), &agency, json!({})).await.ok();
        let events = server.get(&format!("/api/v1/cases/{number}/events?after=3"), &agency).await.ok();
        assert_eq!(events["items"][0]["occurred_at"], "2026-03-10T02:10:00Z");
        assert_eq!(events["items"][0]["recorded_at"], "2026-03-10T03:00:00Z");
        server.stop().await;
    }

    async fn refusals_say_what_is_wrong(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let case = format!("/api/v1/cases/{number}");
        let post = |word: &str, token: &str, body: Value| {
            let (path, token) = (format!("{case}/{word}"), token.to_owned());
            let server = &server;
            async move { server.post(&path, &token, body).await }
        };
        post("tick", &coordinator, json!({"timer": "x"})).await.refused(404, "no_such_command", Some("command"));
        let erase = json!({"what": "everything", "legal_ground": "x"});
        post("erase", &coordinator, erase).await.refused(404, "no_such_command", Some("command"));
        post("explode", &coordinator, json!({})).await.refused(404, "no_such_command", Some("command"));
        post("dispatch", &agency, json!({"agency": "UBND-Q1"})).await.refused(403, "role_not_allowed", None);
        post("resolve", &agency, json!({"outcome": "done", "note": "x"})).await.refused(409, "wrong_stage", None);
        post("return", &agency, json!({})).await.refused(422, "missing_field", Some("reason"));
        post("return", &agency, json!({"reason": "x", "why": "y"})).await.refused(422, "unknown_field", Some("why"));
        let unknown = json!({"agency": "UBND-XX", "task": "x"});
        post("add-co-agency", &coordinator, unknown).await.refused(422, "unknown_agency", Some("agency"));
        let date = json!({"agency": "UDC", "task": "x", "due": "2026-04-31T00:00:00Z"});
        post("add-co-agency", &coordinator, date).await.refused(422, "invalid_value", Some("due"));
        post("merge", &coordinator, json!({"into": "HCM-26-000001-X"})).await.refused(422, "invalid_value", Some("into"));
        let nobody = hoiam_domain::case::CaseNumber::new("HCM", 2026, 999).unwrap().to_string();
        post("merge", &coordinator, json!({"into": nobody})).await.refused(422, "no_such_case", Some("into"));
        server.post("/api/v1/cases/HCM-26-000009-0/accept", &agency, json!({})).await.refused(404, "no_such_case", Some("number"));
        let page = server.get(&case, &agency).await.ok();
        assert_eq!(page["version"], 3, "nothing was written");
        server.stop().await;
    }

    async fn merged_cases_go_on_as_one_and_come_apart(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let first = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let second = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let (one, two) = (text(&first, "number"), text(&second, "number"));
        let merged = server.command(&two, "merge", &coordinator, json!({"into": one})).await;
        assert_eq!((&merged["number"], &merged["status"]), (&json!(two), &json!("merged")));
        let track = format!("/api/v1/track/{}", text(&second, "tracking_code"));
        let seen = server.get(&track, "").await.ok();
        assert_eq!(seen["merged_into"], one);
        assert_eq!(seen["continued_in"]["status"], "dispatched");
        // What the citizen does concerns the case that goes on.
        server.later(60);
        let withdrawn = server.post(&format!("{track}/rate"), "", json!({"score": 1})).await;
        withdrawn.refused(409, "wrong_stage", None);
        server.command(&two, "unmerge", &coordinator, json!({"reason": "Hai hẻm khác nhau"})).await;
        assert_eq!(server.get(&track, "").await.ok()["status"], "dispatched");
        server.stop().await;
    }
}
