//! What comes back from a provider, and what does not count.

use super::*;

/// The value of a parameter in an address.
fn parameter<'a>(address: &'a str, name: &str) -> &'a str {
    let query = address.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name).unwrap().1
}

#[track_caller]
fn not_begun(answer: &Answer) {
    answer.refused(400, "sign_in_not_begun", None);
}

both! {
    async fn what_comes_back_belongs_to_what_went(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut browser = Browser::default();
        let address = world.leave(&mut browser, "cong-dan").await;
        assert!(address.contains("code_challenge_method=S256"), "{address}");
        let back = world.idp.signs_in(&address, "lan").await;
        // Another browser, with a way of its own or without: nobody is signed in as somebody else.
        not_begun(&world.come_back(&mut Browser::default(), &back).await);
        let mut other = Browser::default();
        world.leave(&mut other, "cong-dan").await;
        not_begun(&world.come_back(&mut other, &back).await);
        // Another state, or none; another provider.
        let state = parameter(&back, "state").to_owned();
        not_begun(&world.come_back(&mut browser, &back.replace(&state, &"0".repeat(64))).await);
        not_begun(&world.come_back(&mut browser, &back.replace(&state, "")).await);
        not_begun(&world.come_back(&mut browser, &back.replace("cong-dan", "can-bo")).await);
        // As it went; and once.
        world.come_back(&mut browser, &back).await.ok();
        not_begun(&world.come_back(&mut browser, &back).await);

        // A code that was used, brought back on another way.
        let address = world.leave(&mut browser, "cong-dan").await;
        let stolen = format!("{}/api/v1/session/openid/cong-dan/callback?state={}&code={}", server.base, parameter(&address, "state"), parameter(&back, "code"));
        world.come_back(&mut browser, &stolen).await.refused(401, "provider_refused", None);
        // Another issuer says that it is the one (RFC 9207).
        let address = world.leave(&mut browser, "cong-dan").await;
        let back = world.idp.signs_in(&address, "lan").await;
        let mixed = back.replace(parameter(&back, "iss"), "https%3A%2F%2Fevil.example");
        world.come_back(&mut browser, &mixed).await.refused(401, "provider_not_trusted", None);
        not_begun(&world.come_back(&mut browser, &back).await);
        // The person stopped; what the provider says is not repeated.
        let address = world.leave(&mut browser, "cong-dan").await;
        let stopped = format!("{}/api/v1/session/openid/cong-dan/callback?state={}&error=access_denied&error_description=%3Cscript%3E", server.base, parameter(&address, "state"));
        let answer = world.come_back(&mut browser, &stopped).await;
        answer.refused(401, "provider_refused", None);
        assert!(!answer.text.contains("script"));
        // Too long away.
        let address = world.leave(&mut browser, "cong-dan").await;
        let back = world.idp.signs_in(&address, "lan").await;
        server.later(601);
        not_begun(&world.come_back(&mut browser, &back).await);
        world.stop().await;
    }

    async fn afterwards_only_pages_of_ours(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut browser = Browser::default();
        for to in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/a%0d%0aSet-Cookie:b"] {
            let answer = browser.get(server, &format!("/api/v1/session/openid/cong-dan?to={to}")).await;
            assert!(matches!(answer.status, 400 | 422), "{to}: {} {}", answer.status, answer.text);
        }
        browser.get(server, "/api/v1/session/openid/khong-co").await.refused(404, "no_such_provider", None);
        let sent = browser.get(server, "/api/v1/session/openid/cong-dan?to=/nguoi-dan").await;
        let back = world.idp.signs_in(sent.header("location"), "lan").await;
        let path = back.strip_prefix(&server.base).unwrap();
        let request = server.ask(Method::GET, path).header("accept", "text/html").header("cookie", browser.cookies());
        let page = answer(request).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("content=\"0;url=/nguoi-dan\"") && page.header("content-type").starts_with("text/html"), "{}", page.text);
        browser.keep(&page);
        browser.get(server, "/api/v1/citizen/session").await.ok();
        // A refusal is a page for people, too.
        let request = server.ask(Method::GET, path).header("accept", "text/html").header("cookie", browser.cookies());
        let page = answer(request).await;
        assert!(page.status == 400 && page.text.contains("vui lòng đăng nhập lại"), "{}", page.text);
        world.stop().await;
    }

    async fn a_token_says_the_truth(bed: &Bed) {
        let world = World::on(bed).await;
        let now = SystemClock.now().as_second();
        for twist in [
            json!({ "claims": { "nonce": "another" } }),
            json!({ "claims": { "nonce": null } }),
            json!({ "claims": { "iss": "https://evil.example" } }),
            json!({ "claims": { "aud": "another client" } }),
            json!({ "claims": { "aud": ["citizens", "another client"] } }),
            json!({ "claims": { "exp": now - 60 } }),
            json!({ "claims": { "iat": now - 3_600 } }),
            json!({ "claims": { "iat": now + 3_600 } }),
            json!({ "claims": { "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" } }),
            json!({ "claims": { "sub": "" } }),
            json!({ "key": "none" }),
            json!({ "key": "secret" }),
            json!({ "key": "stranger" }),
        ] {
            world.idp.twist(twist.clone()).await;
            let mut browser = Browser::default();
            let answer = world.through(&mut browser, "cong-dan", "lan").await;
            assert_eq!(answer.status, 401, "{twist}: {}", answer.text);
            answer.refused(401, "provider_not_trusted", None);
            assert_eq!((browser.citizen.as_str(), browser.session.as_str()), ("", ""));
        }
        world.idp.twist(json!({})).await;
        world.through(&mut Browser::default(), "cong-dan", "lan").await.ok();
        world.stop().await;
    }

    async fn keys_may_change_and_providers_go_away(bed: &Bed) {
        let mut world = World::on(bed).await;
        let mut browser = Browser::default();
        world.through(&mut browser, "cong-dan", "lan").await.ok();
        world.idp.rotate().await;
        // Asked a moment ago, it is not asked again: made-up tokens cause no questions.
        world.clock.later(11);
        world.through(&mut browser, "cong-dan", "lan").await.ok();
        // Gone between going and coming back.
        let address = world.leave(&mut browser, "cong-dan").await;
        let back = world.idp.signs_in(&address, "lan").await;
        world.idp.kill();
        let gone = world.come_back(&mut browser, &back).await;
        gone.refused(503, "provider_unavailable", None);
        assert_eq!(gone.header("retry-after"), "30");
        world.stop().await;

        // One that was never there, and one that calls itself something else.
        let entry = |issuer: &str| {
            let text = format!("name = 'x'\nfor = 'citizens'\nclient_id = 'x'\nissuer = '{issuer}'\n");
            let clock = Arc::new(Running::default());
            Provider::new(toml::from_str(&text).unwrap(), "http://127.0.0.1:1", clock).unwrap()
        };
        let running = Idp::start("http://127.0.0.1:1");
        let other_name = running.issuer.replace("127.0.0.1", "localhost");
        for issuer in ["http://127.0.0.1:1", &other_name] {
            let city = City::on(bed).await;
            let ways = Ways::new("http://127.0.0.1:1", vec![entry(issuer)]);
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let setup = Setup { ways: Some(Arc::new(ways)), ..Setup::default() };
            let server = Server::listening(city, listener, setup);
            for _ in 0..2 {
                Browser::default().get(&server, "/api/v1/session/openid/x").await.refused(503, "provider_unavailable", None);
            }
            server.stop().await;
        }
    }
}
