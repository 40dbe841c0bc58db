//! The list: pages without loss or repetition, filters, orders.

use std::collections::BTreeSet;
use std::slice;

use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use super::server::{Server, feedback, text};
use crate::support::city::POTHOLE;

/// Texts that go to different agencies, kinds and stages.
const TEXTS: [&str; 6] = [
    POTHOLE,
    "Mất điện từ sáng ở đường Nguyễn Trãi, quận 5",
    "Ống nước vỡ chảy tràn đường Lê Văn Sỹ, phường 13, quận 3",
    "Xin hỏi thủ tục đăng ký tạm trú cần giấy tờ gì?",
    "Rác tồn đọng nhiều ngày ở hẻm 12/3 đường Phan Văn Trị, phường 5, quận Gò Vấp",
    "Đèn đường không sáng ở đường Điện Biên Phủ, phường 25, quận Bình Thạnh",
];

async fn fill(server: &Server, cases: usize) -> Vec<String> {
    let mut numbers = Vec::new();
    for nth in 0..cases {
        // Three at a time share the instant of receipt.
        if nth % 3 == 0 {
            server.later(1);
        }
        numbers.push(text(&server.feedback(TEXTS[nth % TEXTS.len()]).await, "number"));
    }
    numbers
}

/// All numbers of a list, by following the cursor; checks that `Link` says the same.
async fn walk(server: &Server, token: &str, query: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut path = format!("/api/v1/cases?{query}");
    loop {
        let page = server.get(&path, token).await;
        let body = page.ok();
        numbers.extend(body["items"].as_array().unwrap().iter().map(|item| text(item, "number")));
        let Some(next) = body["next"].as_str() else {
            assert_eq!(page.header("link"), "");
            return numbers;
        };
        path = format!("/api/v1/cases?{query}&cursor={next}");
        assert_eq!(page.header("link"), format!("<{path}>; rel=\"next\""));
    }
}

async fn numbers(server: &Server, token: &str, query: &str) -> BTreeSet<String> {
    walk(server, token, query).await.into_iter().collect()
}

async fn items(server: &Server, token: &str, query: &str) -> Vec<Value> {
    let page = server.get(&format!("/api/v1/cases?{query}"), token).await.ok();
    page["items"].as_array().unwrap().clone()
}

