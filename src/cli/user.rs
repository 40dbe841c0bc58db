//! `hoiam user`: accounts of staff, from the machine that runs the desk.

use clap::{Args, Subcommand};
use hoiam_domain::accounts::Position;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use serde_json::json;

use super::Failure;
use super::context::{block_on, check_codes};
use crate::accounts::openid::staff;
use crate::accounts::people::{self, WithPassword};
use crate::accounts::{AccountError, Person, actor_id};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::log::Log;
use crate::random::SystemRandom;

/// Accounts of staff.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add somebody; the first password is shown once
    Add {
        /// Sign-in name: 2 to 64 letters a-z, digits and . _ - @
        login: String,
        /// What people call them
        #[arg(long)]
        name: String,
        /// In which role, and for whom
        #[command(flatten)]
        position: PositionArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Everybody with an account
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Keep somebody from signing in and end their sessions
    Disable {
        /// Sign-in name
        login: String,
        /// Why; it stays in the log
        #[arg(long)]
        note: Option<String>,
        /// Let them sign in again instead
        #[arg(long)]
        undo: bool,
    },
    /// Take password and codes away, end the sessions, and show a new first password
    Reset {
        /// Sign-in name
        login: String,
        /// Why; it stays in the log
        #[arg(long)]
        note: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a subject of an OpenID provider sign in as somebody
    Link {
        /// Sign-in name
        login: String,
        /// The provider's address, exactly as it writes it
        #[arg(long)]
        issuer: String,
        /// The provider's own name for the person (`sub`)
        #[arg(long)]
        subject: String,
    },
    /// Let no subject of an OpenID provider sign in as somebody any more
    Unlink {
        /// Sign-in name
        login: String,
        /// The provider's address
        #[arg(long)]
        issuer: String,
        /// Why; it stays in the log
        #[arg(long)]
        note: Option<String>,
    },
    /// Give somebody another role, agency or focal point
    Role {
        /// Sign-in name
        login: String,
        /// In which role, and for whom
        #[command(flatten)]
        position: PositionArgs,
    },
}

/// A role, and for whom.
#[derive(Debug, Args)]
pub struct PositionArgs {
    /// operator, coordinator, agency_coordinator, handler, unit_leader, city_leader, administrator, auditor
    #[arg(long)]
    role: Role,
    /// The agency they act for
    #[arg(long)]
    agency: Option<String>,
    /// The focal point they are limited to
    #[arg(long)]
    focal_point: Option<String>,
}

impl PositionArgs {
    fn read(self, config: &Config) -> Result<Position, Failure> {
        let agency = self.agency.map(AgencyCode::new);
        let focal_point = self.focal_point.map(FocalPointCode::new);
        check_codes(config, agency.as_ref(), focal_point.as_ref())?;
        Ok(Position { role: self.role, agency, focal_point })
    }
}

/// Runs `hoiam user`.
///
/// # Errors
/// What the accounts refuse, or that the database does not answer.
pub fn run(command: UserCommand, config: &Config) -> Result<(), Failure> {
    let now = SystemClock.now();
    // Whoever may run commands here holds the database itself.
    let by = Actor::new(Role::Administrator, "console");
    let random = &SystemRandom;
    block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        match command {
            UserCommand::Add { login, name, position, json } => {
                let position = position.read(config)?;
                let added = people::add(&log, random, &by, &login, &name, position, now).await;
                show_password(&added.map_err(failure)?, json);
            }
            UserCommand::List { json } => list(&log, json).await?,
            UserCommand::Disable { login, note, undo } => {
                let done = if undo {
                    people::enable(&log, random, &by, &login, note, now).await
                } else {
                    people::disable(&log, random, &by, &login, note, now).await
                };
                println!("{}", line(&done.map_err(failure)?));
            }
            UserCommand::Reset { login, note, json } => {
                let reset = people::reset(&log, random, &by, &login, note, now).await;
                show_password(&reset.map_err(failure)?, json);
            }
            UserCommand::Link { login, issuer, subject } => {
                let whom = (&*login, &*issuer, &*subject);
                let done = staff::link(&log, random, &by, whom, now).await;
                println!("{}", line(&done.map_err(failure)?));
            }
            UserCommand::Unlink { login, issuer, note } => {
                let done = staff::unlink(&log, random, &by, (&login, &issuer), note, now).await;
                println!("{}", line(&done.map_err(failure)?));
            }
            UserCommand::Role { login, position } => {
                let position = position.read(config)?;
                let done = people::change_role(&log, random, &by, &login, position, now).await;
                println!("{}", line(&done.map_err(failure)?));
            }
        }
        log.close().await;
        Ok(())
    })
}

async fn list(log: &Log, as_json: bool) -> Result<(), Failure> {
    let mut after = String::new();
    loop {
        let page = people::list(log, &after).await?;
        for person in &page {
            println!("{}", if as_json { view(person).to_string() } else { line(person) });
        }
        match page.last().filter(|_| page.len() == people::PAGE) {
            Some(last) => last.login.clone_into(&mut after),
            None => return Ok(()),
        }
    }
}

fn show_password(new: &WithPassword, as_json: bool) {
    if as_json {
        let mut view = view(&new.person);
        view["password"] = json!(new.password);
        println!("{view}");
    } else {
        println!("{}", new.password);
        eprintln!(
            "hoiam: mật khẩu ban đầu, chỉ hiện một lần; phải đổi khi đăng nhập lần đầu\n\
             hoiam: the first password, shown once; it is replaced at the first sign-in"
        );
    }
}

fn view(person: &Person) -> serde_json::Value {
    json!({
        "id": actor_id(person.id),
        "login": person.login,
        "name": person.name,
        "role": person.position.role,
        "agency": person.position.agency,
        "focal_point": person.position.focal_point,
        "disabled": person.disabled,
        "created_at": person.created_at,
    })
}

fn line(person: &Person) -> String {
    let agency = person.position.agency.as_ref().map_or("-", AgencyCode::as_str);
    let point = person.position.focal_point.as_ref().map_or("-", FocalPointCode::as_str);
    let state = if person.disabled { "disabled" } else { "active" };
    let Person { login, name, position, .. } = person;
    format!("{login}\t{role}\t{agency}\t{point}\t{state}\t{name}", role = position.role)
}

/// What somebody asked wrongly ends with 2, everything else with 1.
fn failure(error: AccountError) -> Failure {
    match error {
        AccountError::Hash(_)
        | AccountError::Sealed(_)
        | AccountError::Unreadable
        | AccountError::Codec(_)
        | AccountError::Append(_)
        | AccountError::Log(_)
        | AccountError::Unavailable(_) => error.into(),
        asked => Failure::usage(asked),
    }
}
