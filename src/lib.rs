//! x

pub mod cli;
pub mod log;
pub mod rules;
