//! Who is told what: only of cases they may see, and agencies only their own figures.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use crate::http::server::{Server, pothole, text};

const EVERYBODY: [(Role, Option<&str>); 8] = [
    (Role::Coordinator, None),
    (Role::Operator, None),
    (Role::Administrator, None),
    (Role::Integration, None),
    (Role::AgencyCoordinator, Some("UBND-BTH")),
    (Role::UnitLeader, Some("UBND-BTH")),
    (Role::Handler, Some("UBND-BTH")),
    (Role::AgencyCoordinator, Some("UBND-Q3")),
];

fn numbers(answer: &Value, field: &str) -> Vec<String> {
    answer[field].as_array().unwrap().iter().map(|item| text(item, "number")).collect()
}

async fn potholes(server: &Server, many: usize) -> Vec<String> {
    let mut numbers = Vec::new();
    for _ in 0..many {
        numbers.push(text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number"));
        server.later(60);
    }
    numbers
}

both! {
    async fn duplicates_and_precedents_are_of_cases_one_may_see(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let cases = potholes(&server, 4).await;
        // The second is sealed, the third went to another agency by a ruling.
        server.command(&cases[1], "seal", &coordinator, json!({"reason": "Đơn tố cáo"})).await;
        server.command(&cases[2], "return", &agency, json!({"reason": "Không thuộc"})).await;
        let ruling = json!({"agency": "UBND-Q3", "reason": "Theo phân cấp"});
        server.command(&cases[2], "rule", &coordinator, ruling).await;
        catch_up(server.city.desk.log()).await.unwrap();
        for (role, agency) in EVERYBODY {
            let token = server.token(role, agency).await;
            let sees = async |number: &String| {
                server.get(&format!("/api/v1/cases/{number}"), &token).await.status == 200
            };
            let path = |part: &str| format!("/api/v1/cases/{}/{part}", cases[0]);
            let duplicates = server.get(&path("duplicates"), &token).await;
            let precedents = server.get(&path("precedents"), &token).await;
            if !sees(&cases[0]).await {
                duplicates.refused(404, "no_such_case", None);
                precedents.refused(404, "no_such_case", None);
                continue;
            }
            let duplicates = numbers(&duplicates.ok(), "items");
            for number in &cases[1..] {
                assert_eq!(duplicates.contains(number), sees(number).await, "{role} {agency:?}");
            }
            let precedents = numbers(&precedents.ok(), "precedents");
            assert_eq!(precedents.contains(&cases[2]), sees(&cases[2]).await, "{role} {agency:?}");
        }
        server.stop().await;
    }

    async fn a_case_merged_into_one_that_was_sealed_does_not_name_it(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let operator = server.token(Role::Operator, None).await;
        let cases = potholes(&server, 3).await;
        server.command(&cases[1], "merge", &coordinator, json!({"into": cases[0]})).await;
        server.command(&cases[0], "seal", &coordinator, json!({"reason": "Đơn tố cáo"})).await;
        catch_up(server.city.desk.log()).await.unwrap();
        for (token, told) in [(&coordinator, Value::Null), (&operator, Value::Null)] {
            let path = format!("/api/v1/cases/{}/duplicates", cases[2]);
            let found = server.get(&path, token).await.ok();
            let items = found["items"].as_array().unwrap();
            let merged = items.iter().find(|item| item["number"] == cases[1].as_str());
            assert_eq!(merged.unwrap()["merged_into"], told);
        }
        server.stop().await;
    }

    async fn drafts_are_for_who_enters_feedback(bed: &Bed) {
        let server = Server::on(bed).await;
        let draft = json!({"text": "ổ gà"});
        for (role, agency) in EVERYBODY {
            let token = server.token(role, agency).await;
            let may = matches!(role, Role::Coordinator | Role::Operator | Role::Integration);
            for path in ["/api/v1/duplicates", "/api/v1/explain"] {
                let answer = server.post(path, &token, draft.clone()).await;
                if may {
                    answer.ok();
                } else {
                    answer.refused(403, "role_not_allowed", None);
                }
            }
        }
        for path in ["/api/v1/duplicates", "/api/v1/explain"] {
            let answer = server.post(path, "", draft.clone()).await;
            answer.refused(401, "token_missing", Some("Authorization"));
        }
        server.stop().await;
    }

    async fn agencies_see_their_own_work(bed: &Bed) {
        let server = Server::on(bed).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let cases = potholes(&server, 4).await;
        for number in &cases[..3] {
            let part = json!({"agency": "UBND-Q3", "task": "Phối hợp"});
            server.command(number, "add-co-agency", &coordinator, part).await;
        }
        server.command(&cases[3], "seal", &coordinator, json!({"reason": "Đơn tố cáo"})).await;
        catch_up(server.city.desk.log()).await.unwrap();
        for (role, agency) in EVERYBODY {
            let token = server.token(role, agency).await;
            let answer = server.get("/api/v1/workload", &token).await.ok();
            let items = answer["items"].as_array().unwrap();
            let mut codes: Vec<String> = items.iter().map(|item| text(item, "code")).collect();
            codes.sort();
            let own = agency.unwrap_or("UBND-BTH");
            let path = format!("/api/v1/cases?lead={own}&limit=200");
            let listed = server.get(&path, &token).await.ok();
            let listed = listed["items"].as_array().unwrap().len();
            assert_eq!(answer["open"], listed, "{role} {agency:?} {answer}");
            let Some(own) = agency else {
                assert_eq!(codes, ["UBND-BTH", "UBND-Q3"]);
                continue;
            };
            assert_eq!(codes, [own]);
            let other = if own == "UBND-Q3" { "UBND-BTH" } else { "UBND-Q3" };
            let other = server.get(&format!("/api/v1/workload?agency={other}"), &token).await;
            other.refused(403, "not_your_agency", Some("agency"));
        }
        let answer = server.get("/api/v1/workload", "").await;
        answer.refused(401, "token_missing", Some("Authorization"));
        server.stop().await;
    }
}
