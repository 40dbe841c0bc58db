//! Following a case by its tracking code.

use hoiam_domain::actor::Role;
use serde_json::json;

use super::server::{Server, pothole, text};

both! {
    async fn a_citizen_sees_the_own_case_and_nobody_else(bed: &Bed) {
        let server = Server::on(bed).await;
        let received = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let code = text(&received, "tracking_code");
        let coordinator = server.token(Role::Coordinator, None).await;
        let number = text(&received, "number");
        server.command(&number, "note", &coordinator, json!({"text": "Người này hay gọi"})).await;
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', "")] {
            let answer = server.get(&format!("/api/v1/track/{typed}"), "").await;
            let seen = answer.ok();
            assert_eq!(seen["number"], received["number"]);
            assert_eq!(seen["holder"]["code"], "agency:UBND-BTH");
            assert!(text(&seen["holder"], "vi").contains("Bình Thạnh"));
            assert!(seen["deadlines"].as_array().unwrap().iter().any(|d| d["clock"] == "answer"));
            let lines: Vec<&str> = seen["timeline"].as_array().unwrap().iter().map(|l| l["vi"].as_str().unwrap()).collect();
            assert_eq!((lines.len(), lines[0]), (2, "Đã tiếp nhận phản ánh"));
            assert!(lines[1].starts_with("Đã chuyển ") && lines[1].contains("Bình Thạnh"));
            for secret in ["hay gọi", "Trần Thị Thử", "0900"] {
                assert!(!answer.text.contains(secret), "{secret}");
            }
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        server.stop().await;
    }

    async fn unknown_and_malformed_codes_are_the_same(bed: &Bed) {
        let server = Server::on(bed).await;
        server.post("/api/v1/feedback", "", pothole()).await.ok();
        for code in ["0000-0000-0000-0000", "x", "%ff%fe", "a%20b%00", &"A".repeat(500), "%27%20OR%201=1"] {
            let answer = server.get(&format!("/api/v1/track/{code}"), "").await;
            answer.refused(404, "no_such_case", Some("tracking_code"));
            let answer = server.post(&format!("/api/v1/track/{code}/rate"), "", json!({"score": 1})).await;
            answer.refused(404, "no_such_case", Some("tracking_code"));
        }
        server.stop().await;
    }

    async fn a_citizen_does_only_what_is_the_citizens(bed: &Bed) {
        let server = Server::on(bed).await;
        let received = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let track = format!("/api/v1/track/{}", text(&received, "tracking_code"));
        for word in ["accept", "dispatch", "merge", "tick", "note"] {
            let answer = server.post(&format!("{track}/{word}"), "", json!({})).await;
            answer.refused(404, "no_such_command", Some("command"));
        }
        server.post(&format!("{track}/rate"), "", json!({"score": 5})).await.refused(409, "wrong_stage", None);
        server.post(&format!("{track}/reply"), "", json!({"txt": "x"})).await.refused(422, "unknown_field", Some("txt"));
        let withdrawn = server.post(&format!("{track}/withdraw"), "", json!({"reason": "Đã tự xử lý"})).await.ok();
        assert_eq!(withdrawn["status"], "withdrawn");
        server.stop().await;
    }

    async fn what_is_sent_by_the_code_of_a_merged_case_goes_with_who_sent_it(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let mut other = pothole();
        other["reporter"]["phone"] = "0900 000 002".into();
        let first = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let second = server.post("/api/v1/feedback", "", other).await.ok();
        let (one, two) = (text(&first, "number"), text(&second, "number"));
        server.command(&one, "accept", &agency, json!({})).await;
        server.command(&two, "merge", &coordinator, json!({"into": one})).await;
        server.command(&one, "ask", &agency, json!({"question": "Trước số mấy?"})).await;
        let code = text(&second, "tracking_code");
        let said = json!({"text": "Trước nhà ông Mũaxanh"});
        server.post(&format!("/api/v1/track/{code}/reply"), "", said).await.ok();
        let files = format!("/api/v1/feedback/{code}/attachments");
        let sent = server.send_file(&files, "", "ổ gà.txt", "Lời của ông Mũaxanh".as_bytes()).await;
        let file = format!("{files}/{}", text(&sent.json(), "id"));
        let read = server.get(&file, "").await;
        assert_eq!((read.status, read.text.as_str()), (200, "Lời của ông Mũaxanh"));
        let events = format!("/api/v1/cases/{one}/events");
        assert!(server.get(&events, &coordinator).await.text.contains("Mũaxanh"));

        let desk = &server.city.desk;
        let place = tempfile::tempdir().unwrap();
        let journal = hoiam::person::Journal::at(place.path().join("erasures.jsonl"));
        let person = hoiam::person::by_case(desk, &two.parse().unwrap()).await.unwrap();
        let request = crate::person::request(person.id);
        hoiam::person::erase(desk, &journal, &request).await.unwrap();
        server.get(&file, "").await.refused(410, "attachment_erased", None);
        let left = server.get(&events, &coordinator).await;
        assert!(left.status == 200 && !left.text.contains("Mũaxanh") && left.text.contains("Trước số mấy?"));
        assert_eq!(server.get(&format!("/api/v1/track/{code}"), "").await.status, 200);
        server.stop().await;
    }
}
