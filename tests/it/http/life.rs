//! The whole life of a case over HTTP.

use hoiam_domain::actor::Role;
use serde_json::json;

use super::server::{Server, pothole, text};

both! {
    async fn from_feedback_to_rating(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let leader = server.token(Role::UnitLeader, Some("UBND-BTH")).await;
        let received = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let (number, code) = (text(&received, "number"), text(&received, "tracking_code"));
        let track = format!("/api/v1/track/{code}");

        server.later(60);
        assert_eq!(server.command(&number, "accept", &agency, json!({})).await["status"], "in_progress");
        server.later(60);
        let asked = server.command(&number, "ask", &agency, json!({"question": "Ổ gà ở trước số nhà nào?"})).await;
        assert_eq!(asked["status"], "waiting_citizen");
        let seen = server.get(&track, "").await.ok();
        assert_eq!(seen["question"], "Ổ gà ở trước số nhà nào?");
        assert_eq!(seen["holder"]["code"], "citizen");
        assert_eq!(seen["can"], json!(["reply", "withdraw", "choose"]));
        server.later(60);
        let replied = server.post(&format!("{track}/reply"), "", json!({"text": "Trước số 47/3"})).await.ok();
        assert_eq!(replied["status"], "in_progress");
        server.later(60);
        server.command(&number, "progress", &agency, json!({"note": "Đã vá một nửa"})).await;
        let missing = json!({"outcome": "done", "note": "Đã vá"});
        let refused = server.post(&format!("/api/v1/cases/{number}/resolve"), &agency, missing).await;
        refused.refused(422, "evidence_missing", Some("photos"));
        let done = json!({"outcome": "done", "note": "Đã vá", "photos": ["sau.jpg"]});
        assert_eq!(server.command(&number, "resolve", &agency, done).await["status"], "resolved");
        server.later(60);
        assert_eq!(server.command(&number, "check-answer", &leader, json!({"approved": true})).await["status"], "checked");
        server.later(60);
        let answered = server.command(&number, "answer", &coordinator, json!({"text": "Hẻm đã được vá xong."})).await;
        assert_eq!(answered["status"], "answered");
        let seen = server.get(&track, "").await.ok();
        assert_eq!((&seen["answer"], &seen["outcome"]), (&json!("Hẻm đã được vá xong."), &json!("done")));
        server.later(60);
        let rated = server.post(&format!("{track}/rate"), "", json!({"score": 5})).await.ok();
        assert_eq!(rated["status"], "closed");
        server.post(&format!("{track}/withdraw"), "", json!({})).await.refused(409, "wrong_stage", None);

        let page = server.get(&format!("/api/v1/cases/{number}"), &coordinator).await.ok();
        assert_eq!(page["rating"], 5);
        assert_eq!((&page["district"], &page["place_source"]), (&json!("BTH"), &json!("address")));
        let ledger = server.get(&format!("/api/v1/cases/{number}/ledger"), &coordinator).await.ok();
        let held: Vec<&str> = ledger["entries"].as_array().unwrap().iter().map(|e| e["holder"].as_str().unwrap()).collect();
        assert_eq!(held, ["desk", "agency:UBND-BTH", "citizen", "agency:UBND-BTH", "desk", "citizen", "closed"]);
        let sum: i64 = ledger["totals"].as_array().unwrap().iter().map(|t| t["seconds"].as_i64().unwrap()).sum();
        assert_eq!(sum, ledger["seconds"].as_i64().unwrap());
        assert_eq!(sum, 420);
        server.stop().await;
    }

    async fn events_come_page_by_page_with_their_fields(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        server.command(&number, "accept", &agency, json!({})).await;
        server.command(&number, "note", &agency, json!({"text": "Gọi \"đội\" cầu đường"})).await;
        let mut after = 0;
        let mut events = Vec::new();
        loop {
            let page = server.get(&format!("/api/v1/cases/{number}/events?after={after}&limit=2"), &coordinator).await.ok();
            events.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_u64() else { break };
            after = next;
        }
        let kinds: Vec<&str> = events.iter().map(|e| e["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["case.received", "case.classified", "case.dispatched", "case.accepted", "case.noted"]);
        let versions: Vec<u64> = events.iter().map(|e| e["version"].as_u64().unwrap()).collect();
        assert_eq!(versions, [1, 2, 3, 4, 5]);
        assert_eq!(events[4]["data"]["text"], "Gọi \"đội\" cầu đường");
        assert!(events[1]["data"]["found"]["because"].is_array());
        assert_eq!(events[0]["data"]["reporter"]["contact"]["name"], "Trần Thị Thử");
        assert!(events[0]["data"]["reporter"].get("tracking_hash").is_none());
        assert_eq!(events[3]["actor"]["agency"], "UBND-BTH");
        let told = text(&events[3], "vi");
        assert!(told.ends_with(" đã nhận xử lý") && told.contains("Bình Thạnh"), "{told}");
        assert_eq!(text(&events[0], "leaf_hash").len(), 64);
        server.stop().await;
    }
}
