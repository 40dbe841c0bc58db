//! Recorded events in, rows out: every read model of the desk as a pure function.
//!
//! - [`table`]: what a read model's table looks like, in words both databases understand.

pub mod table;
