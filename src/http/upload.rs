//! Forms with a file (`multipart/form-data`): one field `file`, and fields that are said to be
//! allowed. Received as a whole, within a limit, and few at a time.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use multer::{Constraints, Multipart, SizeLimit, parse_boundary};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::body::{Lost, arrived, broken_off};
use super::problem::Problem;

/// What a form may hold besides the file, in bytes: boundaries, headers, short fields.
const AROUND: usize = 64 << 10;
/// A field that is no file, in bytes.
const SHORT: u64 = 1 << 10;
/// How much more of a file that is too large is received, to be thrown away: people choose films
/// without knowing how large they are, and should be told.
const DRAINED: usize = 200 << 20;
/// The field of the file.
const FILE: &str = "file";

/// A form as it arrived.
#[derive(Debug)]
pub(super) struct Form {
    /// What the sender calls the file.
    pub(super) name: Option<String>,
    /// Its content.
    pub(super) file: Bytes,
    /// The other fields.
    pub(super) fields: BTreeMap<String, String>,
}

impl Form {
    /// SHA-256 of what is asked: the file, its name and the fields, wherever the boundaries are.
    pub(super) fn hash(&self, method_and_path: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(bytes);
        };
        add(method_and_path.as_bytes());
        add(self.name.as_deref().unwrap_or_default().as_bytes());
        add(&self.file);
        for (name, value) in &self.fields {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        hash.finalize().into()
    }
}

/// Receives a form with a file of `most` bytes at most. `allowed` names the other fields.
pub(super) async fn received(
    headers: &HeaderMap,
    body: Body,
    places: &Arc<Semaphore>,
    most: usize,
    allowed: &[&'static str],
) -> Result<Form, Problem> {
    let boundary = boundary(headers)?;
    let _place = places.try_acquire().map_err(|_| Problem::overloaded())?;
    let arrived = arrived(body, most.saturating_add(AROUND), DRAINED).await;
    let body = arrived.map_err(|lost| match lost {
        Lost::TooLarge => too_large(most),
        Lost::BrokenOff => broken_off(),
    })?;
    read(body, &boundary, most, allowed).await
}

fn boundary(headers: &HeaderMap) -> Result<String, Problem> {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media.and_then(|media| parse_boundary(media).ok()).ok_or_else(|| {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_a_form",
            "Hãy gửi tệp bằng biểu mẫu (Content-Type: multipart/form-data) với trường “file”.",
            "Send the file as a form (Content-Type: multipart/form-data) with a field `file`.",
        )
        .field("Content-Type")
    })
}

/// The form of a body.
pub(super) async fn read(
    body: Vec<u8>,
    boundary: &str,
    most: usize,
    allowed: &[&'static str],
) -> Result<Form, Problem> {
    let limit = SizeLimit::new().per_field(SHORT).for_field(FILE, to_u64(most));
    let fields = allowed.iter().copied().chain([FILE]).collect();
    let constraints = Constraints::new().size_limit(limit).allowed_fields(fields);
    let once = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from(body))]);
    let mut form = Multipart::with_constraints(once, boundary, constraints);
    let (mut file, mut fields) = (None, BTreeMap::new());
    let unfit = |error| problem(&error, most);
    while let Some(field) = form.next_field().await.map_err(unfit)? {
        let name = field.name().unwrap_or_default().to_owned();
        let repeated = if name == FILE { file.is_some() } else { fields.contains_key(&name) };
        if repeated {
            return Err(repeats(&name, allowed));
        }
        if name == FILE {
            let called = field.file_name().map(str::to_owned);
            file = Some((called, field.bytes().await.map_err(unfit)?));
        } else {
            let value = field.bytes().await.map_err(unfit)?;
            let text = String::from_utf8(value.into()).map_err(|_| malformed())?;
            fields.insert(name, text);
        }
    }
    let (name, file) = file.ok_or_else(missing)?;
    Ok(Form { name, file, fields })
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

fn problem(error: &multer::Error, most: usize) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { field_name: Some(name), .. } if name == FILE => {
            too_large(most)
        }
        multer::Error::UnknownField { .. } => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown_field",
            "Biểu mẫu có trường không được nhận.",
            "The form has a field that is not taken.",
        ),
        _ => malformed(),
    }
}

fn malformed() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_form",
        "Biểu mẫu không đọc được.",
        "The form cannot be read.",
    )
    .field("body")
}

/// A name is said only if it is one of ours.
fn repeats(name: &str, allowed: &[&'static str]) -> Problem {
    let known = allowed.iter().copied().chain([FILE]).find(|known| *known == name);
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "repeated_field",
        "Mỗi lần gửi chỉ một tệp; một trường xuất hiện hai lần.",
        "One file a request; a field stands twice.",
    )
    .field(known.unwrap_or("body"))
}

fn missing() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "file_missing",
        "Thiếu tệp: hãy gửi trong trường “file”.",
        "The file is missing: send it in the field `file`.",
    )
    .field(FILE)
}

/// A file is too large.
pub(super) fn too_large(most: usize) -> Problem {
    let (vi, en) = (size(most, ','), size(most, '.'));
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("Tệp quá lớn; mỗi tệp tối đa {vi}. Hãy chọn ảnh nhỏ hơn hoặc cắt ngắn đoạn phim."),
        format!(
            "The file is too large; at most {en} each. Choose a smaller picture or a shorter film."
        ),
    )
    .field(FILE)
}

/// A size as people say it.
fn size(bytes: usize, point: char) -> String {
    const MEGA: usize = 1 << 20;
    if bytes < MEGA {
        return format!("{} KB", bytes.div_ceil(1 << 10));
    }
    match (bytes / MEGA, bytes % MEGA * 10 / MEGA) {
        (whole, 0) => format!("{whole} MB"),
        (whole, tenth) => format!("{whole}{point}{tenth} MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut body = String::new();
        for (disposition, content) in parts {
            body.push_str(&format!(
                "--B\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n"
            ));
        }
        (body + "--B--\r\n").into_bytes()
    }

    #[tokio::test]
    async fn one_file_and_known_fields() {
        let parts = [("name=\"shown\"", "true"), ("name=\"file\"; filename=\"ổ gà.jpg\"", "abc")];
        let read_one = async |parts: &[(&str, &str)]| read(form(parts), "B", 3, &["shown"]).await;
        let one = read_one(&parts).await.unwrap();
        assert_eq!(
            (one.name.as_deref(), &one.file[..], one.fields["shown"].as_str()),
            (Some("ổ gà.jpg"), &b"abc"[..], "true")
        );
        let twice = read_one(&[parts[1], parts[1]]).await.unwrap_err();
        assert!(twice.is("repeated_field"));
        for (parts, code) in [
            (&[][..], "file_missing"),
            (&parts[..1], "file_missing"),
            (&[("name=\"file\"", "abcd")], "too_large"),
            (&[("name=\"other\"", "x")], "unknown_field"),
            (&[("nothing", "x")], "unknown_field"),
        ] {
            let refused = read_one(parts).await.unwrap_err();
            assert!(refused.is(code), "{parts:?}: {refused:?}");
        }
        let whole = form(&parts);
        for cut in [0, 5, 40, whole.len() - 8] {
            let refused = read(whole[..cut].to_vec(), "B", 3, &["shown"]).await.unwrap_err();
            assert!(refused.is("malformed_form"), "{cut}: {refused:?}");
        }
    }

    #[test]
    fn sizes_as_people_say_them() {
        assert_eq!(
            [size(10 << 20, ','), size(3 << 19, ','), size(1, '.')],
            ["10 MB", "1,5 MB", "1 KB"]
        );
    }
}
