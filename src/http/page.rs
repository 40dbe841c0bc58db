//! The few pages people see on their way in: a title, a sentence in both languages, and where to go
//! on. Whoever does not ask for a page gets JSON.

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// Whether the caller is a browser that shows a page.
pub(super) fn wanted(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).any(|v| v.contains("text/html"))
}

/// A page. `body` is HTML of our own; nothing anybody wrote may be in it but [`escaped`].
pub(super) fn page(title: &str, head: &str, body: &str) -> Response {
    let text = format!(
        "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/static/start.css\">\n{head}\
         </head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    );
    let media = HeaderValue::from_static("text/html; charset=utf-8");
    ([(CONTENT_TYPE, media)], text).into_response()
}

/// Goes on to a page of ours. By the page itself: a redirect after somebody else's page would not
/// take the session along, which is sent only on the way from our own.
pub(super) fn onwards(to: &str) -> Response {
    let to = escaped(to);
    let head = format!("<meta http-equiv=\"refresh\" content=\"0;url={to}\">\n");
    let body = format!(
        "<p>Đang chuyển tiếp… <a href=\"{to}\">Tiếp tục</a></p>\n\
         <p lang=\"en\">Going on… <a href=\"{to}\">continue</a></p>\n"
    );
    page("Đã đăng nhập", &head, &body)
}

/// A problem as a page, where one is wanted.
pub(super) fn refusal(problem: Problem, headers: &HeaderMap) -> Response {
    if !wanted(headers) {
        return problem.into_response();
    }
    let (vi, en) = problem.sentences();
    let body = format!(
        "<p>{}</p>\n<p lang=\"en\">{}</p>\n<p><a href=\"/\">Về trang đầu</a></p>\n",
        escaped(vi),
        escaped(en)
    );
    let (parts, body) = page("Chưa đăng nhập được", "", &body).into_parts();
    let mut response = problem.into_response();
    response.headers_mut().extend(parts.headers);
    *response.body_mut() = body;
    response
}

/// A text as it may stand in HTML, between quotes as well.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(escaped("<a href='x\">&"), "&lt;a href=&#39;x&quot;&gt;&amp;");
    }
}
