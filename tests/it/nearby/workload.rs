//! Open work and its deadlines, over HTTP: every figure is the number of cases it leads to.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use crate::http::server::{Server, pothole, text};

async fn loads(server: &Server, token: &str, query: &str) -> Value {
    catch_up(server.city.desk.log()).await.unwrap();
    server.get(&format!("/api/v1/workload?{query}"), token).await.ok()
}

fn of(loads: &Value, code: Value) -> &Value {
    let found = loads["items"].as_array().unwrap().iter().find(|item| item["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}: {loads}"))
}

/// Follows every link of every group; returns how many were followed.
async fn check_links(server: &Server, token: &str, loads: &Value) -> usize {
    let mut followed = 0;
    for item in loads["items"].as_array().unwrap() {
        for (name, figure) in item.as_object().unwrap() {
            let Some(count) = figure["count"].as_u64() else { continue };
            let link = format!("{}&limit=200", text(figure, "cases"));
            let page = server.get(&link, token).await.ok();
            assert_eq!(page["items"].as_array().unwrap().len() as u64, count, "{name} {item}");
            followed += 1;
        }
    }
    followed
}

both! {
    async fn figures_lead_to_their_cases(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let mut numbers = Vec::new();
        for _ in 0..5 {
            numbers.push(text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number"));
        }
        server.feedback("asdf qwer").await;
        let assign = json!({"focal_point": "UBND-BTH-01", "handler": "tok_handler"});
        server.command(&numbers[0], "assign", &agency, assign).await;
        for number in &numbers[..3] {
            server.command(number, "accept", &agency, json!({})).await;
        }
        server.command(&numbers[1], "ask", &agency, json!({"question": "Ở đâu?"})).await;
        let part = json!({"agency": "UBND-Q1", "task": "Phối hợp"});
        server.command(&numbers[2], "add-co-agency", &coordinator, part).await;
        let now = loads(&server, &coordinator, "").await;
        let mine = of(&now, json!("UBND-BTH"));
        assert_eq!(mine["open"]["count"], 5, "{mine}");
        assert_eq!(mine["waiting"]["count"], 1);
        assert_eq!(mine["overdue"]["count"], 0);
        assert!(mine["due_within_24h"]["count"].as_u64().is_some_and(|soon| soon >= 1), "{mine}");
        assert_eq!(of(&now, json!("UBND-Q1"))["parts"]["count"], 1);
        assert_eq!(of(&now, Value::Null)["open"]["count"], 1, "{now}");
        assert!(check_links(&server, &coordinator, &now).await >= 19);
        // Nothing happens, and still what was soon is late: that is decided when asked.
        server.later(40 * 86_400);
        let late = loads(&server, &coordinator, "").await;
        assert_eq!(of(&late, json!("UBND-BTH"))["overdue"]["count"], 4, "{late}");
        assert_eq!(of(&late, json!("UBND-BTH"))["next_due"], Value::Null);
        check_links(&server, &coordinator, &late).await;
        for by in ["focal_point", "handler"] {
            let within = loads(&server, &coordinator, &format!("by={by}&agency=UBND-BTH")).await;
            assert_eq!(within["open"], 5, "{within}");
            check_links(&server, &coordinator, &within).await;
        }
        let handlers = loads(&server, &coordinator, "by=handler").await;
        assert_eq!(of(&handlers, json!("tok_handler"))["open"]["count"], 1);
        let operator = server.token(Role::Operator, None).await;
        server.command(&numbers[4], "withdraw", &operator, json!({})).await;
        assert_eq!(loads(&server, &coordinator, "agency=UBND-BTH").await["open"], 4);
        server.stop().await;
    }

    async fn questions_are_checked(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let ask = async |query: &str| {
            server.get(&format!("/api/v1/workload?{query}"), &coordinator).await
        };
        ask("by=ward").await.refused(422, "invalid_parameter", Some("by"));
        ask("agency=XX").await.refused(422, "unknown_code", Some("agency"));
        ask("to=2026-01-01").await.refused(400, "unknown_parameter", Some("to"));
        let empty = ask("").await.ok();
        assert_eq!((&empty["open"], &empty["items"]), (&json!(0), &json!([])));
        server.stop().await;
    }
}
