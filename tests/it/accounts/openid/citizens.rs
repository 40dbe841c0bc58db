//! Citizens whom a provider vouches for, and their cases.

use super::*;
use crate::http::server::text;
use crate::support::bed::number;

const POTHOLE: &str = "Ổ gà lớn trước số 12 Lê Lợi, Quận 1";

both! {
    async fn a_citizen_sees_their_own_cases(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let listed = server.get("/api/v1/session/openid", "").await.ok();
        assert_eq!(listed["citizens"][0]["title"], "VNeID");
        assert_eq!(listed["staff"][0]["start"], "/api/v1/session/openid/can-bo");
        let mut browser = Browser::default();
        browser.get(server, "/api/v1/citizen/cases").await.refused(401, "not_signed_in", None);
        world.through(&mut browser, "cong-dan", "lan").await.ok();
        let who = browser.get(server, "/api/v1/citizen/session").await.ok();
        assert_eq!(who["provider"], "cong-dan");
        // A citizen is no staff.
        browser.get(server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        browser.get(server, "/api/v1/cases").await.refused(401, "token_missing", Some("Authorization"));

        let mut cases = Vec::new();
        for nr in 0..3 {
            server.later(1);
            let received = server.feedback(&format!("{POTHOLE}, lần {nr}")).await;
            let code = json!({ "tracking_code": received["tracking_code"] });
            for _ in 0..2 {
                assert_eq!(browser.post(server, "/api/v1/citizen/cases", code.clone()).await.status, 201);
            }
            cases.push(text(&received, "number"));
        }
        // Under the number the provider vouches for, without any code.
        server.later(1);
        let own = json!({ "channel": "app", "text": POTHOLE, "reporter": { "phone": "0900.000.002" } });
        cases.push(text(&server.post("/api/v1/feedback", "", own).await.ok(), "number"));
        let stranger = server.feedback(POTHOLE).await;
        let page = browser.get(server, "/api/v1/citizen/cases?limit=2").await.ok();
        let next = page["next"].as_str().unwrap();
        let rest = browser.get(server, &format!("/api/v1/citizen/cases?limit=2&after={next}")).await.ok();
        let found: Vec<String> = [&page, &rest].iter().flat_map(|page| page["items"].as_array().unwrap()).map(|item| text(item, "number")).collect();
        cases.reverse();
        assert_eq!(found, cases);
        assert_eq!(rest["next"], Value::Null);
        let own = browser.get(server, &format!("/api/v1/citizen/cases/{}", cases[1])).await.ok();
        assert!(own["text"].as_str().unwrap().contains("lần 2"), "{own}");
        for other in [text(&stranger, "number"), "HCM-26-000099-0".to_owned()] {
            browser.get(server, &format!("/api/v1/citizen/cases/{other}")).await.refused(404, "no_such_case", Some("number"));
        }
        let wrong = json!({ "tracking_code": "0000-0000-0000-0000-0000-0000-0000" });
        browser.post(server, "/api/v1/citizen/cases", wrong).await.refused(404, "no_such_case", Some("tracking_code"));

        // The same person again is the same account, another one is not.
        let mut again = Browser::default();
        world.through(&mut again, "cong-dan", "lan").await.ok();
        assert_eq!(again.get(server, "/api/v1/citizen/session").await.ok()["id"], who["id"]);
        let mut other = Browser::default();
        world.through(&mut other, "cong-dan", "tai").await.ok();
        assert_eq!(other.get(server, "/api/v1/citizen/cases").await.ok()["items"], json!([]));
        other.get(server, &format!("/api/v1/citizen/cases/{}", cases[1])).await.refused(404, "no_such_case", Some("number"));

        // Nothing about the person is written down, in events or beside them.
        let events = server.city.desk.log().read_all(0, 200).await.unwrap();
        let theirs: Vec<_> = events.iter().filter(|event| event.kind.starts_with("citizen.")).collect();
        assert_eq!(theirs.len(), 2 + 3);
        for event in theirs {
            let whole = format!("{event:?}").to_lowercase();
            assert!(!whole.contains("lan@") && !whole.contains("0792") && !whole.contains("nguyễn"), "{whole}");
        }
        let pool = server.city.desk.log().pool();
        assert_eq!(number(pool, "SELECT count(*) FROM citizen_contacts").await, 3, "mail, telephone, national number; of the other one nothing is verified");

        // Another site does nothing in their name; signing out everywhere ends both.
        let request = server.ask(Method::POST, "/api/v1/citizen/session/end").header("origin", "https://evil.example");
        answer(request.header("cookie", browser.cookies()).json(&json!({}))).await.refused(403, "cross_site", None);
        let ended = browser.post(server, "/api/v1/citizen/session/end", json!({ "everywhere": true })).await.ok();
        assert_eq!(ended["sessions"], 2);
        again.get(server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        world.stop().await;
    }

    async fn a_citizens_session_ends(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut browser = Browser::default();
        world.through(&mut browser, "cong-dan", "lan").await.ok();
        let first = browser.clone();
        server.later(16 * 60);
        browser.get(server, "/api/v1/citizen/session").await.ok();
        assert_ne!(first.citizen, browser.citizen, "renewed while it is used");
        server.later(3_601);
        browser.get(server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        assert_eq!(browser.citizen, "", "the browser forgets it as well");
        // The session of a citizen is none of staff, whatever cookie it is sent in.
        let mut browser = Browser::default();
        world.through(&mut browser, "cong-dan", "tai").await.ok();
        let mut posing = Browser { session: browser.citizen.clone(), ..Browser::default() };
        posing.get(server, "/api/v1/session").await.refused(401, "not_signed_in", None);
        world.stop().await;
    }
}
