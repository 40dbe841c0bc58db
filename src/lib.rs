//! x

pub mod cli;
pub mod log;
