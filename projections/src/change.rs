//! One append to a case, as the inline projections see it.

use hoiam_domain::case::{Case, Event, Meta};
use jiff::Timestamp;

use crate::veil::Veil;

/// The state before, the new events in order, the state after.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The case before; none for a receipt.
    pub before: Option<&'a Case>,
    /// What happened, with what the log knows of it.
    pub events: &'a [(Event, Meta)],
    /// The case after.
    pub after: &'a Case,
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// Under what its words are written into rows.
    pub veil: &'a dyn Veil,
}
