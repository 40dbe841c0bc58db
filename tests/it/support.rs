//! What tests stand on.
//!
//! - [`Bed`]: a fresh, empty database, SQLite or PostgreSQL.
//! - [`both!`]: one test body, run on both.
//! - [`build`]: short ways to write appends.
//! - [`city`]: a desk with rules, a clock and randomness of its own.
//! - [`line`]: a connection to PostgreSQL that can go down.
//! - [`serving`]: the server in a process of its own.

pub mod bed;
pub mod build;
pub mod city;
pub mod line;
pub mod serving;

pub use bed::{Bed, MASTER_KEY, options};

/// One test body for both databases: `both! { async fn name(bed: &Bed) { … } }` makes the tests
/// `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! both {
    ($($(#[$note:meta])* async fn $name:ident($bed:ident: &Bed) $body:block)+) => {$(
        $(#[$note])*
        mod $name {
            #[allow(unused_imports, reason = "not every body needs all its module imports")]
            use super::*;

            async fn body($bed: &$crate::support::Bed) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let bed = $crate::support::Bed::sqlite();
                body(&bed).await;
                bed.remove().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let bed = $crate::support::Bed::postgres().await;
                body(&bed).await;
                bed.remove().await;
            }
        }
    )+};
}
