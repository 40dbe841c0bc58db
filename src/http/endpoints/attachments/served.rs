//! The content of a file as an answer: never run, never guessed at, never kept by a cache.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use hoiam_domain::case::Case;
use hoiam_domain::case::attachment::Attachment;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use super::files;
use crate::attachments::media::Media;
use crate::http::App;
use crate::http::problem::Problem;

/// Nothing of it runs or loads anything, and it belongs to no page.
const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
);

/// Bytes handed over at once.
const PIECE: usize = 64 << 10;

/// A file of a case. That the reader may see it was checked.
pub(super) async fn content(
    app: &App,
    case: &Case,
    file: &Attachment,
) -> Result<Response, Problem> {
    let files = files(app)?;
    let place = app.downloads.clone().try_acquire_owned().map_err(|_| Problem::overloaded())?;
    let bytes: Bytes = files.read(case.id, file).await?.into();
    let media = Media::from_word(&file.media_type);
    let picture = matches!(media, Some(Media::Jpeg | Media::Png));
    let media_type = media.map_or("application/octet-stream", Media::as_str);
    let ending = media.map_or("bin", Media::extension);
    let name = file.name.as_ref().map(|name| name.reveal().as_str());
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    headers.insert(CONTENT_DISPOSITION, disposition(picture, name, case, file, ending));
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    let own = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(own, HeaderValue::from_static("same-origin"));
    let body = Body::new(Held { left: bytes, _place: Arc::new(place) });
    Ok((headers, body).into_response())
}

/// How a browser treats it: pictures are shown, everything else is saved. The name is ours in plain
/// letters, and the sender's beside it (RFC 6266).
fn disposition(
    picture: bool,
    name: Option<&str>,
    case: &Case,
    file: &Attachment,
    ending: &str,
) -> HeaderValue {
    let how = if picture { "inline" } else { "attachment" };
    let short: String = file.id.simple().to_string().chars().rev().take(8).collect();
    let plain = format!("{}-{short}.{ending}", case.number);
    let named = name.map(|name| {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        format!("; filename*=UTF-8''{}.{ending}", escaped(stem))
    });
    let text = format!("{how}; filename=\"{plain}\"{}", named.unwrap_or_default());
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Percent-encoded, all but letters, digits and a few signs (RFC 8187).
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A body that keeps its place among those being read until the client has all of it.
struct Held {
    left: Bytes,
    _place: Arc<OwnedSemaphorePermit>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let piece = PIECE.min(self.left.len());
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_out_of_no_header() {
        assert_eq!(escaped("ổ \"gà\";\r\n-1"), "%E1%BB%95%20%22g%C3%A0%22%3B%0D%0A-1");
    }
}
