//! Projections behind the log.

mod framework;
mod stuck;
