//! Whatever goes wrong is a problem a program and a person can read.

use hoiam_domain::actor::Role;
use reqwest::Method;
use serde_json::Value;

use super::server::{Server, answer, with};

both! {
    async fn wrong_paths_and_methods_are_problems(bed: &Bed) {
        let server = Server::on(bed).await;
        for path in ["/nowhere", "/api/v1", "/api/v1/cases/a/b/c/d", "/api/v2/cases"] {
            server.get(path, "").await.refused(404, "no_such_path", None);
        }
        for (method, path) in [(Method::DELETE, "/api/v1/cases"), (Method::PUT, "/api/v1/feedback"), (Method::POST, "/healthz")] {
            let refused = answer(server.ask(method, path)).await;
            refused.refused(405, "method_not_allowed", None);
            assert!(!refused.header("allow").is_empty(), "{path}");
        }
        let token = server.token(Role::Operator, None).await;
        let long = format!("/api/v1/cases?q={}", "a".repeat(9_000));
        server.get(&long, &token).await.refused(414, "uri_too_long", None);
        let fat = server.ask(Method::GET, "/api/v1/cases").header("X-Fat", "a".repeat(40_000));
        answer(with(fat, &token)).await.refused(431, "headers_too_large", None);
        let twice = server.ask(Method::GET, "/api/v1/cases").bearer_auth(&token).bearer_auth(&token);
        answer(twice).await.refused(401, "token_unknown", Some("Authorization"));
        for number in ["x", "HCM-26-000001-0", "%ff", "%00"] {
            let refused = server.get(&format!("/api/v1/cases/{number}"), &token).await;
            refused.refused(404, "no_such_case", Some("number"));
        }
        server.stop().await;
    }

    async fn every_route_is_in_the_openapi_document(bed: &Bed) {
        let server = Server::on(bed).await;
        let document = server.get("/api/openapi.json", "").await.ok();
        let paths = document["paths"].as_object().unwrap();
        let mut documented: Vec<(String, String)> = paths.iter()
            .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |m| (m.clone(), path.clone())))
            .collect();
        let mut routes: Vec<(String, String)> = hoiam::http::routes().into_iter()
            .map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
        documented.sort();
        routes.sort();
        assert_eq!(documented, routes);
        // Every reference leads somewhere, and every command has its schema.
        let mut references = Vec::new();
        collect(&document, &mut references);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        for word in hoiam_domain::case::Command::NAMES.iter().filter(|word| !hoiam_domain::case::Command::INTERNAL.contains(word)) {
            let name: String = word.split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
            assert!(document["components"]["schemas"].get(&name).is_some(), "{name}");
        }
        server.stop().await;
    }

    async fn the_first_page_says_what_is_here(bed: &Bed) {
        let server = Server::on(bed).await;
        let page = server.get("/", "").await;
        assert!(page.status == 200 && page.text.contains("Hồi Âm") && page.text.contains("/api/openapi.json"));
        assert!(page.header("content-type").starts_with("text/html"));
        server.stop().await;
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => into.push(target.clone()),
                    other => collect(other, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}
