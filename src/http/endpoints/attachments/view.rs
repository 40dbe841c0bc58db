//! A file as answers describe it.

use hoiam_domain::case::attachment::Attachment;
use hoiam_projections::case_page;
use jiff::Timestamp;
use serde::Serialize;

/// A file of a case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AttachmentView {
    /// Its id within the case.
    id: String,
    /// What it is, by its content.
    #[schema(example = "image/jpeg")]
    media_type: String,
    /// How many bytes.
    size: u64,
    /// What its sender called it.
    name: Option<String>,
    /// When it was attached.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The role of who attached it.
    by: String,
    /// Shown to the citizens who reported the case.
    shown: bool,
    /// When it was taken, as its own data say.
    #[schema(value_type = Option<String>, format = DateTime)]
    taken_at: Option<Timestamp>,
    /// Where it was taken, as its own data say: latitude.
    lat: Option<f64>,
    /// Where it was taken: longitude.
    lon: Option<f64>,
}

/// The files of a case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Listed {
    /// Oldest first.
    pub(super) items: Vec<AttachmentView>,
}

impl AttachmentView {
    pub(in crate::http) fn of(file: &Attachment) -> Self {
        let case_page::AttachmentView {
            id,
            media_type,
            size,
            name,
            at,
            by,
            shown,
            taken_at,
            lat,
            lon,
        } = case_page::AttachmentView::of(file);
        Self { id, media_type, size, name, at, by, shown, taken_at, lat, lon }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}
