//! Files in a bucket of an S3-compatible store. Requests are signed here and sent by
//! [`Outside`]; a put is done when the store says so.

use std::time::Duration;

use axum::http::{Method, Request, Response};
use jiff::Timestamp;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

use super::{StoreError, placed};
use crate::attachments::AttachmentError;
use crate::attachments::settings;
use crate::clock::{Clock, SystemClock};
use crate::outside::Outside;
use crate::outside::guard::Reach;

/// How long a signature holds.
const SIGNED: Duration = Duration::from_secs(300);
/// How long a transfer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of an answer that is no file.
const SHORT: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct S3 {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    outside: Outside,
}

impl S3 {
    pub(super) fn of(settings: &settings::Bucket, reach: Reach) -> Result<Self, AttachmentError> {
        let wrong = |what: &str| AttachmentError::Settings(format!("s3.{what} cannot be used"));
        let endpoint = settings.endpoint.parse().map_err(|_| wrong("endpoint"))?;
        let (name, region) = (settings.bucket.clone(), settings.region.clone());
        let bucket = Bucket::new(endpoint, UrlStyle::Path, name, region);
        let secret = settings.secret.clone().ok_or_else(|| wrong("secret_file"))?;
        let outside = Outside::new().map_err(|error| AttachmentError::Settings(error.0))?;
        Ok(Self {
            bucket: bucket.map_err(|_| wrong("endpoint"))?,
            credentials: Credentials::new(settings.access_key.clone(), secret.0),
            prefix: settings.prefix.clone(),
            outside: outside.or_plain().patient(PATIENCE).reaching(reach),
        })
    }

    fn key(&self, name: &str) -> Result<String, StoreError> {
        let (shelf, rest) = placed(name)?;
        Ok(format!("{}{shelf}/{rest}", self.prefix))
    }

    /// The store compares the time of a signature with its own clock: the machine's, also in tests.
    fn now() -> Timestamp {
        SystemClock.now()
    }

    pub(super) async fn put(&self, name: &str, sealed: Vec<u8>) -> Result<(), StoreError> {
        let key = self.key(name)?;
        let action = self.bucket.put_object(Some(&self.credentials), &key);
        let url = action.sign_with_time(SIGNED, &Self::now());
        let answer = self.ask(Method::PUT, url.as_str(), sealed, SHORT).await?;
        expect(&answer, &[200])
    }

    pub(super) async fn get(&self, name: &str, most: usize) -> Result<Vec<u8>, StoreError> {
        let key = self.key(name)?;
        let action = self.bucket.get_object(Some(&self.credentials), &key);
        let url = action.sign_with_time(SIGNED, &Self::now());
        let answer = self.ask(Method::GET, url.as_str(), Vec::new(), most.max(SHORT)).await?;
        if answer.status() == 404 {
            return Err(StoreError::NotThere);
        }
        expect(&answer, &[200])?;
        let body = answer.into_body();
        if body.len() > most { Err(StoreError::Altered) } else { Ok(body) }
    }

    pub(super) async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let key = self.key(name)?;
        let action = self.bucket.delete_object(Some(&self.credentials), &key);
        let url = action.sign_with_time(SIGNED, &Self::now());
        let answer = self.ask(Method::DELETE, url.as_str(), Vec::new(), SHORT).await?;
        // Some stores say that there is nothing to delete.
        expect(&answer, &[200, 202, 204, 404])
    }

    async fn ask(
        &self,
        method: Method,
        url: &str,
        body: Vec<u8>,
        answer: usize,
    ) -> Result<Response<Vec<u8>>, StoreError> {
        let unusable = |_| StoreError::Failed("the object storage has no usable URL".to_owned());
        let request = Request::builder().method(method).uri(url).body(body).map_err(unusable)?;
        let asked = self.outside.clone().reading(answer).ask(request).await;
        asked.map_err(|error| StoreError::Failed(format!("the object storage {error}")))
    }
}

fn expect(answer: &Response<Vec<u8>>, fine: &[u16]) -> Result<(), StoreError> {
    if fine.contains(&answer.status().as_u16()) {
        return Ok(());
    }
    Err(StoreError::Failed(format!(
        "the object storage answers with status {}",
        answer.status().as_u16()
    )))
}
