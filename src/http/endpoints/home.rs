//! `GET /`: what is here, for whoever opens the address in a browser.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::Html;

const PAGE: &str = r#"<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hồi Âm</title>
<link rel="stylesheet" href="/static/start.css">
</head>
<body>
<h1>Hồi Âm</h1>
<p>Hệ thống tiếp nhận và trả lời phản ánh, kiến nghị của người dân đang hoạt động.</p>
<p lang="en">The city's citizen-feedback desk is running.</p>
<ul>
<li>Gửi phản ánh: <code>POST /api/v1/feedback</code> <span lang="en">(send feedback)</span></li>
<li>Theo dõi bằng mã tra cứu: <code>GET /api/v1/track/{tracking_code}</code> <span lang="en">(follow a case)</span></li>
<li>Nghiệp vụ, cần mã truy cập: <code>GET /api/v1/cases</code> <span lang="en">(staff, with a token from <code>hoiam token create</code>)</span></li>
<li><a href="/api/openapi.json">Mô tả giao diện lập trình</a> <span lang="en">(OpenAPI)</span></li>
<li><a href="/healthz">healthz</a>, <a href="/readyz">readyz</a>, <a href="/metrics">metrics</a></li>
</ul>
</body>
</html>
"#;

/// A page that says what is here.
#[utoipa::path(
    get, path = "/", tag = "operation",
    responses((status = 200, description = "What is here", body = String, content_type = "text/html")),
    security(()),
)]
pub(crate) async fn get() -> Html<&'static str> {
    Html(PAGE)
}

/// Nothing is styled inline: the page's policy forbids it.
const STYLE: &str = "body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }\n\
    code { background: #f0f0ee; padding: .1em .3em; border-radius: .2em }\n\
    [lang=en] { color: #555 }\n";

/// The look of that page.
#[utoipa::path(
    get, path = "/static/start.css", tag = "operation",
    responses((status = 200, description = "The style sheet", body = String, content_type = "text/css")),
    security(()),
)]
pub(crate) async fn style() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=86400")], STYLE)
}