both! {
    async fn pages_lose_and_repeat_nothing(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        let all = fill(&server, 20).await;
        for sort in ["received", "-received", "due", "-due", "updated", "-updated", "number", "-number"] {
            for limit in [1, 3, 7, 200] {
                let walked = walk(&server, &token, &format!("sort={sort}&limit={limit}")).await;
                assert_eq!(walked.len(), all.len(), "{sort} {limit}");
                assert_eq!(walked.iter().collect::<BTreeSet<_>>().len(), all.len(), "{sort} {limit}");
            }
        }
        assert_eq!(walk(&server, &token, "sort=number").await, all);
        let newest = walk(&server, &token, "limit=4").await;
        assert_eq!(newest, walk(&server, &token, "sort=-received").await);
        let dues: Vec<Option<String>> = items(&server, &token, "sort=due").await.iter()
            .map(|item| item["next_due"].as_str().map(str::to_owned)).collect();
        let known: Vec<&String> = dues.iter().flatten().collect();
        assert!(known.is_sorted() && dues[..known.len()].iter().all(Option::is_some));
        server.stop().await;
    }

    async fn filters_say_which(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        fill(&server, 12).await;
        let every = items(&server, &token, "limit=200").await;
        let fields = ["status", "kind", "channel", "sector", "priority", "district", "agency", "category"];
        for field in fields {
            let values: BTreeSet<&str> = every.iter().filter_map(|item| item[field].as_str()).collect();
            for value in values {
                let expected: BTreeSet<String> = every.iter().filter(|item| item[field] == value)
                    .map(|item| text(item, "number")).collect();
                let got = numbers(&server, &token, &format!("{field}={value}&limit=5")).await;
                assert_eq!(got, expected, "{field}={value}");
            }
        }
        let stages = items(&server, &token, "status=dispatched,arbitration,received,classified&limit=200").await;
        assert_eq!(stages.len(), every.len());
        assert_eq!(items(&server, &token, "channel=facebook").await.len(), 0);
        assert_eq!(items(&server, &token, "overdue=true").await.len(), 0);
        server.later(400 * 86_400);
        let late = items(&server, &token, "overdue=true&limit=200").await;
        assert!(!late.is_empty() && late.iter().all(|item| item["overdue"] == true));
        assert_eq!(items(&server, &token, "overdue=false&limit=200").await.len() + late.len(), every.len());
        server.stop().await;
    }

    async fn the_time_of_receipt_bounds_the_list(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Operator, None).await;
        let first = text(&server.feedback(POTHOLE).await, "number");
        server.later(86_400);
        let second = text(&server.feedback(POTHOLE).await, "number");
        let ask = async |query: &str| walk(&server, &token, query).await;
        assert_eq!(ask("from=2026-03-11").await, slice::from_ref(&second));
        assert_eq!(ask("to=2026-03-10").await, slice::from_ref(&first));
        assert_eq!(ask("from=2026-03-10&to=2026-03-11").await.len(), 2);
        assert_eq!(ask("from=2026-03-10T02:00:00Z&to=2026-03-11T02:00:00Z").await, [first]);
        assert_eq!(ask("from=2026-03-10T09:00:00.000001%2B07:00").await, [second]);
        server.stop().await;
    }

    async fn what_is_not_known_is_named(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        fill(&server, 3).await;
        let refused = async |query: &str, status: u16, code: &str, field: &str| {
            let answer = server.get(&format!("/api/v1/cases?{query}"), &token).await;
            answer.refused(status, code, Some(field));
        };
        refused("colour=red", 400, "unknown_parameter", "colour").await;
        refused("limit=5&limit=6", 400, "repeated_parameter", "limit").await;
        refused("q=%ff", 400, "malformed_parameter", "q").await;
        refused("q=a%00b", 400, "malformed_parameter", "q").await;
        refused("q=%22%27%28", 422, "invalid_parameter", "q").await;
        refused("status=lost", 422, "invalid_parameter", "status").await;
        refused("kind=incident,wish", 422, "invalid_parameter", "kind").await;
        refused("priority=P9", 422, "invalid_parameter", "priority").await;
        refused("overdue=yes", 422, "invalid_parameter", "overdue").await;
        refused("from=2026-02-30", 422, "invalid_parameter", "from").await;
        refused("sort=colour", 422, "invalid_parameter", "sort").await;
        refused("limit=0", 422, "invalid_parameter", "limit").await;
        refused("limit=201", 422, "invalid_parameter", "limit").await;
        refused("limit=many", 422, "invalid_parameter", "limit").await;
        refused("agency=UBND-XX", 422, "unknown_code", "agency").await;
        refused("district=%27%20OR%201=1", 422, "unknown_code", "district").await;
        refused("cursor=00ff", 400, "invalid_cursor", "cursor").await;
        // A cursor of another question would skip or repeat.
        let page = server.get("/api/v1/cases?limit=1", &token).await.ok();
        let next = text(&page, "next");
        refused(&format!("limit=1&sort=due&cursor={next}"), 400, "invalid_cursor", "cursor").await;
        refused(&format!("limit=1&kind=incident&cursor={next}"), 400, "invalid_cursor", "cursor").await;
        assert_eq!(items(&server, &token, &format!("limit=2&cursor={next}")).await.len(), 2);
        server.stop().await;
    }

    async fn items_say_what_a_list_needs(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        let long = format!("{POTHOLE}. {}", "Rất mong được xử lý sớm. ".repeat(20));
        server.post("/api/v1/feedback", "", feedback(&long)).await.ok();
        let item = items(&server, &token, "").await.remove(0);
        assert_eq!(item["status_vi"], "đã chuyển đơn vị");
        assert_eq!(item["holder"], "agency:UBND-BTH");
        assert_eq!(item["version"], json!(3));
        assert!(item["next_due"].is_string() && item["next_clock"].is_string());
        assert_eq!(text(&item, "excerpt").chars().count(), 161);
        server.stop().await;
    }
}
