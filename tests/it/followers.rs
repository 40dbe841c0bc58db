//! Projections behind the log.

mod framework;
