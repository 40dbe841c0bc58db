//! What holds for every answer, and what slows down whoever asks too often.

use reqwest::Method;

use super::server::{Server, answer, feedback};

both! {
    async fn every_answer_is_hardened(bed: &Bed) {
        let server = Server::on(bed).await;
        for path in ["/", "/static/start.css", "/healthz", "/api/openapi.json", "/api/v1/cases", "/api/v1/track/x", "/no/such/page"] {
            let answer = server.get(path, "").await;
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"), "{path}");
            for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")] {
                assert_eq!(answer.header(name), value, "{path}");
            }
        }
        let page = server.get("/", "").await.text;
        assert!(!page.contains("<style") && !page.contains("<script") && !page.contains(" style="), "{page}");
        server.stop().await;
    }

    async fn a_stranger_may_report_a_few_things_and_then_waits(bed: &Bed) {
        let server = Server::on(bed).await;
        let from = |address: &'static str| {
            let request = server.ask(Method::POST, "/api/v1/feedback").header("x-forwarded-for", address);
            answer(request.json(&feedback("Ổ gà lớn trước số 12 Lê Lợi, Quận 1")))
        };
        for _ in 0..30 {
            from("203.0.113.5").await.ok();
        }
        let late = from("6.6.6.6, 203.0.113.5").await;
        late.refused(429, "too_many_requests", None);
        assert_eq!(late.header("retry-after"), "2");
        assert!(late.json()["vi"].as_str().unwrap().contains("1022"));
        from("203.0.113.6").await.ok();
        server.later(2);
        from("203.0.113.5").await.ok();
        server.stop().await;
    }

    async fn tracking_codes_cannot_be_tried_out(bed: &Bed) {
        let server = Server::on(bed).await;
        let code = server.feedback("Ổ gà lớn trước số 12 Lê Lợi, Quận 1").await["tracking_code"].as_str().unwrap().to_owned();
        assert_eq!(code.replace('-', "").len(), 28, "at least 128 bits");
        let right = format!("/api/v1/track/{code}");
        for nr in 0..31 {
            let wrong = format!("/api/v1/track/0000-0000-0000-0000-0000-0000-{nr:04}");
            server.get(&wrong, "").await.refused(404, "no_such_case", Some("tracking_code"));
        }
        // Now not even a right one is looked at.
        server.get(&right, "").await.refused(429, "too_many_requests", None);
        server.later(3);
        server.get(&right, "").await.ok();
        server.stop().await;
    }

    async fn tokens_cannot_be_tried_out(bed: &Bed) {
        let server = Server::on(bed).await;
        for _ in 0..31 {
            server.get("/api/v1/cases", "hoiam_0123").await.refused(401, "token_unknown", Some("Authorization"));
        }
        server.get("/api/v1/cases", "hoiam_0123").await.refused(429, "too_many_requests", None);
        server.stop().await;
    }
}
