//! `hoiam token`: bearer tokens for the interface.

use clap::Subcommand;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::codes::{AgencyCode, FocalPointCode};

use super::Failure;
use super::context::{block_on, check_codes};
use crate::accounts::keys::{self, For};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::log::Log;
use crate::random::SystemRandom;
use crate::tokens::PerMinute;

/// Bearer tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is shown once
    Create {
        /// operator, coordinator, agency_coordinator, handler, unit_leader, city_leader, administrator, auditor, integration
        #[arg(long)]
        role: Role,
        /// The agency it is limited to
        #[arg(long)]
        agency: Option<String>,
        /// The focal point it is limited to
        #[arg(long)]
        focal_point: Option<String>,
        /// What it is for; it stays in the log
        #[arg(long)]
        note: Option<String>,
        /// How often it may ask, e.g. 60/minute; at most 6000, which is what it may otherwise
        #[arg(long, value_name = "N/minute")]
        rate: Option<PerMinute>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token by the id of its actor
    Revoke {
        /// The id, e.g. tok_3f2a…
        id: String,
        /// Why; it stays in the log
        #[arg(long)]
        note: Option<String>,
    },
}

/// Runs `hoiam token`.
///
/// # Errors
/// When the agency is not in the directory or the database does not answer.
pub fn run(command: TokenCommand, config: &Config) -> Result<(), Failure> {
    let now = SystemClock.now();
    // Whoever may run commands here holds the database itself.
    let by = Actor::new(Role::Administrator, "console");
    match command {
        TokenCommand::Create { role, agency, focal_point, note, rate, json } => {
            let agency = agency.map(AgencyCode::new);
            let focal_point = focal_point.map(FocalPointCode::new);
            check_codes(config, agency.as_ref(), focal_point.as_ref())?;
            let made = block_on(async {
                let log = Log::open(&config.database, config.log_options()).await?;
                let whom = For { role, agency, focal_point, note, rate };
                let made = keys::create(&log, &SystemRandom, &by, whom, now)
                    .await
                    .map_err(Failure::usage)?;
                log.close().await;
                Ok(made)
            })?;
            if json {
                let actor = serde_json::to_value(&made.actor)?;
                println!("{}", serde_json::json!({ "token": made.token, "actor": actor }));
            } else {
                println!("{}", made.token);
            }
            Ok(())
        }
        TokenCommand::Revoke { id, note } => block_on(async {
            let log = Log::open(&config.database, config.log_options()).await?;
            let revoked = keys::revoke(&log, &SystemRandom, &by, &id, note, now).await;
            log.close().await;
            revoked.map_err(Failure::usage)
        }),
    }
}
