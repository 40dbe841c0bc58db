//! Rulings as precedents, and what they propose, over HTTP.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use crate::http::server::{Server, feedback, text};
use crate::support::city::POTHOLE;

const WIRES: &str =
    "Bó dây cáp sà thấp trước nhà 12 Nơ Trang Long, phường 7, quận Bình Thạnh, xe tải vướng";
const AGAIN: &str = "Dây cáp sà thấp, xe tải vướng, ở 90 Nơ Trang Long, phường 7, quận Bình Thạnh";
const CIRCUS: &str = "Xin hỏi lịch biểu diễn xiếc thú tháng này ở đâu";

/// A case that was laid before the coordinators.
async fn disputed(server: &Server, coordinator: &str, words: &str) -> String {
    let received = server.post("/api/v1/feedback", "", feedback(words)).await.ok();
    let number = text(&received, "number");
    server.later(60);
    if received["status"] == "dispatched" {
        let holder = server.token(Role::AgencyCoordinator, received["agency"].as_str()).await;
        server.command(&number, "return", &holder, json!({"reason": "Không thuộc"})).await;
    }
    let page = server.get(&format!("/api/v1/cases/{number}"), coordinator).await.ok();
    if page["status"] != "arbitration" {
        server.command(&number, "escalate", coordinator, json!({"reason": "Chưa rõ"})).await;
    }
    server.later(60);
    number
}

async fn ruled(server: &Server, coordinator: &str, words: &str, agency: &str) -> String {
    let number = disputed(server, coordinator, words).await;
    let ruling = json!({"agency": agency, "reason": "Theo phân cấp"});
    server.command(&number, "rule", coordinator, ruling).await;
    server.later(60);
    number
}

async fn advice(server: &Server, number: &str, token: &str) -> Value {
    catch_up(server.city.desk.log()).await.unwrap();
    server.get(&format!("/api/v1/cases/{number}/precedents"), token).await.ok()
}

fn numbers(advice: &Value) -> Vec<String> {
    advice["precedents"].as_array().unwrap().iter().map(|p| text(p, "number")).collect()
}

both! {
    async fn a_ruling_is_proposed_in_the_next_dispute(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let first = ruled(&server, &coordinator, WIRES, "UBND-Q1").await;
        let circus = ruled(&server, &coordinator, CIRCUS, "UBND-Q3").await;
        let next = disputed(&server, &coordinator, AGAIN).await;
        let advice = advice(&server, &next, &coordinator).await;
        let proposal = &advice["proposals"][0];
        assert_eq!(proposal["precedents"][0], first.as_str(), "{advice}");
        let vi = text(proposal, "vi");
        assert!(vi.starts_with("Đề xuất:") && vi.contains(&first) && vi.contains("10/03/2026"), "{vi}");
        assert!(!numbers(&advice).contains(&circus), "{advice}");
        let near = &advice["precedents"][0];
        assert_eq!(near["agency"], "UBND-Q1", "{near}");
        assert!(near["similarity"].as_f64().is_some_and(|s| s >= 0.5), "{near}");
        assert!(near["reasons"].as_array().is_some_and(|why| !why.is_empty()), "{near}");
        // It is still the coordinators who rule.
        let page = server.get(&format!("/api/v1/cases/{next}"), &coordinator).await.ok();
        assert_eq!(page["status"], "arbitration");
        server.stop().await;
    }

    async fn what_was_taken_back_or_merged_away_does_not_count(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let first = ruled(&server, &coordinator, WIRES, "UBND-Q1").await;
        let next = disputed(&server, &coordinator, AGAIN).await;
        let told = async || advice(&server, &next, &coordinator).await;
        assert_eq!(numbers(&told().await), std::slice::from_ref(&first));
        server.command(&first, "correct", &coordinator, json!({"reason": "Nhầm"})).await;
        assert!(numbers(&told().await).is_empty());
        let again = json!({"agency": "UBND-Q3", "reason": "Đúng ra"});
        server.command(&first, "rule", &coordinator, again).await;
        assert_eq!(told().await["precedents"][0]["agency"], "UBND-Q3");
        let other = disputed(&server, &coordinator, WIRES).await;
        server.command(&first, "merge", &coordinator, json!({"into": other})).await;
        assert!(numbers(&told().await).is_empty());
        server.command(&first, "unmerge", &coordinator, json!({"reason": "Hai việc"})).await;
        assert_eq!(numbers(&told().await), [first]);
        server.stop().await;
    }

    async fn a_unit_of_one_district_stands_for_its_kind_elsewhere(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        ruled(&server, &coordinator, WIRES, "UBND-BTH").await;
        let elsewhere = AGAIN.replace("phường 7, quận Bình Thạnh", "quận Gò Vấp");
        let next = disputed(&server, &coordinator, &elsewhere).await;
        let advice = advice(&server, &next, &coordinator).await;
        assert_eq!(advice["precedents"][0]["agency"], "UBND-BTH", "{advice}");
        assert_eq!(advice["proposals"][0]["agency"], "UBND-GVA", "{advice}");
        server.stop().await;
    }

    async fn an_unclear_verdict_carries_proposals(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let operator = server.token(Role::Operator, None).await;
        let unclear = "Đàn voi đi lạc vào sân trường mẫu giáo";
        let ask = async |words: &str| {
            catch_up(server.city.desk.log()).await.unwrap();
            server.post("/api/v1/explain", &operator, json!({"text": words})).await.ok()
        };
        let verdict = ask(unclear).await;
        assert_eq!((&verdict["agency"], &verdict["proposals"]), (&Value::Null, &json!([])), "{verdict}");
        let first = ruled(&server, &coordinator, unclear, "UBND-Q1").await;
        let verdict = ask("Đàn voi lạc vào sân trường mẫu giáo rồi").await;
        assert_eq!(verdict["proposals"][0]["agency"], "UBND-Q1", "{verdict}");
        assert_eq!(verdict["proposals"][0]["precedents"][0], first.as_str());
        // A sure verdict needs none.
        let verdict = ask(POTHOLE).await;
        assert_eq!((&verdict["agency"], &verdict["proposals"]), (&json!("UBND-BTH"), &json!([])));
        server.stop().await;
    }
}
