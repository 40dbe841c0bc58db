//! The directory, as the rule set in force has it.

use hoiam_domain::actor::Role;
use reqwest::Method;

use super::server::{Server, answer, with};

async fn count(server: &Server, path: &str, token: &str) -> usize {
    server.get(path, token).await.ok()["items"].as_array().unwrap().len()
}

both! {
    async fn agencies_sectors_and_categories_are_listed(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Operator, None).await;
        assert_eq!(count(&server, "/api/v1/agencies", &token).await, 86);
        assert_eq!(count(&server, "/api/v1/sectors", &token).await, 12);
        assert_eq!(count(&server, "/api/v1/categories", &token).await, 142);
        let then = count(&server, "/api/v1/agencies?at=2024-01-01", &token).await;
        assert!(then <= 86);
        let agencies = server.get("/api/v1/agencies", &token).await;
        let district = agencies.json()["items"].as_array().unwrap().iter()
            .find(|agency| agency["code"] == "UBND-BTH").unwrap().clone();
        assert!(district["focal_points"].as_u64().unwrap() > 0);
        let request = with(server.ask(Method::GET, "/api/v1/agencies"), &token);
        let known = answer(request.header("If-None-Match", agencies.header("etag"))).await;
        assert_eq!(known.status, 304);
        server.get("/api/v1/agencies?at=2026-02-30", &token).await.refused(422, "invalid_parameter", Some("at"));
        server.get("/api/v1/sectors?on=2026-02-03", &token).await.refused(400, "unknown_parameter", Some("on"));
        server.stop().await;
    }
}
