//! Files in a bucket, against a store that checks every signature by AWS's own rules (Signature
//! Version 4, in the query), written here apart from the crate that signs. `scripts/test-extra`
//! runs the same test against a real server (`HOIAM_TEST_S3`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::HOST;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hoiam::attachments::settings::{Bucket, Secret, Settings};
use hoiam::attachments::store::{Store, StoreError, name_of};
use hoiam::outside::guard::Reach;
use hoiam::tracking::hex;
use ring::{digest, hmac};
use tokio::net::TcpListener;

const ACCESS: &str = "AKHOIAM";
const SECRET: &str = "bi mat cua kho";

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// The signature that belongs to a request, by the secret.
fn signature(method: &Method, path: &str, query: &str, host: &str, secret: &str) -> Option<String> {
    let pairs: Vec<(&str, &str)> =
        query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let of = |name: &str| pairs.iter().find(|(found, _)| *found == name).map(|(_, value)| *value);
    let scope = of("X-Amz-Credential")?.replace("%2F", "/");
    let (access, scope) = scope.split_once('/')?;
    let day_region_service: Vec<&str> = scope.split('/').collect();
    let [day, region, "s3", "aws4_request"] = day_region_service[..] else { return None };
    if access != ACCESS || of("X-Amz-SignedHeaders")? != "host" {
        return None;
    }
    let mut signed: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    signed.sort();
    let canonical =
        format!("{method}\n{path}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD", signed.join("&"));
    let hashed = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hashed}", of("X-Amz-Date")?);
    let mac = |key: &[u8], text: &str| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
    };
    let key = [day, region, "s3", "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| mac(&key, part));
    Some(hex(&mac(&key, &text)))
}

async fn object(
    State(objects): State<Objects>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (path, query) = (uri.path(), uri.query().unwrap_or_default());
    let host = headers[HOST].to_str().unwrap();
    let expected = signature(&method, path, query, host, SECRET);
    let given = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Signature="));
    if expected.is_none() || expected.as_deref() != given {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut objects = objects.lock().unwrap();
    match method.as_str() {
        "PUT" => {
            objects.insert(path.to_owned(), body.to_vec());
            StatusCode::OK.into_response()
        }
        "GET" => objects
            .get(path)
            .cloned()
            .map_or(StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response),
        "DELETE" => {
            objects.remove(path);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn bucket(endpoint: &str, access_key: &str, secret: &str) -> Settings {
    let bucket = Bucket {
        endpoint: endpoint.to_owned(),
        bucket: "tep-dinh-kem".to_owned(),
        region: "us-east-1".to_owned(),
        prefix: "hcm/".to_owned(),
        access_key: access_key.to_owned(),
        secret_file: None,
        secret: Some(Secret(secret.to_owned())),
    };
    Settings { s3: Some(bucket), ..Settings::folder("unused") }
}

/// What holds of any store.
async fn keeps_gives_and_removes(store: &Store) {
    let sealed: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let name = name_of(&sealed);
    assert!(matches!(store.get(&name, 1 << 20).await, Err(StoreError::NotThere)));
    for _ in 0..2 {
        store.put(&name, sealed.clone()).await.unwrap();
    }
    assert_eq!(store.get(&name, sealed.len()).await.unwrap(), sealed);
    assert!(store.get(&name, 100_000).await.is_err(), "larger than it may be");
    for _ in 0..2 {
        store.delete(&name).await.unwrap();
    }
    assert!(matches!(store.get(&name, 1 << 20).await, Err(StoreError::NotThere)));
}

#[tokio::test]
async fn a_bucket_is_a_store() {
    let objects = Objects::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(object).with_state(objects.clone());
    tokio::spawn(axum::serve(listener, app).into_future());
    let open = |settings: &Settings, reach| Store::of(settings, reach).unwrap();
    let store = open(&bucket(&endpoint, ACCESS, SECRET), Reach::Anywhere);
    keeps_gives_and_removes(&store).await;

    let name = name_of(b"sealed");
    store.put(&name, b"sealed".to_vec()).await.unwrap();
    let path = format!("/tep-dinh-kem/hcm/{}/{}", &name[..2], &name[2..]);
    assert_eq!(objects.lock().unwrap().keys().collect::<Vec<_>>(), [&path]);
    objects.lock().unwrap().insert(path, b"other".to_vec());
    assert!(matches!(store.get(&name, 9).await, Err(StoreError::Altered)));

    // Without the right secret nothing is done, and nothing of it is told.
    for settings in [bucket(&endpoint, ACCESS, "sai"), bucket(&endpoint, "AKOTHER", SECRET)] {
        let error =
            open(&settings, Reach::Anywhere).put(&name, b"sealed".to_vec()).await.unwrap_err();
        assert_eq!(error.to_string(), "the object storage answers with status 403");
    }
    let guarded = open(&bucket(&endpoint, ACCESS, SECRET), Reach::Public);
    let error = guarded.get(&name, 9).await.unwrap_err().to_string();
    assert!(error.contains("private address"), "{error}");
    assert!(!format!("{store:?}").contains(SECRET));
}

/// Against another's server (s3rver), where `scripts/test-extra` has started one: `HOIAM_TEST_S3` is
/// its address; it has the bucket of this file and the key it always has. It looks whose key signs, not
/// at the signature itself; the server of this file does that.
#[tokio::test]
async fn a_bucket_of_another_server_is_a_store() {
    let Ok(endpoint) = std::env::var("HOIAM_TEST_S3") else { return };
    let store = Store::of(&bucket(&endpoint, "S3RVER", "S3RVER"), Reach::Anywhere).unwrap();
    keeps_gives_and_removes(&store).await;
    let wrong = Store::of(&bucket(&endpoint, "NOBODY", "S3RVER"), Reach::Anywhere).unwrap();
    wrong.put(&name_of(b"sealed"), b"sealed".to_vec()).await.unwrap_err();
}
