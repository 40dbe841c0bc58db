//! From the first password to the end of a session.

use super::*;

both! {
    async fn a_first_password_is_replaced_before_anything_else(bed: &Bed) {
        let server = Server::on(bed).await;
        let first = add(&server, "Lan.Nguyen", "operator", None).await;
        let mut browser = Browser::default();
        let begun = browser.sign_in(&server, " lan.NGUYEN ", &first).await.ok();
        assert_eq!((begun["login"].as_str(), begun["must"].as_str()), (Some("lan.nguyen"), Some("change_password")));
        browser.get(&server, "/api/v1/cases").await.refused(403, "password_change_needed", None);
        let weak = json!({ "old": first, "new": "ngắn quá" });
        browser.post(&server, "/api/v1/session/password", weak).await.refused(422, "password_weak", Some("new"));
        let wrong = json!({ "old": "không phải vậy đâu nhé", "new": CHOSEN });
        browser.post(&server, "/api/v1/session/password", wrong).await.refused(401, "sign_in_refused", None);
        let before = browser.clone();
        let right = json!({ "old": first, "new": CHOSEN });
        let done = browser.post(&server, "/api/v1/session/password", right).await.ok();
        assert_eq!(done["must"], Value::Null);
        assert_ne!(before.session, browser.session, "another id for another standing");
        browser.get(&server, "/api/v1/cases").await.ok();
        // The old session and the old password are worth nothing.
        before.clone().get(&server, "/api/v1/cases").await.refused(401, "token_missing", Some("Authorization"));
        Browser::default().sign_in(&server, "lan.nguyen", &first).await.refused(401, "sign_in_refused", None);
        server.stop().await;
    }

    async fn what_one_does_is_ones_own(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut browser = signed_in(&server, "lan", "operator", None).await;
        let who = browser.get(&server, "/api/v1/session").await.ok();
        let feedback = json!({ "channel": "phone", "text": "Ổ gà lớn trước số 12 Lê Lợi, Quận 1" });
        let number = browser.post(&server, "/api/v1/feedback", feedback).await.ok()["number"].as_str().unwrap().to_owned();
        let events = browser.get(&server, &format!("/api/v1/cases/{number}/events")).await.ok();
        assert_eq!(events["items"][0]["actor"]["id"], who["id"], "{events}");
        assert_eq!(events["items"][0]["actor"]["role"], "operator");
        browser.get(&server, "/api/v1/users").await.refused(403, "administrators_only", None);
        server.stop().await;
    }

    async fn a_session_ends(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut browser = signed_in(&server, "lan", "operator", None).await;
        let again = browser.clone();
        // It is renewed while it is used, and the id before is good for a minute.
        server.later(16 * 60);
        browser.get(&server, "/api/v1/session").await.ok();
        assert_ne!(again.session, browser.session);
        again.clone().get(&server, "/api/v1/session").await.ok();
        server.later(61);
        again.clone().get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        // An hour without a request.
        server.later(3_601);
        browser.get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        assert_eq!(browser.session, "", "the browser forgets it as well");
        // Twelve hours in any case.
        browser.sign_in(&server, "lan", CHOSEN).await.ok();
        for _ in 0..14 {
            browser.get(&server, "/api/v1/session").await.ok();
            server.later(3_000);
        }
        server.later(3_000);
        browser.get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        // Signing out, here and everywhere.
        browser.sign_in(&server, "lan", CHOSEN).await.ok();
        let mut other = Browser::default();
        other.sign_in(&server, "lan", CHOSEN).await.ok();
        let kept = browser.clone();
        browser.post(&server, "/api/v1/session/end", json!({})).await.ok();
        kept.clone().get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        browser.sign_in(&server, "lan", CHOSEN).await.ok();
        let ended = browser.post(&server, "/api/v1/session/end", json!({ "everywhere": true })).await.ok();
        assert_eq!(ended["sessions"], 2);
        other.get(&server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        server.stop().await;
    }

    async fn another_site_changes_nothing(bed: &Bed) {
        let server = Server::on(bed).await;
        let browser = signed_in(&server, "lan", "operator", None).await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-other", "1")] {
            let request = server.ask(Method::POST, "/api/v1/feedback").header(name, value);
            let request = request.header("cookie", browser.cookies());
            let feedback = json!({ "channel": "phone", "text": "Ổ gà trên đường Lê Lợi, Quận 1" });
            answer(request.json(&feedback)).await.refused(403, "cross_site", None);
        }
        let listed = browser.clone().get(&server, "/api/v1/cases").await.ok();
        assert_eq!(listed["items"], json!([]));
        server.stop().await;
    }
}
