//! JSON bodies, strictly: the right media type, the right shape, and an error that names the
//! field. What a person wrote is never repeated in it.

mod unfit;

use std::pin::Pin;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::de::{Deserializer, SliceRead};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::{App, guard};

/// A body that says it is JSON. Nothing at all counts as `{}`.
pub(super) struct JsonBody(Vec<u8>);

impl FromRequest<App> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let is_json = request.headers().get(CONTENT_TYPE).map(|value| {
            let media = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            let media = media.trim().to_ascii_lowercase();
            media == "application/json"
                || (media.starts_with("application/") && media.ends_with("+json"))
        });
        let body = arrived(request.into_body(), guard::BODY, guard::DRAINED).await;
        let body = body.map_err(|lost| match lost {
            Lost::TooLarge => too_large(),
            Lost::BrokenOff => broken_off(),
        })?;
        if is_json == Some(false) || (is_json.is_none() && !body.is_empty()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "Nội dung phải là JSON (Content-Type: application/json).",
                "The body must be JSON (Content-Type: application/json).",
            )
            .field("Content-Type"));
        }
        Ok(Self(body))
    }
}

impl JsonBody {
    /// A body as it would arrive.
    #[cfg(test)]
    pub(super) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    fn bytes(&self) -> &[u8] {
        if self.0.iter().all(u8::is_ascii_whitespace) { b"{}" } else { &self.0 }
    }

    /// The body as `T`.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.read_with(|json| T::deserialize(json))
    }

    /// The body, read by `read` from a deserializer that remembers where it is.
    pub(super) fn read_with<'b, T>(
        &'b self,
        read: impl FnOnce(Json<'_, '_, 'b>) -> Result<T, serde_json::Error>,
    ) -> Result<T, Problem> {
        // Arrays would be read field by field in the order of the schema; nobody means that.
        if !self.bytes().trim_ascii_start().starts_with(b"{") && self.is_json() {
            return Err(unfit::no_object());
        }
        let mut json = serde_json::Deserializer::from_slice(self.bytes());
        let mut track = serde_path_to_error::Track::new();
        match read(serde_path_to_error::Deserializer::new(&mut json, &mut track)) {
            Ok(value) => match json.end() {
                Ok(()) => Ok(value),
                Err(error) => Err(unfit::problem("", &error, false)),
            },
            Err(error) => Err(unfit::problem(&track.path().to_string(), &error, self.is_json())),
        }
    }

    fn is_json(&self) -> bool {
        serde_json::from_slice::<serde_json::Value>(self.bytes()).is_ok()
    }

    /// SHA-256 of what is asked, whatever the order of fields and white space.
    pub(super) fn hash(&self, method_and_path: &str) -> [u8; 32] {
        let value: Option<serde_json::Value> = serde_json::from_slice(self.bytes()).ok();
        let plain = value.map_or_else(|| self.bytes().to_vec(), |v| v.to_string().into_bytes());
        Sha256::new()
            .chain_update(method_and_path.as_bytes())
            .chain_update([0])
            .chain_update(&plain)
            .finalize()
            .into()
    }
}

/// What [`JsonBody::read_with`] hands to the reader.
pub(super) type Json<'a, 'j, 'b> =
    serde_path_to_error::Deserializer<'a, 'j, &'j mut Deserializer<SliceRead<'b>>>;

/// Why there is no whole body.
pub(super) enum Lost {
    /// It is larger than allowed.
    TooLarge,
    /// The connection broke off, or nothing came for too long.
    BrokenOff,
}

/// The whole body. One that is too large is still received, so many bytes more, and thrown away: a
/// client that is answered while it sends may never read the answer.
pub(super) async fn arrived(mut body: Body, most: usize, drained: usize) -> Result<Vec<u8>, Lost> {
    let mut bytes = Vec::new();
    let mut size = 0_usize;
    // Each part in time: nobody holds a place by sending a byte now and then.
    while let Some(frame) = {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        tokio::time::timeout(guard::SILENCE, frame).await.map_err(|_| Lost::BrokenOff)?
    } {
        let Ok(data) = frame.map_err(|_| Lost::BrokenOff)?.into_data() else { continue };
        size = size.saturating_add(data.len());
        if size <= most {
            bytes.extend_from_slice(&data);
        } else if size > most.saturating_add(drained) {
            break;
        }
    }
    if size > most { Err(Lost::TooLarge) } else { Ok(bytes) }
}

fn too_large() -> Problem {
    let most = guard::BODY / 1024;
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("Nội dung vượt quá {most} KB; “text” chỉ được tối đa 20.000 ký tự."),
        format!("The body is over {most} KB; `text` may have 20,000 characters at most."),
    )
    .field("body")
}

pub(super) fn broken_off() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "body_broken_off",
        "Nội dung chưa nhận đủ.",
        "The body did not arrive as a whole.",
    )
    .field("body")
}
