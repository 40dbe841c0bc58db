//! Tests of the case: scenarios by theme, the whole stage × command table, and laws that hold for
//! any history.

mod attach;
mod boundaries;
mod citizen;
mod codec;
mod correct;
mod desk;
mod erase;
mod fixture;
mod golden;
mod intake;
mod laws;
mod listed;
mod lives;
mod matrix;
mod merge;
mod publicity;
mod scope;
mod sealed;
mod successor;
mod texts;
mod timers;
mod work;

/// An ordinary case, for tests beside this one.
pub(crate) fn any_case() -> super::Case {
    fixture::Story::in_progress().case
}
