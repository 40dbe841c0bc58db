//! Intake: what is taken, what is refused, and that repeating is safe.

use hoiam_domain::actor::Role;
use reqwest::Method;
use serde_json::json;

use super::server::{Server, answer, feedback, pothole, text, with};

both! {
    async fn a_feedback_becomes_a_case_with_its_agency(bed: &Bed) {
        let server = Server::on(bed).await;
        let taken = server.post("/api/v1/feedback", "", pothole()).await;
        assert_eq!(taken.status, 201, "{}", taken.text);
        let received = taken.json();
        let number = text(&received, "number");
        assert_eq!(taken.header("location"), format!("/api/v1/cases/{number}"));
        assert_eq!(taken.header("etag"), "\"3\"");
        assert_eq!(received["status"], "dispatched");
        assert_eq!(received["sector"], "GT");
        assert_eq!(received["agency"], "UBND-BTH");
        assert_eq!(text(&received, "tracking_code").len(), 34);
        let deadlines = received["deadlines"].as_array().unwrap();
        assert!(deadlines.iter().all(|d| !text(&d["explanation"], "vi").is_empty()));
        assert!(deadlines.iter().any(|d| d["clock"] == "answer"));
        server.stop().await;
    }

    async fn repeating_with_a_key_gives_the_same_answer(bed: &Bed) {
        let server = Server::on(bed).await;
        let send = |key: &'static str, body: serde_json::Value| {
            let request = server.ask(Method::POST, "/api/v1/feedback").json(&body);
            answer(request.header("Idempotency-Key", key))
        };
        let first = send("k-1", pothole()).await;
        server.later(60);
        let again = send("k-1", pothole()).await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.json(), again.json());
        assert_eq!(again.header("idempotency-replayed"), "true");
        // Order and white space of the fields do not make it another request.
        let reordered = answer(
            server
                .ask(Method::POST, "/api/v1/feedback")
                .header("Idempotency-Key", "k-1")
                .header("Content-Type", "application/json; charset=utf-8")
                .body(serde_json::to_string_pretty(&pothole()).unwrap()),
        )
        .await;
        assert_eq!(first.json(), reordered.json());
        send("k-1", feedback("Khác")).await.refused(422, "idempotency_key_reused", Some("Idempotency-Key"));
        assert_ne!(send("k-2", pothole()).await.json()["number"], first.json()["number"]);
        send("k 3", pothole()).await.refused(400, "malformed_header", Some("Idempotency-Key"));
        // Another caller's key is another key.
        let operator = server.token(Role::Operator, None).await;
        let request = server.ask(Method::POST, "/api/v1/feedback").json(&feedback("Cây gãy"));
        let other = answer(with(request, &operator).header("Idempotency-Key", "k-1")).await;
        assert_eq!(other.status, 201, "{}", other.text);
        server.stop().await;
    }

    async fn staff_enters_calls_and_says_when_they_came(bed: &Bed) {
        let server = Server::on(bed).await;
        let operator = server.token(Role::Operator, None).await;
        let mut body = pothole();
        body["channel"] = json!("phone");
        body["occurred_at"] = json!("2026-03-10T08:30:00+07:00");
        let received = server.post("/api/v1/feedback", &operator, body.clone()).await.ok();
        let page = server.get(&format!("/api/v1/cases/{}", text(&received, "number")), &operator).await.ok();
        assert_eq!(page["received_at"], "2026-03-10T01:30:00Z");
        let handler = server.token(Role::Handler, Some("UBND-BTH")).await;
        server.post("/api/v1/feedback", &handler, body.clone()).await.refused(403, "role_not_allowed", None);
        server.post("/api/v1/feedback", "hoiam_wrong", body).await.refused(401, "token_unknown", Some("Authorization"));
        server.stop().await;
    }

    async fn what_does_not_fit_is_refused_by_its_field(bed: &Bed) {
        let server = Server::on(bed).await;
        let cases = [
            (json!({}), "missing_field", "channel"),
            (json!({"channel": "app"}), "missing_field", "text"),
            (json!({"channel": "fax", "text": "x"}), "invalid_value", "channel"),
            (json!({"channel": "app", "text": 5}), "invalid_value", "text"),
            (json!({"channel": "app", "text": "  \n"}), "text_missing", "text"),
            (json!({"channel": "app", "text": ""}), "text_missing", "text"),
            (json!({"channel": "app", "text": "x".repeat(1_000_000)}), "text_too_long", "text"),
            (json!({"channel": "app", "text": "a\u{0}b"}), "text_control_characters", "text"),
            (json!({"channel": "app", "text": "a\u{1b}[31m"}), "text_control_characters", "text"),
            (json!({"channel": "app", "text": "x", "txt": 1}), "unknown_field", "txt"),
            (json!({"channel": "app", "text": "x", "kind": "wish"}), "invalid_value", "kind"),
            (json!({"channel": "app", "text": "x", "location": {"latitude": 1}}), "unknown_field", "location.latitude"),
            (json!({"channel": "app", "text": "x", "location": {"lat": "10"}}), "invalid_value", "location.lat"),
            (json!({"channel": "app", "text": "x", "location": {"lat": 10.7}}), "bad_coordinates", "location.lon"),
            (json!({"channel": "app", "text": "x", "location": {"lat": 91, "lon": 106.7}}), "bad_coordinates", "location.lat"),
            (json!({"channel": "app", "text": "x", "location": {"lat": 21.03, "lon": 105.85}}), "outside_city", "location"),
            (json!({"channel": "app", "text": "x", "location": {"address": "\u{7}"}}), "text_control_characters", "location.address"),
            (json!({"channel": "app", "text": "x", "reporter": {"name": "n".repeat(400)}}), "text_too_long", "reporter.name"),
            (json!({"channel": "app", "text": "x", "reporter": {"phone": "\u{2}"}}), "text_control_characters", "reporter.phone"),
            (json!({"channel": "app", "text": "x", "category": "ZZ99"}), "unknown_category", "category"),
            (json!({"channel": "app", "text": "x", "occurred_at": "2026-02-30T08:00:00+07:00"}), "invalid_value", "occurred_at"),
            (json!({"channel": "app", "text": "x", "occurred_at": "2026-03-10T25:00:00+07:00"}), "invalid_value", "occurred_at"),
            (json!({"channel": "app", "text": "x", "occurred_at": "2027-01-01T08:00:00+07:00"}), "in_future", "occurred_at"),
            (json!({"channel": "app", "text": "x", "occurred_at": "0001-01-01T08:00:00+07:00"}), "calendar_too_short", "occurred_at"),
            (json!({"channel": "app", "text": "x", "attributes": {"a": "\u{0}"}}), "invalid_value", "attributes"),
            (json!({"channel": 5, "text": "x"}), "invalid_value", "channel"),
            (json!(["app", null, "x"]), "invalid_value", "body"),
            (json!(null), "invalid_value", "body"),
        ];
        for (body, code, field) in cases {
            server.post("/api/v1/feedback", "", body).await.refused(422, code, Some(field));
        }
        assert_eq!(server.city.desk.log().head().await.unwrap(), 0, "nothing was written");
        server.stop().await;
    }

    async fn bytes_that_are_no_json_are_refused(bed: &Bed) {
        let server = Server::on(bed).await;
        let send = |body: Vec<u8>, media: &'static str| {
            let request = server.ask(Method::POST, "/api/v1/feedback").body(body);
            answer(request.header("Content-Type", media))
        };
        const JSON: &str = "application/json";
        send(b"{\"channel\": \"app\", ".to_vec(), JSON).await.refused(400, "malformed_json", Some("body"));
        send(b"{\"channel\":\"app\",\"text\":\"a\xff\xfeb\"}".to_vec(), JSON).await.refused(400, "malformed_json", Some("text"));
        send(b"{\"channel\":\"app\",\"text\":\"a\\ud800b\"}".to_vec(), JSON).await.refused(400, "malformed_json", Some("text"));
        send(b"{\"channel\":\"app\",\"text\":\"a\x01b\"}".to_vec(), JSON).await.refused(400, "malformed_json", Some("text"));
        send(b"{\"channel\":\"app\",\"text\":\"a\"} x".to_vec(), JSON).await.refused(400, "malformed_json", Some("body"));
        send(b"{\"channel\":\"app\",\"text\":\"a\",\"location\":{\"lat\":1e999}}".to_vec(), JSON).await.refused(400, "malformed_json", Some("location.lat"));
        send(b"channel=app".to_vec(), "application/x-www-form-urlencoded").await.refused(415, "not_json", Some("Content-Type"));
        send(b"{\"channel\":\"app\",\"channel\":\"app\",\"text\":\"a\"}".to_vec(), JSON).await.refused(422, "repeated_field", Some("channel"));
        send(vec![b' '; 3 << 20], JSON).await.refused(413, "too_large", Some("body"));
        let deep = format!("{{\"channel\":\"app\",\"text\":{}", "[".repeat(100_000));
        assert!(matches!(send(deep.into_bytes(), JSON).await.status, 400 | 422));
        assert_eq!(server.city.desk.log().head().await.unwrap(), 0, "nothing was written");
        server.stop().await;
    }
}
