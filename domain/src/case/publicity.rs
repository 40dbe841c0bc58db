//! What everybody may know of a case, and from when.
//!
//! The citizen says whether a case is public; sealed ones, complaints and denunciations never are,
//! and nothing is before an agency has accepted it: until then nobody has read what was sent.

use super::stage::StageName;
use super::state::Case;
use crate::kinds::Kind;
use crate::text::mask::mask;

/// The stages in which a case may be public.
pub const STAGES: &[StageName] = &[
    StageName::InProgress,
    StageName::WaitingCitizen,
    StageName::Resolved,
    StageName::Checked,
    StageName::Answered,
    StageName::Closed,
];

/// Kinds that are never public.
pub const NEVER: &[Kind] = &[Kind::Complaint, Kind::Denunciation];

/// Whether everybody may know of it.
pub fn is_public(case: &Case) -> bool {
    case.public
        && !case.confidential
        && case.accused.is_none()
        && !NEVER.contains(&case.kind())
        && STAGES.contains(&case.work.stage.name())
}

/// A text of the case for everybody: personal data covered, and what is known of its reporters.
pub fn covered(case: &Case, text: &str) -> String {
    mask(text, &crate::sealed::requests::known(case)).text
}

/// A coordinate for everybody: thousandths of a degree, about 110 metres.
pub fn coarse(degrees: f64) -> f64 {
    (degrees * 1e3).round() / 1e3
}
