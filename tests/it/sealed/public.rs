//! What everybody may read without an account.

use hoiam_domain::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::{denunciation, numbers};
use crate::http::server::{Server, answer, text};
use crate::support::city::POTHOLE;

fn report(public: bool, more: &str) -> Value {
    json!({
        "channel": "app",
        "text": format!("{POTHOLE}. {more}"),
        "public": public,
        "location": { "lat": 10.803_456, "lon": 106.696_789, "address": "47/3 Bùi Đình Túy, P.12" },
        "reporter": { "name": "Trần Thị Thử", "phone": "0900 000 001" },
    })
}

/// The number of a case an agency has accepted.
async fn accepted(server: &Server, public: bool, more: &str) -> String {
    let number =
        text(&server.post("/api/v1/feedback", "", report(public, more)).await.ok(), "number");
    server.later(60);
    let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
    server.command(&number, "accept", &agency, json!({})).await;
    number
}

both! {
    async fn only_what_the_citizen_made_public_and_nobodys_data(bed: &Bed) {
        let server = Server::on(bed).await;
        let more = "Gọi anh Tuấn 0901 234 567, tôi là tran thi thu, mail an@thu.vn";
        let public = accepted(&server, true, more).await;
        let private = accepted(&server, false, "").await;
        let waiting = text(&server.post("/api/v1/feedback", "", report(true, "")).await.ok(), "number");
        let denounced = denunciation(&server).await;
        let list = server.get("/api/v1/public/cases", "").await;
        assert_eq!(numbers(&list.ok()), [public.as_str()]);
        assert!(list.header("cache-control").starts_with("public"));
        for number in [&private, &waiting, &denounced] {
            let path = format!("/api/v1/public/cases/{number}");
            server.get(&path, "").await.refused(404, "no_such_case", None);
        }
        let path = format!("/api/v1/public/cases/{public}");
        let page = server.get(&path, "").await;
        let told = page.ok();
        let expected = format!("{POTHOLE}. Gọi anh *** ***, tôi là ***, mail ***");
        assert_eq!(told["text"], json!(expected));
        assert_eq!((&told["lat"], &told["lon"]), (&json!(10.803), &json!(106.697)));
        for secret in ["Tuấn", "0901", "0900", "thu.vn", "47/3", "tok_", "10.8034"] {
            assert!(!page.text.contains(secret) && !list.text.contains(secret), "{secret}: {}", page.text);
        }
        // Whoever has it is told so.
        let again = server.ask(Method::GET, &path).header("if-none-match", page.header("etag"));
        assert_eq!(answer(again).await.status, 304);
        // The citizen reads their own words.
        let code = text(&server.post("/api/v1/feedback", "", report(true, more)).await.ok(), "tracking_code");
        let own = server.get(&format!("/api/v1/track/{code}"), "").await;
        assert!(own.ok()["text"].as_str().unwrap().ends_with(more));
        // Sealed, it is gone.
        let coordinator = server.token(Role::Coordinator, None).await;
        server.command(&public, "seal", &coordinator, json!({ "reason": "Có nội dung tố giác" })).await;
        server.get(&path, "").await.refused(404, "no_such_case", None);
        assert!(numbers(&server.get("/api/v1/public/cases", "").await.ok()).is_empty());
        server.stop().await;
    }

    async fn pages_follow_each_other_and_filters_hold(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut all = Vec::new();
        for _ in 0..5 {
            all.push(accepted(&server, true, "").await);
        }
        all.reverse();
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = server.get(&format!("/api/v1/public/cases?limit=2{after}"), "").await.ok();
            seen.extend(numbers(&page));
            match page["next"].as_str() {
                Some(next) => after = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, all);
        let count = async |query: &str| {
            numbers(&server.get(&format!("/api/v1/public/cases?{query}"), "").await.ok()).len()
        };
        assert_eq!(count("agency=UBND-BTH&status=in_progress").await, 5);
        assert_eq!((count("agency=UBND-Q1").await, count("status=answered").await), (0, 0));
        for (query, field) in [("limit=51", "limit"), ("cursor=x", "cursor"), ("status=dispatched", "status")] {
            let wrong = server.get(&format!("/api/v1/public/cases?{query}"), "").await;
            wrong.refused(422, "invalid_parameter", Some(field));
        }
        server.stop().await;
    }
}
