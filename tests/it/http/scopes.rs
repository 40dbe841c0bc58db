//! Who sees what: the list, the page and the domain agree.

use std::collections::BTreeSet;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::authority::may_view;
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use serde_json::json;

use super::server::{Server, pothole, text};

async fn listed(server: &Server, token: &str) -> BTreeSet<String> {
    let page = server.get("/api/v1/cases?limit=200", token).await.ok();
    page["items"].as_array().unwrap().iter().map(|item| text(item, "number")).collect()
}

both! {
    async fn the_list_and_the_page_show_what_the_domain_allows(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let mut numbers = Vec::new();
        for nth in 0..8 {
            let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
            server.later(60);
            if nth & 1 != 0 {
                let part = json!({"agency": "UBND-Q1", "task": "Phối hợp"});
                server.command(&number, "add-co-agency", &coordinator, part).await;
            }
            if nth & 2 != 0 {
                let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
                server.command(&number, "assign", &agency, json!({"focal_point": "UBND-BTH-01"})).await;
            }
            if nth & 4 != 0 {
                let accused = if nth == 5 { json!("UBND-Q1") } else { json!(null) };
                server.command(&number, "seal", &coordinator, json!({"reason": "Đơn tố cáo", "accused": accused})).await;
            }
            numbers.push(number);
        }
        let readers: [(Role, Option<&str>, Option<&str>); 10] = [
            (Role::Coordinator, None, None),
            (Role::Operator, None, None),
            (Role::Administrator, None, None),
            (Role::Integration, None, None),
            (Role::AgencyCoordinator, Some("UBND-BTH"), None),
            (Role::UnitLeader, Some("UBND-BTH"), Some("UBND-BTH-02")),
            (Role::Handler, Some("UBND-BTH"), Some("UBND-BTH-01")),
            (Role::AgencyCoordinator, Some("UBND-Q1"), None),
            (Role::Handler, Some("UBND-Q1"), None),
            (Role::AgencyCoordinator, Some("UBND-Q3"), None),
        ];
        let mut seen = BTreeSet::new();
        for (role, agency, focal_point) in readers {
            let token = server.limited_token(role, agency, focal_point).await;
            let actor = Actor {
                role,
                id: "somebody".into(),
                agency: agency.map(AgencyCode::new),
                focal_point: focal_point.map(FocalPointCode::new),
                reported: None,
                in_group: false,
            };
            let mut expected = BTreeSet::new();
            for number in &numbers {
                let case = server.city.case(&number.parse::<CaseNumber>().unwrap()).await;
                let page = server.get(&format!("/api/v1/cases/{number}"), &token).await;
                if may_view(&case, &actor) {
                    expected.insert(number.clone());
                    page.ok();
                } else {
                    page.refused(404, "no_such_case", None);
                    for part in ["events", "ledger"] {
                        let path = format!("/api/v1/cases/{number}/{part}");
                        server.get(&path, &token).await.refused(404, "no_such_case", None);
                    }
                }
            }
            assert_eq!(listed(&server, &token).await, expected, "{role} {agency:?} {focal_point:?}");
            seen.insert(expected);
        }
        assert!(seen.len() >= 6, "the readers differ: {seen:?}");
        server.stop().await;
    }

    async fn merging_tells_nothing_about_a_sealed_case(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let operator = server.token(Role::Operator, None).await;
        let open = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let sealed = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        server.command(&sealed, "seal", &coordinator, json!({"reason": "Đơn tố cáo"})).await;
        let merge = format!("/api/v1/cases/{open}/merge");
        let answer = server.post(&merge, &operator, json!({"into": sealed})).await;
        answer.refused(422, "no_such_case", Some("into"));
        for (word, body) in [("merge", json!({"into": open})), ("unmerge", json!({"reason": "x"}))] {
            let path = format!("/api/v1/cases/{sealed}/{word}");
            server.post(&path, &operator, body).await.refused(404, "no_such_case", None);
        }
        server.stop().await;
    }

    async fn nothing_but_intake_and_tracking_works_without_a_token(bed: &Bed) {
        let server = Server::on(bed).await;
        for path in ["cases", "cases/HCM-26-000001-1", "agencies", "sectors", "categories"] {
            let answer = server.get(&format!("/api/v1/{path}"), "").await;
            answer.refused(401, "token_missing", Some("Authorization"));
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
            let answer = server.get(&format!("/api/v1/{path}"), "hoiam_unknown").await;
            answer.refused(401, "token_unknown", Some("Authorization"));
            assert!(answer.header("www-authenticate").contains("invalid_token"));
        }
        let answer = server.post("/api/v1/cases/HCM-26-000001-1/accept", "", json!({})).await;
        answer.refused(401, "token_missing", Some("Authorization"));
        server.stop().await;
    }

    async fn reporters_are_shown_to_whom_they_concern(bed: &Bed) {
        let server = Server::on(bed).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let mut hidden = pothole();
        hidden["anonymous"] = json!(true);
        let anonymous = text(&server.post("/api/v1/feedback", "", hidden).await.ok(), "number");
        let readers = [
            // Who wishes to be hidden is: for the desk it takes a reason.
            (Role::Operator, None, true, false),
            (Role::AgencyCoordinator, Some("UBND-BTH"), true, false),
            (Role::Integration, None, false, false),
            (Role::Administrator, None, false, false),
        ];
        for (role, agency, named, unnamed) in readers {
            let token = server.token(role, agency).await;
            for (number, told) in [(&number, named), (&anonymous, unnamed)] {
                for part in ["", "/events"] {
                    let answer = server.get(&format!("/api/v1/cases/{number}{part}"), &token).await;
                    answer.ok();
                    assert_eq!(answer.text.contains("Trần Thị Thử"), told, "{role} {part}");
                    assert_eq!(answer.text.contains("0900 000 001"), told, "{role} {part}");
                    assert!(!answer.text.contains("tracking_hash"));
                }
            }
        }
        server.stop().await;
    }
}
