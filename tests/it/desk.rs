//! The command path: what it does with a case on either database.

mod commands;
mod demo;
mod intake;
mod search;
mod time;
