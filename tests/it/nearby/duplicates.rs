//! Looking for duplicates, over HTTP.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use crate::http::server::{Server, feedback, text};

/// A pothole at a point, as it is told and as it is typed on a telephone; another matter there.
const HOLE: &str = "Hẻm 47 Bùi Đình Túy, phường 12, quận Bình Thạnh có ổ gà sâu, mặt đường hư hỏng, xe máy té hoài";
const TYPED: &str = "hem 47 bui dinh tuy p12 bthanh o ga sau qua, xe may te hoai";
const OTHER: &str = "Hẻm 47 Bùi Đình Túy p12 Bình Thạnh đèn đường tắt ba hôm nay, tối thui";
const THERE: Option<(f64, f64)> = Some((10.8105, 106.7012));

async fn send(server: &Server, words: &str, point: Option<(f64, f64)>) -> String {
    let mut body = feedback(words);
    if let Some((lat, lon)) = point {
        body["location"] = json!({"lat": lat, "lon": lon});
    }
    let number = text(&server.post("/api/v1/feedback", "", body).await.ok(), "number");
    server.later(600);
    number
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().unwrap()
}

fn numbers(answer: &Value) -> Vec<String> {
    items(answer).iter().map(|item| text(item, "number")).collect()
}

async fn of_case(server: &Server, number: &str, token: &str) -> Value {
    catch_up(server.city.desk.log()).await.unwrap();
    server.get(&format!("/api/v1/cases/{number}/duplicates"), token).await.ok()
}

both! {
    async fn the_same_matter_is_found_with_its_reasons(bed: &Bed) {
        let server = Server::on(bed).await;
        let operator = server.token(Role::Operator, None).await;
        let first = send(&server, HOLE, THERE).await;
        let typed = send(&server, TYPED, None).await;
        let near = send(&server, "Có ổ gà to trong hẻm, xe máy té", Some((10.8106, 106.7014))).await;
        let light = send(&server, OTHER, Some((10.8105, 106.7013))).await;
        let found = of_case(&server, &first, &operator).await;
        let all = numbers(&found);
        assert!(all.contains(&typed) && all.contains(&near), "{found}");
        assert!(!all.contains(&light), "{found}");
        let item = items(&found).iter().find(|item| item["number"] == near.as_str()).unwrap();
        assert!(item["score"].as_f64().unwrap() >= 0.5, "{item}");
        assert!(item["metres"].as_u64().is_some_and(|metres| metres < 40), "{item}");
        let reasons = item["reasons"].as_array().unwrap();
        for code in ["near", "close_in_time"] {
            assert!(reasons.iter().any(|reason| reason["code"] == code), "{item}");
        }
        assert!(reasons.iter().all(|reason| !text(reason, "vi").is_empty()));
        assert!(item["words"].as_array().unwrap().iter().any(|word| word == "ga"), "{item}");
        // Seen from the other side as well, although that came later.
        assert!(numbers(&of_case(&server, &typed, &operator).await).contains(&first));
        let path = format!("/api/v1/cases/{first}/duplicates?limit=1");
        assert_eq!(items(&server.get(&path, &operator).await.ok()).len(), 1);
        server.stop().await;
    }

    async fn what_is_being_typed_is_compared(bed: &Bed) {
        let server = Server::on(bed).await;
        let operator = server.token(Role::Operator, None).await;
        let first = send(&server, HOLE, THERE).await;
        catch_up(server.city.desk.log()).await.unwrap();
        let ask = async |draft: &Value| {
            numbers(&server.post("/api/v1/duplicates", &operator, draft.clone()).await.ok())
        };
        let draft = json!({"text": TYPED});
        assert_eq!(ask(&draft).await, std::slice::from_ref(&first));
        let placed = json!({"text": "ổ gà", "location": {"lat": 10.8105, "lon": 106.7013}});
        assert_eq!(ask(&placed).await, [first]);
        assert!(ask(&json!({"text": ""})).await.is_empty());
        // Two months later the place is the same, the matter is another.
        server.later(60 * 86_400);
        assert!(ask(&draft).await.is_empty());
        server.stop().await;
    }

    async fn merged_and_finished_cases_say_so(bed: &Bed) {
        let server = Server::on(bed).await;
        let operator = server.token(Role::Operator, None).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let first = send(&server, HOLE, THERE).await;
        let second = send(&server, HOLE, THERE).await;
        let withdrawn = send(&server, HOLE, THERE).await;
        server.command(&withdrawn, "withdraw", &operator, json!({})).await;
        server.command(&second, "merge", &coordinator, json!({"into": first})).await;
        let third = send(&server, HOLE, THERE).await;
        let found = of_case(&server, &third, &operator).await;
        let by = |number: &str| items(&found).iter().find(|i| i["number"] == number).unwrap();
        assert_eq!(by(&second)["merged_into"], first.as_str());
        assert_eq!(by(&second)["status"], "merged");
        assert_eq!(by(&first)["finished_before"], false);
        assert_eq!(by(&withdrawn)["finished_before"], true);
        server.command(&second, "unmerge", &coordinator, json!({"reason": "Hai việc"})).await;
        let found = of_case(&server, &third, &operator).await;
        assert!(items(&found).iter().all(|item| item["merged_into"].is_null()), "{found}");
        server.stop().await;
    }

    async fn another_classification_files_it_elsewhere(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let first = send(&server, "Đường hư ổ gà nhiều chỗ, phường 12, quận Bình Thạnh", None).await;
        let second = send(&server, "Nhiều ổ gà quá, đường hư, phường 12, quận Bình Thạnh", None).await;
        assert_eq!(numbers(&of_case(&server, &second, &coordinator).await), std::slice::from_ref(&first));
        let light = json!({"kind": "incident", "category": "CS01", "district": "BTH", "reason": "Đèn"});
        server.command(&first, "classify", &coordinator, light).await;
        assert!(numbers(&of_case(&server, &second, &coordinator).await).is_empty());
        server.stop().await;
    }

    async fn drafts_are_checked(bed: &Bed) {
        let server = Server::on(bed).await;
        let operator = server.token(Role::Operator, None).await;
        for path in ["/api/v1/duplicates", "/api/v1/explain"] {
            let ask = async |body: Value| server.post(path, &operator, body).await;
            let strange = json!({"text": "a", "category": "XX99"});
            ask(strange).await.refused(422, "unknown_category", Some("category"));
            let half = json!({"text": "a", "location": {"lat": 10.8}});
            ask(half).await.refused(422, "bad_coordinates", Some("location.lon"));
            let paris = json!({"text": "a", "location": {"lat": 48.8, "lon": 2.3}});
            ask(paris).await.refused(422, "outside_city", Some("location"));
            let answer = ask(json!({"words": "a"})).await;
            assert!((400..500).contains(&answer.status), "{}", answer.text);
        }
        let draft = json!({"text": "a"});
        let answer = server.post("/api/v1/duplicates?limit=51", &operator, draft.clone()).await;
        answer.refused(422, "invalid_parameter", Some("limit"));
        let answer = server.post("/api/v1/duplicates?text=a", &operator, draft).await;
        answer.refused(400, "unknown_parameter", Some("text"));
        server.stop().await;
    }
}
