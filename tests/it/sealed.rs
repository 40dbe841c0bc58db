//! The sealed stream: the group, what it alone sees, and readings with a reason.

mod console;
mod public;
mod reading;
mod sight;

use hoiam_domain::actor::Role;
use serde_json::{Value, json};

use crate::accounts::{Browser, signed_in};
use crate::http::server::{Answer, Server};

/// A denunciation by its words.
pub const DENUNCIATION: &str =
    "Tôi tố cáo cán bộ phường nhận hối lộ khi cấp phép xây dựng tại quận Bình Thạnh";

/// Two members, signed in.
pub async fn group(server: &Server) -> (Browser, Browser) {
    let an = signed_in(server, "an", "coordinator", None).await;
    let binh = signed_in(server, "binh", "coordinator", None).await;
    for login in ["an", "binh"] {
        change(server, "add", login).await.ok();
    }
    (an, binh)
}

/// Adds somebody to the group or removes them, as an administrator.
pub async fn change(server: &Server, change: &str, login: &str) -> Answer {
    let administrator = server.token(Role::Administrator, None).await;
    let path = format!("/api/v1/seal-group/{change}");
    server.post(&path, &administrator, json!({ "login": login })).await
}

/// The number of a denunciation just received.
pub async fn denunciation(server: &Server) -> String {
    let body = json!({
        "channel": "app",
        "text": DENUNCIATION,
        "public": true,
        "reporter": { "name": "Trần Thị Thử", "phone": "0900 000 001" },
    });
    let number = server.post("/api/v1/feedback", "", body).await.ok()["number"].clone();
    number.as_str().unwrap().to_owned()
}

/// The numbers of a list.
pub fn numbers(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["number"].as_str().unwrap().to_owned()).collect()
}
