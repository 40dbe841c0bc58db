//! What everybody may read without an account.

use hoiam_domain::actor::Role;
use hoiam_domain::case::command::{Erase, ErasedPart};
use reqwest::Method;
use serde_json::{Value, json};

use super::{denunciation, numbers};
use crate::http::server::{Server, answer, text};
use crate::support::city::POTHOLE;

fn report(public: bool, more: &str) -> Value {
    json!({
        "channel": "app",
        "text": format!("{POTHOLE}. {more}"),
        "public": public,
        "location": { "lat": 10.803_456, "lon": 106.696_789, "address": "47/3 Bùi Đình Túy, P.12" },
        "reporter": { "name": "Trần Thị Thử", "phone": "0900 000 001" },
    })
}

/// The number of a case an agency has accepted.
async fn accepted(server: &Server, public: bool, more: &str) -> String {
    let number =
        text(&server.post("/api/v1/feedback", "", report(public, more)).await.ok(), "number");
    server.later(60);
    let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
    server.command(&number, "accept", &agency, json!({})).await;
    number
}

both! {
    async fn an_erased_case_is_not_public_any_more(bed: &Bed) {
        let server = Server::on(bed).await;
        let erased = accepted(&server, true, "").await;
        let other = accepted(&server, true, "").await;
        let desk = &server.city.desk;
        let (id, what) = (desk.find(&erased.parse().unwrap()).await.unwrap(), ErasedPart::Contact);
        let command = |what| Erase { what, legal_ground: "theo yêu cầu".to_owned() };
        desk.erase(id, &command(what)).await.unwrap();
        let list = server.get("/api/v1/public/cases", "").await.ok();
        assert_eq!(numbers(&list), [other.as_str(), erased.as_str()], "who reported it was never told");
        desk.erase(id, &command(ErasedPart::Everything)).await.unwrap();
        let list = server.get("/api/v1/public/cases", "").await.ok();
        assert_eq!(numbers(&list), [other.as_str()]);
        let path = format!("/api/v1/public/cases/{erased}");
        server.get(&path, "").await.refused(404, "no_such_case", None);
        server.stop().await;
    }

    async fn only_what_the_citizen_made_public_and_nobodys_data(bed: &Bed) {
        let server = Server::on(bed).await;
        let more = "Gọi anh Tuấn 0901 234 567, tôi là tran thi thu, mail an@thu.vn";
        let public = accepted(&server, true, more).await;
        let private = accepted(&server, false, "").await;
        let waiting = text(&server.post("/api/v1/feedback", "", report(true, "")).await.ok(), "number");
        let denounced = denunciation(&server).await;
        let list = server.get("/api/v1/public/cases", "").await;
        assert_eq!(numbers(&list.ok()), [public.as_str()]);
        assert!(list.header("cache-control").starts_with("public"));
        for number in [&private, &waiting, &denounced] {
            let path = format!("/api/v1/public/cases/{number}");
            server.get(&path, "").await.refused(404, "no_such_case", None);
        }
        let path = format!("/api/v1/public/cases/{public}");
        let page = server.get(&path, "").await;
        let told = page.ok();
        let expected = format!("{POTHOLE}. Gọi anh *** ***, tôi là ***, mail ***");
        assert_eq!(told["text"], json!(expected));
        assert_eq!((&told["lat"], &told["lon"]), (&json!(10.803), &json!(106.697)));
        for secret in ["Tuấn", "0901", "0900", "thu.vn", "47/3", "tok_", "10.8034"] {
            assert!(!page.text.contains(secret) && !list.text.contains(secret), "{secret}: {}", page.text);
        }
        // Whoever has it is told so.
        let again = server.ask(Method::GET, &path).header("if-none-match", page.header("etag"));
        assert_eq!(answer(again).await.status, 304);
        // The citizen reads their own words.
        let code = text(&server.post("/api/v1/feedback", "", report(true, more)).await.ok(), "tracking_code");
        let own = server.get(&format!("/api/v1/track/{code}"), "").await;
        assert!(own.ok()["text"].as_str().unwrap().ends_with(more));
        // Sealed, it is gone.
        let coordinator = server.token(Role::Coordinator, None).await;
        server.command(&public, "seal", &coordinator, json!({ "reason": "Có nội dung tố giác" })).await;
        server.get(&path, "").await.refused(404, "no_such_case", None);
        assert!(numbers(&server.get("/api/v1/public/cases", "").await.ok()).is_empty());
        server.stop().await;
    }

    async fn the_citizens_choice_holds_everywhere(bed: &Bed) {
        let server = Server::on(bed).await;
        let more = "Tôi là tran thi thu, số 0900.000.001";
        let taken = server.post("/api/v1/feedback", "", report(true, more)).await.ok();
        let (number, code) = (text(&taken, "number"), text(&taken, "tracking_code"));
        server.later(60);
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        server.command(&number, "accept", &agency, json!({})).await;
        let near = text(&server.post("/api/v1/feedback", "", report(false, "")).await.ok(), "number");
        let staff = [
            format!("/api/v1/cases/{number}"),
            format!("/api/v1/cases/{number}/events"),
            "/api/v1/cases".to_owned(),
            format!("/api/v1/cases/{near}/duplicates"),
            format!("/api/v1/cases/{number}/duplicates"),
        ];
        let page = format!("/api/v1/public/cases/{number}");
        let track = format!("/api/v1/track/{code}");
        let told = server.get(&staff[0], &agency).await;
        assert_eq!(told.ok()["reporters"][0]["name"], "Trần Thị Thử");
        assert!(told.text.contains("tran thi thu"));
        server.get(&page, "").await.ok();

        // By tracking code, at any time.
        let done = server.post(&format!("{track}/choose"), "", json!({ "public": false, "anonymous": true })).await.ok();
        let again = server.post(&format!("{track}/choose"), "", json!({ "anonymous": true })).await.ok();
        assert_eq!(done["version"], again["version"], "twice adds nothing");
        server.get(&page, "").await.refused(404, "no_such_case", None);
        assert!(numbers(&server.get("/api/v1/public/cases", "").await.ok()).is_empty());
        let own = server.get(&track, "").await.ok();
        assert_eq!((&own["public"], &own["anonymous"]), (&json!(false), &json!(true)));
        assert!(text(&own, "text").contains("tran thi thu"), "their own words");
        hoiam::followers::catch_up(server.city.desk.log()).await.unwrap();
        for role in [Role::AgencyCoordinator, Role::UnitLeader, Role::Integration, Role::CityLeader, Role::Auditor] {
            let token = server.token(role, role.belongs_to_agency().then_some("UBND-BTH")).await;
            for path in &staff {
                let answer = server.get(path, &token).await;
                assert!([200, 403].contains(&answer.status), "{path} {role}: {}", answer.text);
                let seen = answer.text.to_lowercase();
                for secret in ["tran thi thu", "0900.000.001"] {
                    assert!(!seen.contains(secret), "{secret} in {path} for {role}: {}", answer.text);
                }
            }
        }
        let shown = server.get(&staff[0], &agency).await.ok();
        assert_eq!((&shown["reporters"][0]["name"], &shown["reporters"][0]["phone"]), (&Value::Null, &Value::Null));
        let events = server.get(&staff[1], &agency).await;
        assert!(!events.text.contains("Trần Thị Thử") && events.text.contains("case.publicity_chosen"));
        // The desk reads who it is with a reason only.
        let operator = server.token(Role::Operator, None).await;
        let desk = server.get(&staff[0], &operator).await.ok();
        assert_eq!((&desk["reporters"][0]["name"], &desk["sealed"]), (&Value::Null, &json!(["contact"])));
        // Nobody of an agency chooses; the desk does for who asks it to.
        let choose = json!({ "public": true, "anonymous": false });
        let path = format!("{}/choose", staff[0]);
        server.post(&path, &agency, choose.clone()).await.refused(403, "role_not_allowed", None);
        server.command(&number, "choose", &operator, choose).await;
        server.get(&page, "").await.ok();
        assert_eq!(server.get(&staff[0], &agency).await.ok()["reporters"][0]["name"], "Trần Thị Thử");
        let verified = hoiam::rebuild::verify(server.city.desk.log(), &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        server.stop().await;
    }

    async fn words_in_which_nobody_knows_the_name_any_more_are_shown_to_nobody(bed: &Bed) {
        let server = Server::on(bed).await;
        let desk = &server.city.desk;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        let operator = server.token(Role::Operator, None).await;
        for anonymous in [true, false] {
            let mut body = report(true, "khổng tú quyên kính báo");
            body["anonymous"] = json!(anonymous);
            body["reporter"] = json!({ "name": "Khổng Tú Quyên" });
            let taken = server.post("/api/v1/feedback", "", body).await.ok();
            let (number, code) = (text(&taken, "number"), text(&taken, "tracking_code"));
            server.later(60);
            server.command(&number, "accept", &agency, json!({})).await;
            let page = format!("/api/v1/public/cases/{number}");
            let told = server.get(&page, "").await.ok();
            assert!(text(&told, "text").ends_with("*** kính báo"), "{told}");
            let found = async |token: &str| {
                let list = "/api/v1/cases?q=khong+tu+quyen&status=in_progress";
                numbers(&server.get(list, token).await.ok()).contains(&number)
            };
            assert_eq!(found(&agency).await, !anonymous, "a hidden name finds nothing");

            let place = tempfile::tempdir().unwrap();
            let journal = hoiam::person::Journal::at(place.path().join("erasures.jsonl"));
            let person = hoiam::person::by_case(desk, &number.parse().unwrap()).await.unwrap().id;
            let what = hoiam_domain::case::command::ErasedPart::Contact;
            let request = hoiam::person::Request { what, ..crate::person::request(person) };
            hoiam::person::erase(desk, &journal, &request).await.unwrap();

            let everybody = server.get(&page, "").await;
            let told = everybody.ok();
            assert_eq!((&told["text"], &told["status"]), (&json!("***"), &json!("in_progress")));
            assert_eq!((&told["category"].is_null(), &told["lat"]), (&false, &json!(10.803)));
            let mut seen = vec![everybody.text, server.get("/api/v1/public/cases", "").await.text];
            if anonymous {
                assert!(!found(&agency).await && !found(&operator).await);
                for path in ["", "/events", "/duplicates"] {
                    let path = format!("/api/v1/cases/{number}{path}");
                    seen.push(server.get(&path, &agency).await.text);
                }
                seen.push(server.get("/api/v1/cases", &agency).await.text);
            }
            for seen in seen {
                assert!(!seen.to_lowercase().contains("quyên"), "{seen}");
            }
            // The desk and whoever wrote it read it on.
            for (path, token) in [(format!("/api/v1/cases/{number}"), &*operator), (format!("/api/v1/track/{code}"), "")] {
                assert!(text(&server.get(&path, token).await.ok(), "text").contains("khổng tú quyên"));
            }
            let reason = json!({ "public": false });
            server.command(&number, "choose", &operator, reason).await;
        }
        let verified = hoiam::rebuild::verify(desk.log(), &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        server.stop().await;
    }

    async fn the_choice_is_there_on_every_channel(bed: &Bed) {
        let server = Server::on(bed).await;
        let agency = server.token(Role::AgencyCoordinator, Some("UBND-BTH")).await;
        for channel in hoiam_domain::kinds::Channel::ALL {
            for (public, anonymous) in [(true, true), (false, false)] {
                let mut body = report(public, "");
                (body["channel"], body["anonymous"]) = (json!(channel), json!(anonymous));
                let number = text(&server.post("/api/v1/feedback", "", body).await.ok(), "number");
                server.later(60);
                server.command(&number, "accept", &agency, json!({})).await;
                let page = server.get(&format!("/api/v1/cases/{number}"), &agency).await.ok();
                assert_eq!((&page["public"], page["reporters"][0]["name"].is_null()), (&json!(public), anonymous), "{channel}");
                let everybody = server.get(&format!("/api/v1/public/cases/{number}"), "").await;
                assert_eq!(everybody.status, if public { 200 } else { 404 }, "{channel}");
            }
        }
        server.stop().await;
    }

    async fn who_was_merged_is_hidden_there_as_well(bed: &Bed) {
        let server = Server::on(bed).await;
        let first = accepted(&server, true, "").await;
        let taken = server.post("/api/v1/feedback", "", report(false, "")).await.ok();
        let (number, code) = (text(&taken, "number"), text(&taken, "tracking_code"));
        let coordinator = server.token(Role::Coordinator, None).await;
        server.command(&number, "merge", &coordinator, json!({ "into": first })).await;
        let choose = format!("/api/v1/track/{code}/choose");
        server.post(&choose, "", json!({ "public": true, "anonymous": true })).await.ok();
        for case in [&number, &first] {
            let page = server.get(&format!("/api/v1/cases/{case}"), &coordinator).await.ok();
            let hidden = page["reporters"].as_array().unwrap().last().unwrap()["anonymous"].clone();
            assert_eq!((hidden, &page["public"]), (json!(true), &json!(true)), "{page}");
        }
        server.stop().await;
    }

    async fn pages_follow_each_other_and_filters_hold(bed: &Bed) {
        let server = Server::on(bed).await;
        let mut all = Vec::new();
        for _ in 0..5 {
            all.push(accepted(&server, true, "").await);
        }
        all.reverse();
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = server.get(&format!("/api/v1/public/cases?limit=2{after}"), "").await.ok();
            seen.extend(numbers(&page));
            match page["next"].as_str() {
                Some(next) => after = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, all);
        let count = async |query: &str| {
            numbers(&server.get(&format!("/api/v1/public/cases?{query}"), "").await.ok()).len()
        };
        assert_eq!(count("agency=UBND-BTH&status=in_progress").await, 5);
        assert_eq!((count("agency=UBND-Q1").await, count("status=answered").await), (0, 0));
        for (query, field) in [("limit=51", "limit"), ("cursor=x", "cursor"), ("status=dispatched", "status")] {
            let wrong = server.get(&format!("/api/v1/public/cases?{query}"), "").await;
            wrong.refused(422, "invalid_parameter", Some(field));
        }
        server.stop().await;
    }
}
