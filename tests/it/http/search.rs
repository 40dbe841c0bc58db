//! Search as people type: without diacritics, with either, and nothing read as an operator.

use hoiam_domain::actor::Role;
use serde_json::json;

use super::server::{Server, feedback, text};

async fn found(server: &Server, token: &str, q: &str) -> usize {
    let encoded: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = server.get(&format!("/api/v1/cases?q={encoded}"), token).await.ok();
    page["items"].as_array().unwrap().len()
}

both! {
    async fn words_find_text_and_address(bed: &Bed) {
        let server = Server::on(bed).await;
        let token = server.token(Role::Coordinator, None).await;
        let mut body = feedback("Đèn đường không sáng, nước đọng ở hẻm 12/3, cạnh trường-học A.B");
        body["location"] = json!({"address": "số 5 Nguyễn Đình Chiểu, quận 3"});
        let number = text(&server.post("/api/v1/feedback", "", body).await.ok(), "number");
        server.feedback("Cây xanh gãy đổ trên đường Trần Hưng Đạo, quận 5").await;
        for q in [
            "den duong", "Đèn đường", "DEN DUONG", "đen đuong", "sang khong", "nuoc dong", "nước đọ",
            "12/3", "hem 12 3", "truong hoc", "trường-học", "a.b", "nguyen dinh chieu", "chieu den", "chi",
            number.as_str(), &number.to_lowercase().replace('-', " "),
        ] {
            assert_eq!(found(&server, &token, q).await, 1, "{q}");
        }
        for q in ["duong", "đường", "quan"] {
            assert_eq!(found(&server, &token, q).await, 2, "{q}");
        }
        for q in ["uong", "den xanh", "NOT den", "den OR xanh", "zzz", "d*ng"] {
            assert_eq!(found(&server, &token, q).await, 0, "{q}");
        }
        // What the databases' search languages give a meaning to is only a separator.
        for q in ["den AND", "\"den", "den*", "den:*", "(den)", "^den", "-den", "den & | !", "folded : den", "'den'", "den\\"] {
            let _ = found(&server, &token, q).await;
        }
        server.stop().await;
    }
}
