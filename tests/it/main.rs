//! Everything that needs a database, a server or a process of its own. What touches the store
//! runs on SQLite and on PostgreSQL alike; `make test` starts a PostgreSQL for it.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this is test code, also where no attribute says so"
)]

#[macro_use]
mod support;

mod accounts;
mod archive;
mod cli;
mod desk;
mod figures;
mod followers;
mod http;
mod import;
mod log;
mod nearby;
mod object_storage;
mod person;
mod policy;
mod proof;
mod rebuild;
mod sealed;
mod secrets;
mod simulation;
