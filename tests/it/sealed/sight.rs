//! Who sees a sealed case, everywhere it could be seen.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::{DENUNCIATION, change, denunciation, group, numbers};
use crate::accounts::signed_in;
use crate::http::server::{Server, answer, pothole, text, with};

/// Everybody with a token: none of them is of the group.
const OUTSIDE: [(Role, Option<&str>); 8] = [
    (Role::Coordinator, None),
    (Role::Operator, None),
    (Role::Administrator, None),
    (Role::Auditor, None),
    (Role::CityLeader, None),
    (Role::Integration, None),
    (Role::AgencyCoordinator, Some("UBND-BTH")),
    (Role::UnitLeader, Some("CATP")),
];

fn received(stats: &Value) -> i64 {
    stats["total"]["figures"]["received"]["count"].as_i64().unwrap()
}

both! {
    async fn a_denunciation_is_nowhere_but_with_the_group(bed: &Bed) {
        let server = Server::on(bed).await;
        let (mut an, _) = group(&server).await;
        let number = denunciation(&server).await;
        let open = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        catch_up(server.city.desk.log()).await.unwrap();
        for (role, agency) in OUTSIDE {
            let token = server.token(role, agency).await;
            let get = async |path: &str| server.get(path, &token).await;
            for part in ["", "/events", "/ledger", "/duplicates", "/precedents", "/reveal"] {
                let path = format!("/api/v1/cases/{number}{part}");
                get(&path).await.refused(404, "no_such_case", None);
            }
            for query in ["limit=200", "q=hối lộ", "kind=denunciation", &format!("q={number}")] {
                let list = get(&format!("/api/v1/cases?{query}")).await.ok();
                assert!(!numbers(&list).contains(&number), "{role} {query}");
            }
            let draft = json!({ "text": DENUNCIATION });
            let alike = server.post("/api/v1/duplicates", &token, draft).await;
            assert!(!alike.text.contains(&number), "{role}");
            let stats = get("/api/v1/stats?by=kind").await.ok();
            assert!(!stats["groups"].to_string().contains("denunciation"), "{role} {stats}");
            assert!(received(&stats) <= 1, "{role}: the total gives it away");
            let behind = get("/api/v1/stats/cases?measure=received").await;
            assert!(!behind.text.contains(&number), "{role}");
            let workload = get("/api/v1/workload").await.ok();
            assert!(workload["open"].as_i64().unwrap() <= 1, "{role} {workload}");
            for word in ["note", "dispatch", "accept", "move-to-successor"] {
                let path = format!("/api/v1/cases/{number}/{word}");
                let body = json!({ "text": "x", "agency": "CATP" });
                let refused = server.post(&path, &token, body).await;
                assert!(matches!(refused.status, 403 | 404 | 422), "{role} {word}");
                assert!(!refused.text.contains("sealed"), "{role} {word} {}", refused.text);
            }
        }
        server.get(&format!("/api/v1/public/cases/{number}"), "").await.refused(404, "no_such_case", None);
        let list = an.get(&server, "/api/v1/cases").await.ok();
        assert!(numbers(&list).contains(&number) && numbers(&list).contains(&open));
        assert!(!list.to_string().contains("hối lộ"), "what it says is read with a reason: {list}");
        assert!(numbers(&an.get(&server, "/api/v1/cases?q=hối lộ").await.ok()).is_empty());
        let page = an.get(&server, &format!("/api/v1/cases/{number}")).await.ok();
        assert_eq!((&page["text"], &page["sealed"]), (&json!("***"), &json!(["contact", "content"])));
        let events = an.get(&server, &format!("/api/v1/cases/{number}/events")).await;
        for part in ["hối lộ", "Trần Thị Thử", "0900"] {
            assert!(!page.to_string().contains(part) && !events.text.contains(part), "{part}");
        }
        assert_eq!(events.ok()["items"][0]["data"], json!({}));
        assert_eq!(received(&an.get(&server, "/api/v1/stats?by=kind").await.ok()), 2);
        server.stop().await;
    }

    async fn one_alone_is_no_group(bed: &Bed) {
        let server = Server::on(bed).await;
        let number = denunciation(&server).await;
        let path = format!("/api/v1/cases/{number}");
        let mut an = signed_in(&server, "an", "coordinator", None).await;
        an.get(&server, &path).await.refused(404, "no_such_case", None);
        change(&server, "add", "an").await.ok();
        an.get(&server, &path).await.refused(404, "no_such_case", None);
        let mut binh = signed_in(&server, "binh", "coordinator", None).await;
        assert_eq!(change(&server, "add", "binh").await.ok()["acts"], true);
        an.get(&server, &path).await.ok();
        binh.get(&server, &path).await.ok();
        change(&server, "remove", "an").await.refused(409, "group_too_small", Some("login"));
        signed_in(&server, "chi", "operator", None).await;
        change(&server, "add", "chi").await.refused(422, "not_a_coordinator", Some("login"));
        change(&server, "add", "khach").await.refused(404, "no_such_account", Some("login"));
        // One who may not sign in any more leaves the other alone.
        let administrator = server.token(Role::Administrator, None).await;
        server.post("/api/v1/users/binh/disable", &administrator, json!({})).await.ok();
        an.get(&server, &path).await.refused(404, "no_such_case", None);
        server.post("/api/v1/users/binh/enable", &administrator, json!({})).await.ok();
        an.get(&server, &path).await.ok();
        // Another role ends it as well.
        let role = json!({ "role": "operator" });
        server.post("/api/v1/users/an/role", &administrator, role).await.ok();
        an.get(&server, &path).await.refused(404, "no_such_case", None);
        server.stop().await;
        let (code, listed, _) = bed.hoiam("seal-group", &["list"]);
        assert_eq!((code, listed.lines().count()), (0, 2), "{listed}");
        let (code, _, errors) = bed.hoiam("seal-group", &["remove", "binh"]);
        assert!(code == 2 && errors.contains("at least 2"), "{errors}");
        assert_ne!(bed.hoiam("case", &["show", &number]).0, 0, "the console is not of the group");
    }

    async fn who_returned_a_case_has_lost_sight_of_it(bed: &Bed) {
        let server = Server::on(bed).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let number = text(&server.post("/api/v1/feedback", "", pothole()).await.ok(), "number");
        let path = format!("/api/v1/cases/{number}");
        let give_back = async || {
            let request = with(server.ask(Method::POST, &format!("{path}/return")), &agency);
            let request = request.header("idempotency-key", "lan-1");
            answer(request.json(&json!({ "reason": "Không thuộc đơn vị" }))).await
        };
        server.get(&path, &agency).await.ok();
        give_back().await.ok();
        let ruling = json!({ "agency": "UBND-Q3", "reason": "Theo phân cấp" });
        server.command(&number, "rule", &coordinator, ruling).await;
        catch_up(server.city.desk.log()).await.unwrap();
        for part in ["", "/events", "/ledger", "/duplicates", "/precedents", "/reveal"] {
            server.get(&format!("{path}{part}"), &agency).await.refused(404, "no_such_case", None);
        }
        for query in ["limit=200", "q=ổ gà", "agency=UBND-BTH", &format!("q={number}")] {
            let list = server.get(&format!("/api/v1/cases?{query}"), &agency).await.ok();
            assert!(numbers(&list).is_empty(), "{query}");
        }
        let workload = server.get("/api/v1/workload", &agency).await.ok();
        assert_eq!(workload["open"], 0);
        // What was answered then is not a window to what it is now.
        give_back().await.refused(404, "no_such_case", None);
        let reveal = json!({ "fields": ["contact"], "reason": "Cần liên hệ lại người dân" });
        server.post(&format!("{path}/reveal"), &agency, reveal).await.refused(404, "no_such_case", None);
        server.stop().await;
    }
}
