//! One-time codes, which administrators and auditors need.

use hoiam::accounts::code;
use hoiam::accounts::sign_in::seal_codes;

use super::*;
use crate::support::bed::{number, sql};

/// Sets up codes; the secret.
async fn set_up(server: &Server, browser: &mut Browser) -> String {
    let offered = browser.post(server, "/api/v1/session/code", json!({})).await.ok();
    let secret = offered["secret"].as_str().unwrap().to_owned();
    assert!(offered["url"].as_str().unwrap().contains(&secret));
    assert_eq!(offered["in_use"], false);
    let given = code::at(&secret, server.city.desk.now()).unwrap();
    let done = browser.post(server, "/api/v1/session/code", json!({ "code": given })).await.ok();
    assert_eq!(done, json!({ "in_use": true }));
    secret
}

both! {
    async fn an_auditor_signs_in_with_a_code(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut browser = signed_in(&server, "kiem.toan", "auditor", None).await;
        browser.get(&server, "/api/v1/cases").await.refused(403, "code_setup_needed", None);
        let wrong = json!({ "code": "000000" });
        browser.post(&server, "/api/v1/session/code", wrong.clone()).await.refused(401, "sign_in_refused", None);
        let secret = set_up(&server, &mut browser).await;
        browser.get(&server, "/api/v1/cases").await.ok();

        server.later(60);
        let mut other = Browser::default();
        other.sign_in(&server, "kiem.toan", CHOSEN).await.refused(401, "code_needed", Some("code"));
        let given = code::at(&secret, server.city.desk.now()).unwrap();
        let body = json!({ "login": "kiem.toan", "password": CHOSEN, "code": given });
        other.post(&server, "/api/v1/session", body.clone()).await.ok();
        // Whoever looked over a shoulder comes too late.
        Browser::default().post(&server, "/api/v1/session", body).await.refused(401, "sign_in_refused", None);
        let mut without = Browser::default();
        let body = json!({ "login": "kiem.toan", "password": "sai mật khẩu hoàn toàn", "code": "123456" });
        without.post(&server, "/api/v1/session", body).await.refused(401, "sign_in_refused", None);
        // An auditor changes nothing.
        let feedback = json!({ "channel": "phone", "text": "Ổ gà trên đường Lê Lợi, Quận 1" });
        other.post(&server, "/api/v1/feedback", feedback).await.refused(403, "role_not_allowed", None);
        server.stop().await;
    }

    async fn secrets_of_codes_are_sealed(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut browser = signed_in(&server, "kiem.toan", "auditor", None).await;
        let secret = set_up(&server, &mut browser).await;
        let log = server.city.desk.log();
        let clear = format!("SELECT count(*) FROM codes WHERE secret LIKE '%{secret}%' OR offered IS NOT NULL");
        assert_eq!(number(log.pool(), &clear).await, 0);
        // One that was stored clear, before there was a master key, goes on working and is sealed.
        sql(log.pool(), &format!("UPDATE codes SET secret = '{secret}'")).await.unwrap();
        let signs_in = async || {
            server.later(60);
            let given = code::at(&secret, server.city.desk.now()).unwrap();
            let body = json!({ "login": "kiem.toan", "password": CHOSEN, "code": given });
            Browser::default().post(&server, "/api/v1/session", body).await.ok();
        };
        signs_in().await;
        assert_eq!(seal_codes(log, true).await.unwrap(), 1);
        assert_eq!(number(log.pool(), &clear).await, 0);
        signs_in().await;
        assert_eq!(seal_codes(log, true).await.unwrap(), 0);
        assert_eq!(seal_codes(log, false).await.unwrap(), 1, "after a rotation all of them");
        signs_in().await;
        server.stop().await;
    }

    async fn a_reset_takes_codes_away(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut browser = signed_in(&server, "quan.tri", "administrator", None).await;
        set_up(&server, &mut browser).await;
        browser.get(&server, "/api/v1/users").await.ok();
        let token = server.token(Role::Administrator, None).await;
        let reset = server.post("/api/v1/users/quan.tri/reset", &token, json!({ "note": "mất điện thoại" })).await.ok();
        browser.get(&server, "/api/v1/users").await.refused(401, "token_missing", Some("Authorization"));
        let first = reset["password"].as_str().unwrap();
        let begun = browser.sign_in(&server, "quan.tri", first).await.ok();
        assert_eq!(begun["must"], "change_password");
        server.stop().await;
    }
}
