//! Staff whom a provider vouches for: only with an account, only as linked.

use hoiam::accounts::{code, id_of};
use hoiam_domain::accounts::AccountEvent;

use super::*;

both! {
    async fn staff_come_in_when_they_are_linked(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut browser = Browser::default();
        // Who has no account, or is not linked, gets no rights.
        world.through(&mut browser, "can-bo", "lan").await.refused(403, "no_linked_account", None);
        add(server, "lan", "operator", None).await;
        world.through(&mut browser, "can-bo", "lan").await.refused(403, "no_linked_account", None);
        assert_eq!(browser.session, "");

        let link = |login: &str, subject: &str| {
            bed.hoiam("user", &["link", login, "--issuer", &world.idp.issuer, "--subject", subject])
        };
        let (code, out, error) = link("lan", "lan");
        assert!(code == 0 && out.starts_with("lan\t"), "{out}{error}");
        assert_eq!(link("lan", "lan").0, 0, "twice is the same as once");
        assert_eq!(link("ai-do", "x").0, 2);
        // The first password need not be replaced by whom somebody else vouches for.
        let begun = world.through(&mut browser, "can-bo", "lan").await.ok();
        assert_eq!((begun["login"].as_str(), begun["must"].as_str()), (Some("lan"), None));
        browser.get(server, "/api/v1/cases").await.ok();
        world.through(&mut Browser::default(), "can-bo", "tai").await.refused(403, "no_linked_account", None);

        let token = server.token(Role::Administrator, None).await;
        add(server, "tai", "operator", None).await;
        let taken = json!({ "issuer": world.idp.issuer, "subject": "lan" });
        server.post("/api/v1/users/tai/link", &token, taken).await.refused(409, "identity_linked_elsewhere", Some("subject"));
        let clerk = server.token(Role::Coordinator, None).await;
        let own = json!({ "issuer": world.idp.issuer, "subject": "tai" });
        server.post("/api/v1/users/tai/link", &clerk, own.clone()).await.refused(403, "administrators_only", None);
        server.post("/api/v1/users/tai/link", &token, own).await.ok();
        let mut other = Browser::default();
        world.through(&mut other, "can-bo", "tai").await.ok();
        server.post("/api/v1/users/tai/disable", &token, json!({})).await.ok();
        other.get(server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        world.through(&mut other, "can-bo", "tai").await.refused(403, "no_linked_account", None);

        // Unlinked, what the provider began ends.
        let issuer = json!({ "issuer": world.idp.issuer, "note": "nghỉ việc" });
        server.post("/api/v1/users/lan/unlink", &token, issuer.clone()).await.ok();
        server.post("/api/v1/users/lan/unlink", &token, issuer).await.refused(404, "identity_not_linked", Some("issuer"));
        browser.get(server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        world.through(&mut browser, "can-bo", "lan").await.refused(403, "no_linked_account", None);
        let events = server.city.desk.log().read_stream(id_of("lan"), 0, 10).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["account.added", "account.identity_linked", "account.identity_unlinked"]);
        world.stop().await;
    }

    async fn a_claim_links_once_and_may_only_take_away(bed: &Bed) {
        let world = World::with(bed, "[claims]\nlogin = 'preferred_username'\nrole = 'roles'\n").await;
        let server = &world.server;
        let mut browser = Browser::default();
        world.through(&mut browser, "can-bo", "lan").await.refused(403, "no_linked_account", None);
        add(server, "lan", "operator", None).await;
        world.through(&mut browser, "can-bo", "lan").await.ok();
        let events = server.city.desk.log().read_stream(id_of("lan"), 0, 10).await.unwrap();
        let linked = hoiam_domain::accounts::event::decode(&events[1].kind, events[1].schema, events[1].data()).unwrap();
        assert!(matches!(linked, AccountEvent::IdentityLinked(linked) if linked.by_claim));
        // The name given to somebody else there is no right here.
        world.idp.twist(json!({ "claims": { "preferred_username": "lan" } })).await;
        world.through(&mut Browser::default(), "can-bo", "tai").await.refused(403, "no_linked_account", None);
        // A role taken away there is taken away here; one given there gives nothing here.
        world.idp.twist(json!({ "claims": { "roles": ["handler", "administrator"] } })).await;
        world.through(&mut browser, "can-bo", "lan").await.refused(403, "provider_disagrees", None);
        world.idp.twist(json!({ "claims": { "roles": ["operator", "administrator"] } })).await;
        let begun = world.through(&mut browser, "can-bo", "lan").await.ok();
        assert_eq!(begun["role"], "operator");
        world.stop().await;
    }

    async fn one_time_codes_after_a_provider(bed: &Bed) {
        let world = World::with(bed, "[second_factor]\namr = ['mfa']\n").await;
        let server = &world.server;
        add(server, "kiem.toan", "auditor", None).await;
        let token = server.token(Role::Administrator, None).await;
        let link = json!({ "issuer": world.idp.issuer, "subject": "tai" });
        server.post("/api/v1/users/kiem.toan/link", &token, link).await.ok();
        let mut browser = Browser::default();
        // A password there is not enough.
        let begun = world.through(&mut browser, "can-bo", "tai").await.ok();
        assert_eq!(begun["must"], "set_up_code");
        browser.get(server, "/api/v1/cases").await.refused(403, "code_setup_needed", None);
        let offered = browser.post(server, "/api/v1/session/code", json!({})).await.ok();
        let secret = offered["secret"].as_str().unwrap().to_owned();
        let now = |server: &Server| code::at(&secret, server.city.desk.now()).unwrap();
        browser.post(server, "/api/v1/session/code", json!({ "code": now(server) })).await.ok();
        browser.get(server, "/api/v1/cases").await.ok();

        server.later(60);
        let mut next = Browser::default();
        let begun = world.through(&mut next, "can-bo", "tai").await.ok();
        assert_eq!(begun["must"], "give_code");
        next.get(server, "/api/v1/cases").await.refused(403, "code_needed", None);
        // Nobody puts other codes in place of those that are missing.
        next.post(server, "/api/v1/session/code", json!({})).await.refused(403, "code_needed", None);
        next.post(server, "/api/v1/session/password", json!({ "old": "a", "new": CHOSEN })).await.refused(403, "code_needed", None);
        next.post(server, "/api/v1/session/code/prove", json!({ "code": "000000" })).await.refused(401, "sign_in_refused", None);
        let (before, given) = (next.clone(), json!({ "code": now(server) }));
        next.post(server, "/api/v1/session/code/prove", given.clone()).await.ok();
        assert_ne!(before.session, next.session, "another id for another standing");
        next.get(server, "/api/v1/cases").await.ok();
        // A code is good for once.
        let mut thief = Browser::default();
        world.through(&mut thief, "can-bo", "tai").await.ok();
        thief.post(server, "/api/v1/session/code/prove", given).await.refused(401, "sign_in_refused", None);
        // With evidence of a second factor nothing is missing.
        world.idp.twist(json!({ "claims": { "amr": ["pwd", "mfa"] } })).await;
        let mut proven = Browser::default();
        let begun = world.through(&mut proven, "can-bo", "tai").await.ok();
        assert_eq!(begun["must"], Value::Null);
        proven.get(server, "/api/v1/cases").await.ok();
        world.stop().await;
    }
}
