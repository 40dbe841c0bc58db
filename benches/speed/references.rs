//! What the databases reach without us.

pub mod pgbench;
pub mod plain;
