//! `hoiam token`: bearer tokens for the interface.

use clap::Subcommand;
use hoiam_domain::actor::Role;
use hoiam_domain::codes::{AgencyCode, FocalPointCode};

use super::Failure;
use super::context::{block_on, check_codes};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::log::{Log, LogOptions};
use crate::random::SystemRandom;
use crate::tokens;

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
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token by the id of its actor
    Revoke {
        /// The id, e.g. tok_3f2a…
        id: String,
    },
}

/// Runs `hoiam token`.
///
/// # Errors
/// When the agency is not in the directory or the database does not answer.
pub fn run(command: TokenCommand, config: &Config) -> Result<(), Failure> {
    let now = SystemClock.now();
    match command {
        TokenCommand::Create { role, agency, focal_point, json } => {
            let agency = agency.map(AgencyCode::new);
            let focal_point = focal_point.map(FocalPointCode::new);
            check_codes(config, agency.as_ref(), focal_point.as_ref())?;
            let made = block_on(async {
                let log = Log::open(&config.database, LogOptions::default()).await?;
                let made =
                    tokens::create(log.pool(), &SystemRandom, now, role, agency, focal_point)
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
        TokenCommand::Revoke { id } => block_on(async {
            let log = Log::open(&config.database, LogOptions::default()).await?;
            let revoked = tokens::revoke(log.pool(), &id, now).await?;
            log.close().await;
            if revoked {
                Ok(())
            } else {
                Err(Failure::usage(format!("no token in use has the id {id}")))
            }
        }),
    }
}
