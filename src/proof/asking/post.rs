//! One POST to a witness.

use axum::http::Request;
use axum::http::header::CONTENT_TYPE;

use crate::outside::Outside;

/// What a witness answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media: String,
    pub(super) body: String,
}

/// Posts a text. The error says what went wrong, without the address.
///
/// # Errors
/// When the other side cannot be reached, does not show a certificate for its name, or answers too
/// slowly or too much.
pub(super) async fn post(outside: Outside, url: &str, text: String) -> Result<Answer, String> {
    let request = Request::post(url)
        .header(CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(text.into_bytes())
        .map_err(|_| "has no usable URL".to_owned())?;
    // Checkpoints are public and cosignatures are signed.
    let answer = outside.or_plain().ask(request).await.map_err(|error| error.to_string())?;
    let media = answer.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let (status, media) = (answer.status().as_u16(), media.unwrap_or_default().to_owned());
    let body = String::from_utf8(answer.into_body()).map_err(|_| "answers no text".to_owned())?;
    Ok(Answer { status, media, body })
}
