//! `GET /api/v1/stats` and its drill-down.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use serde_json::Value;

use super::story::{AGENCY, STEPS, Story};
use crate::http::server::{Server, text};

/// A server whose city had the whole story.
async fn lived(bed: &crate::support::Bed) -> Server {
    let server = Server::on(bed).await;
    let mut story = Story { city: server.city.clone(), cases: Vec::new() };
    for step in STEPS {
        story.take(step).await;
    }
    catch_up(server.city.desk.log()).await.unwrap();
    server
}

/// All cases behind a link, page by page; and how much they count.
async fn behind(server: &Server, link: &str, token: &str) -> (Vec<Value>, i64) {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server.get(&format!("{link}&limit=2{cursor}"), token).await.ok();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let count = items.iter().map(|item| item["count"].as_i64().unwrap()).sum();
    (items, count)
}

both! {
    async fn every_figure_drills_down_to_exactly_its_cases(bed: &Bed) {
        let server = lived(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        let mut looked = 0;
        for by in ["agency", "sector", "category", "district", "channel", "kind", "holder", "day"] {
            let stats = server.get(&format!("/api/v1/stats?by={by}&with=stages,repeats"), &token).await.ok();
            assert_eq!(stats["by"], by);
            let groups = stats["groups"].as_array().unwrap();
            for group in groups.iter().chain([&stats["total"]]) {
                for (measure, figure) in group["figures"].as_object().unwrap() {
                    let count = figure["count"].as_i64().unwrap();
                    let Some(link) = figure["cases"].as_str() else {
                        assert!(count <= 0);
                        continue;
                    };
                    let (items, counted) = behind(&server, link, &token).await;
                    if measure == "late_minutes" {
                        let minutes: i64 = items.iter().map(|i| i["minutes"].as_i64().unwrap()).sum();
                        assert!((minutes - count).abs() <= 8, "{by} {measure} {link}");
                    } else {
                        assert_eq!(counted, count, "{by} {measure} {link}");
                    }
                    looked += 1;
                }
            }
        }
        assert!(looked > 100, "{looked}");
        server.stop().await;
    }

    async fn agencies_see_their_own_operators_nothing_sealed_citizens_nothing(bed: &Bed) {
        let server = lived(bed).await;
        let of = async |role, agency| server.token(role, agency).await;
        let received = async |token: &str, more: &str| {
            let stats = server.get(&format!("/api/v1/stats?by=agency{more}"), token).await.ok();
            let groups: Vec<String> =
                stats["groups"].as_array().unwrap().iter().filter_map(|g| g["code"].as_str().map(ToOwned::to_owned)).collect();
            let link = stats["total"]["figures"]["received"]["cases"].as_str().unwrap_or_default().to_owned();
            (stats["total"]["figures"]["received"]["count"].as_i64().unwrap(), groups, link)
        };
        let coordinator = of(Role::Coordinator, None).await;
        let (all, _, link) = received(&coordinator, "").await;
        assert_eq!(all, 3, "one is sealed, and this coordinator is not of the group");
        assert_eq!(behind(&server, &link, &coordinator).await.1, 3);
        let operator = of(Role::Operator, None).await;
        let (open, _, own_link) = received(&operator, "").await;
        assert_eq!(open, 3, "one is sealed");
        assert_eq!(behind(&server, &own_link, &operator).await.1, 3);
        // Neither does the link of somebody else show it.
        assert_eq!(behind(&server, &link, &operator).await.1, 3);
        let leader = of(Role::UnitLeader, Some(AGENCY)).await;
        let (own, groups, _) = received(&leader, "").await;
        assert_eq!((own, groups), (3, vec![AGENCY.to_owned()]));
        let handler = of(Role::Handler, Some(AGENCY)).await;
        assert_eq!(received(&handler, "").await.0, 3);
        let other = of(Role::UnitLeader, Some("UBND-Q1")).await;
        assert_eq!(received(&other, "").await.0, 0);
        let refused = server.get(&format!("/api/v1/stats?by=day&agency={AGENCY}"), &other).await;
        refused.refused(403, "figures_not_allowed", Some("agency"));
        let others = server.get(&format!("/api/v1/stats/cases?measure=late&agency={AGENCY}"), &other).await;
        others.refused(403, "figures_not_allowed", Some("agency"));
        server.get("/api/v1/stats?by=day", "").await.refused(401, "token_missing", Some("Authorization"));
        server.stop().await;
    }

    async fn what_cannot_be_answered_is_said(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        for (query, status, code, field) in [
            ("", 422, "invalid_parameter", "by"),
            ("by=ward", 422, "invalid_parameter", "by"),
            ("by=day&from=yesterday", 422, "invalid_parameter", "from"),
            ("by=day&from=2026-03-10&to=2026-03-09", 422, "invalid_parameter", "to"),
            ("by=day&as_of=2030-01-01", 422, "invalid_parameter", "as_of"),
            ("by=day&from=2026-03-05&as_of=2026-03-01", 422, "invalid_parameter", "as_of"),
            ("by=day&sector=XX", 422, "unknown_code", "sector"),
            ("by=day&channel=fax", 422, "unknown_code", "channel"),
            ("by=day&with=everything", 422, "invalid_parameter", "with"),
            ("by=day&colour=red", 400, "unknown_parameter", "colour"),
        ] {
            let answer = server.get(&format!("/api/v1/stats?{query}"), &token).await;
            answer.refused(status, code, Some(field));
        }
        for (query, field) in [("measure=fame", "measure"), ("measure=late&cursor=1.2", "cursor")] {
            let answer = server.get(&format!("/api/v1/stats/cases?{query}"), &token).await;
            answer.refused(422, "invalid_parameter", Some(field));
        }
        let empty = server.get("/api/v1/stats?by=agency", &token).await.ok();
        assert_eq!(empty["total"]["figures"]["late"]["count"], 0);
        server.stop().await;
    }

    async fn the_past_and_filters_are_answered(bed: &Bed) {
        let server = lived(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        let late = async |query: &str| {
            let stats = server.get(&format!("/api/v1/stats?{query}"), &token).await.ok();
            stats["total"]["figures"]["late"]["count"].as_i64().unwrap()
        };
        assert_eq!(late("by=day&as_of=2026-03-12").await, 0);
        assert_eq!(late("by=day").await, 3);
        assert_eq!(late("by=agency&district=BTH").await, 3);
        assert_eq!(late("by=sector&agency=-").await, 0);
        assert_eq!(late("by=kind&district=BTH&channel=app").await, 3);
        let days = server.get("/api/v1/stats?by=day&from=2026-03-10&to=2026-03-11", &token).await.ok();
        let days: Vec<String> = days["groups"].as_array().unwrap().iter().map(|day| text(day, "code")).collect();
        assert_eq!(days, ["2026-03-10", "2026-03-11"]);
        server.stop().await;
    }
}
