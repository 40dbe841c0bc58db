//! Whoever guesses is slowed down; the owner is not locked out.

use super::*;

const WRONG: &str = "không phải mật khẩu này";

both! {
    async fn failures_cost_time_but_not_the_owners(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut owner = signed_in(&server, "lan", "operator", None).await;
        let mut guesser = Browser::default();
        for _ in 0..5 {
            guesser.sign_in(&server, "lan", WRONG).await.refused(401, "sign_in_refused", None);
        }
        // Now not even the right password is looked at.
        let late = guesser.sign_in(&server, "lan", CHOSEN).await;
        late.refused(429, "sign_in_wait", None);
        assert_eq!(late.header("retry-after"), "1");
        // The owner's own browser is known.
        owner.sign_in(&server, "lan", CHOSEN).await.ok();
        // Each further failure doubles the wait.
        server.later(1);
        guesser.sign_in(&server, "lan", WRONG).await.refused(401, "sign_in_refused", None);
        let late = guesser.sign_in(&server, "lan", WRONG).await;
        assert_eq!((late.status, late.header("retry-after")), (429, "2"));
        // Waiting long enough, anybody who knows the password comes in, and the count begins anew.
        server.later(2);
        guesser.sign_in(&server, "lan", CHOSEN).await.ok();
        let mut next = Browser::default();
        next.sign_in(&server, "lan", WRONG).await.refused(401, "sign_in_refused", None);
        next.sign_in(&server, "lan", CHOSEN).await.ok();
        server.stop().await;
    }

    async fn nobody_learns_who_exists(bed: &Bed) {
        let server = Server::on(bed).await;
        signed_in(&server, "lan", "operator", None).await;
        let mut seen = Vec::new();
        for login in ["lan", "khong-co-ai", "không phải tên", ""] {
            let mut browser = Browser::default();
            for _ in 0..6 {
                let refused = browser.sign_in(&server, login, WRONG).await;
                seen.push((refused.status, refused.json()));
                assert_eq!(browser.device, "", "no cookie tells either");
            }
        }
        let (first, rest) = seen.split_at(6);
        assert!(rest.chunks(6).all(|other| other == first), "{seen:?}");
        server.stop().await;
    }

    async fn malformed_attempts_are_refused_clearly(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut browser = Browser::default();
        browser.post(&server, "/api/v1/session", json!({ "login": "lan" })).await.refused(422, "missing_field", Some("password"));
        browser.post(&server, "/api/v1/session", json!({ "login": "lan", "password": "x", "admin": true })).await.refused(422, "unknown_field", Some("admin"));
        let long = "x".repeat(100_000);
        browser.sign_in(&server, "lan", &long).await.refused(401, "sign_in_refused", None);
        server.stop().await;
    }
}
