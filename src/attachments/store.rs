//! Where sealed files are: a folder, or a bucket of an S3-compatible store. A file's name is the
//! SHA-256 of its sealed bytes, which nobody can foretell who does not have its key; what is read
//! is checked against its name.

mod folder;
mod s3;

use sha2::{Digest, Sha256};

use super::AttachmentError;
use super::settings::Settings;
use crate::outside::guard::Reach;
use crate::tracking::hex;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("there is no such file")]
    NotThere,
    /// The file is not what its name says, or larger.
    #[error("the file was altered")]
    Altered,
    /// It cannot be reached, or refuses. Names no file and no address.
    #[error("{0}")]
    Failed(String),
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotThere,
            // The kind alone: a message may hold a path.
            kind => Self::Failed(kind.to_string()),
        }
    }
}

/// The store.
#[derive(Debug)]
pub struct Store(Kind);

#[derive(Debug)]
enum Kind {
    Folder(folder::Folder),
    S3(Box<s3::S3>),
}

/// The name of sealed bytes.
pub fn name_of(sealed: &[u8]) -> String {
    hex(&Sha256::digest(sealed))
}

impl Store {
    /// The store the settings describe.
    ///
    /// # Errors
    /// When a bucket cannot be addressed so.
    pub fn of(settings: &Settings, reach: Reach) -> Result<Self, AttachmentError> {
        Ok(Self(match &settings.s3 {
            None => Kind::Folder(folder::Folder::new(settings.folder.clone())),
            Some(bucket) => Kind::S3(Box::new(s3::S3::of(bucket, reach)?)),
        }))
    }

    /// Keeps sealed bytes under their name. On success they are durable.
    ///
    /// # Errors
    /// [`StoreError`]; a part of it may be there.
    pub async fn put(&self, name: &str, sealed: Vec<u8>) -> Result<(), StoreError> {
        match &self.0 {
            Kind::Folder(folder) => folder.put(name, sealed).await,
            Kind::S3(s3) => s3.put(name, sealed).await,
        }
    }

    /// The bytes of a name, of which there must be `most` at most.
    ///
    /// # Errors
    /// [`StoreError`], also when they are not what the name says.
    pub async fn get(&self, name: &str, most: usize) -> Result<Vec<u8>, StoreError> {
        let sealed = match &self.0 {
            Kind::Folder(folder) => folder.get(name, most).await?,
            Kind::S3(s3) => s3.get(name, most).await?,
        };
        if name_of(&sealed) == name { Ok(sealed) } else { Err(StoreError::Altered) }
    }

    /// Removes a name, if it is there.
    ///
    /// # Errors
    /// [`StoreError`]; it may be there still.
    pub async fn delete(&self, name: &str) -> Result<(), StoreError> {
        match &self.0 {
            Kind::Folder(folder) => folder.delete(name).await,
            Kind::S3(s3) => s3.delete(name).await,
        }
    }
}

/// A name as it is placed: 256 folders, so that none becomes too full. Only names we gave.
fn placed(name: &str) -> Result<(&str, &str), StoreError> {
    let fits = name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let split = if fits { name.split_at_checked(2) } else { None };
    split.ok_or_else(|| StoreError::Failed("no name of a file".to_owned()))
}
