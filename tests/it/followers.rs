//! Projections behind the log.

mod framework;
mod silent;
mod stuck;
