//! `hoiam seal-group`: who belongs to the group of the sealed stream.

use clap::Subcommand;
use hoiam_domain::actor::{Actor, Role};
use serde_json::json;

use super::Failure;
use super::context::block_on;
use crate::accounts::{AccountError, Person, actor_id};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::log::Log;
use crate::random::SystemRandom;
use crate::sealed::SealedError;
use crate::sealed::group::{self, Change};

/// The people who look into the sealed stream: always at least two.
#[derive(Debug, Subcommand)]
pub enum SealGroupCommand {
    /// Add a coordinator
    Add {
        /// Sign-in name
        login: String,
        /// Why; it stays in the log
        #[arg(long)]
        note: Option<String>,
    },
    /// Remove a member; at least two stay
    Remove {
        /// Sign-in name
        login: String,
        /// Why; it stays in the log
        #[arg(long)]
        note: Option<String>,
    },
    /// Who belongs to it
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs `hoiam seal-group`.
///
/// # Errors
/// What the group refuses, or that the database does not answer.
pub fn run(command: SealGroupCommand, config: &Config) -> Result<(), Failure> {
    let now = SystemClock.now();
    // Whoever may run commands here holds the database itself.
    let by = Actor::new(Role::Administrator, "console");
    block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let (change, login, note) = match command {
            SealGroupCommand::Add { login, note } => (Change::Add, login, note),
            SealGroupCommand::Remove { login, note } => (Change::Remove, login, note),
            SealGroupCommand::List { json } => {
                let members = group::list(&log).await?;
                log.close().await;
                show(&members, json);
                return Ok(());
            }
        };
        let done = group::change(&log, &SystemRandom, &by, change, &login, note, now).await;
        done.map_err(failure)?;
        let members = group::list(&log).await?;
        log.close().await;
        show(&members, false);
        Ok(())
    })
}

fn show(members: &[Person], as_json: bool) {
    for person in members {
        let Person { login, name, disabled, position, .. } = person;
        if as_json {
            let id = actor_id(person.id);
            let role = position.role;
            println!(
                "{}",
                json!({ "id": id, "login": login, "name": name, "role": role, "disabled": disabled })
            );
        } else {
            let state = if *disabled { "disabled" } else { "active" };
            println!("{login}\t{role}\t{state}\t{name}", role = position.role);
        }
    }
    if !group::acts(members) {
        eprintln!(
            "hoiam: tổ hồ sơ mật chưa đủ hai người; chưa ai mở được hồ sơ mật\n\
             hoiam: the group has fewer than two members who can act; nobody opens sealed cases yet"
        );
    }
}

/// What somebody asked wrongly ends with 2, everything else with 1.
fn failure(error: SealedError) -> Failure {
    match error {
        SealedError::Group(_) | SealedError::Account(AccountError::Unknown(_)) => {
            Failure::usage(error)
        }
        other => other.into(),
    }
}
