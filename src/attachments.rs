//! Files of cases: photographs, documents and recordings that citizens and staff attach.
//!
//! - [`media`]: what a file is, by its content alone.
//! - [`photo`]: images are decoded and written anew, so that nothing else in them stays; when and
//!   where they were taken is kept as data.
//! - [`seal`]: each file under a key of its own, which stands sealed in the event and nowhere else.
//! - [`store`]: a folder or S3, under names that follow from the sealed bytes.
//! - [`pending`]: what was stored and has no event yet; [`sweep`] removes it after a day.
//! - [`Attachments`]: all of it together. A file is durable before its event is appended.
//!
//! See `docs/attachments.md`.

mod error;
#[cfg(test)]
mod fuzz;
mod keep;
pub mod media;
mod pending;
pub mod photo;
pub mod seal;
pub mod settings;
pub mod store;
pub mod sweep;

use std::sync::Arc;

use hoiam_domain::case::Case;
use hoiam_domain::case::attachment::Attachment;
use tokio::sync::Semaphore;
use uuid::Uuid;

pub use error::AttachmentError;
pub use keep::{Kept, Upload};
pub use settings::Settings;

use crate::outside::guard::Reach;
use store::Store;

/// Images decoded at the same time: each may take a few hundred megabytes for a moment.
const DECODED_AT_ONCE: usize = 2;

/// The files of a city; clones share it.
#[derive(Clone, Debug)]
pub struct Attachments {
    store: Arc<Store>,
    limits: Limits,
    decoding: Arc<Semaphore>,
}

/// How large and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file as it is sent.
    pub bytes: usize,
    /// Files of one case by citizens, and as many by staff.
    pub count: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10 << 20, count: 20 }
    }
}

impl Attachments {
    /// Those the settings describe. Nothing is read or written yet.
    ///
    /// # Errors
    /// [`AttachmentError::Settings`] when the object storage cannot be addressed so.
    pub fn open(settings: &Settings, reach: Reach) -> Result<Self, AttachmentError> {
        let store = Store::of(settings, reach)?;
        let decoding = Arc::new(Semaphore::new(DECODED_AT_ONCE));
        Ok(Self { store: Arc::new(store), limits: settings.limits, decoding })
    }

    /// How large and how many.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The content of an attachment. Whoever calls this has checked that the reader may see it.
    ///
    /// # Errors
    /// [`AttachmentError::Gone`] when the file or its key was erased, [`AttachmentError::Altered`]
    /// when it is not what was stored.
    pub async fn read(&self, case: Uuid, file: &Attachment) -> Result<Vec<u8>, AttachmentError> {
        let key = seal::Key::read(file.key.reveal()).ok_or(AttachmentError::Gone)?;
        // What is in the store is not trusted to be as small as what was put there.
        let most = usize::try_from(file.size).unwrap_or(usize::MAX).saturating_add(seal::ADDED);
        let sealed = self.store.get(&file.stored, most).await?;
        key.open(case, file.id, sealed).ok_or(AttachmentError::Altered)
    }

    /// Removes the files of a case, those that are there; how many the case has. Doing it again does no harm.
    /// The case's events go on naming them; without the key in the event nobody could read them.
    ///
    /// # Errors
    /// [`AttachmentError`]; some may be gone already.
    pub async fn delete_of(&self, case: &Case) -> Result<usize, AttachmentError> {
        for file in attachments_of(case) {
            self.store.delete(&file.stored).await?;
        }
        Ok(case.attachments.len())
    }
}

/// The attachments of a case, oldest first.
pub fn attachments_of(case: &Case) -> &[Attachment] {
    &case.attachments
}
