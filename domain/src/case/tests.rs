//! Tests of the case: scenarios by theme, the whole stage × command table, and laws that hold for
//! any history.

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
mod scope;
mod sealed;
mod successor;
mod texts;
mod timers;
mod work;
