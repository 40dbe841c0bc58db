//! The interface, through a real server.

mod access;
mod attachments;
mod commands;
mod directory;
mod feedback;
mod hardened;
mod life;
mod list;
mod problems;
mod rules;
mod scopes;
mod search;
pub mod server;
mod track;
mod watch;
