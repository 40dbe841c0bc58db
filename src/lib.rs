//! Hồi Âm ("a reply comes back"): the shell around the rules of a feedback desk.
//!
//! - [`log`]: the append-only log on SQLite or PostgreSQL.
//! - [`desk`]: the command path, the only way anything changes.
//! - [`accounts`]: who may sign in, as whom, and who is signed in.
//! - [`followers`]: read models behind the log.
//! - [`timers`]: what happens by itself.
//! - [`policy`]: which rule set is in force from when, kept in the log.
//! - [`queries`]: questions to the read models.
//! - [`import`]: a city's history out of another system's files.
//! - [`rebuild`]: read models made again from the log, and compared with it.
//! - [`archive`]: the log as a file, and back.
//! - [`vault`]: the keys personal data are sealed with; [`person`]: theirs found, exported, erased;
//!   [`retention`]: what is kept no longer.
//! - [`proof`]: that nothing in the log was altered, for people who do not trust the operator.
//! - [`figures`]: how many, how late, how long, by what, as of when.
//! - [`replay`]: what a changed rule set would have made of past cases.
//! - [`report`]: figures put together for people, with names and a ranking.
//! - [`http`]: the interface for everybody outside.
//! - [`sealed`]: the group of the sealed stream, and reading what is sealed.
//! - [`successors`]: open cases of agencies that ended, moved to whoever took over.
//! - [`mail`]: mails, written down before and sent behind.
//! - [`outside`]: asking others over HTTP, with limits, past a guard against private addresses.
//! - [`attachments`]: files of cases, sealed and stored.
//! - [`cli`]: the commands of the `hoiam` program.

pub mod accounts;
pub mod archive;
pub mod attachments;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod desk;
pub mod figures;
pub mod followers;
#[cfg(test)]
mod fuzz;
pub mod http;
pub mod import;
pub mod log;
pub mod mail;
pub mod nearby;
pub mod outside;
pub mod panics;
pub mod person;
pub mod policy;
pub mod proof;
pub mod queries;
pub mod random;
pub mod rebuild;
pub mod replay;
pub mod report;
pub mod retention;
pub mod rules;
pub mod sealed;
pub mod secret_file;
pub mod successors;
pub mod timers;
pub mod tokens;
pub mod tracking;
pub mod vault;
