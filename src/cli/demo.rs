//! `hoiam demo`: loads the demo city into an empty database.

use std::sync::Arc;

use clap::Args;
use hoiam_domain::time::parse::parse_time;

use super::Failure;
use super::context::{block_on, desk_at};
use crate::clock::{Clock, ManualClock, SystemClock};
use crate::config::Config;
use crate::demo;
use crate::followers::catch_up;
use crate::queries::has_cases;

/// The demo city.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Do nothing when there are events already
    #[arg(long)]
    if_empty: bool,
    /// The demo's present, e.g. 2026-11-21T18:00; the past weeks end there [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Runs `hoiam demo`.
///
/// # Errors
/// When the database holds events or fails.
pub fn run(args: &DemoArgs, config: &Config) -> Result<(), Failure> {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    block_on(async {
        let desk = desk_at(config, clock.clone()).await?;
        if args.if_empty && desk.log().head().await? > 0 {
            desk.log().close().await;
            println!("The database holds events already; nothing was loaded.");
            return Ok(());
        }
        // Rules and boundaries may be there: the demo goes by them.
        if has_cases(desk.log().pool()).await? {
            desk.log().close().await;
            return Err(Failure::usage(
                "the database holds cases already; the demo city needs one without",
            ));
        }
        let now = match &args.at {
            Some(text) => {
                let rules = desk.rules();
                parse_time(text, rules.policy.calendars.zone())
                    .map_err(|error| Failure::usage(format!("--at: {error}")))?
            }
            None => clock.now(),
        };
        let loaded = demo::load(&desk, &clock, now).await?;
        catch_up(desk.log()).await?;
        desk.log().close().await;
        println!("Demo city: {} cases, {} steps.", loaded.cases, loaded.steps);
        for (entry, why) in &loaded.stopped {
            println!("  stopped: {entry}: {why}");
        }
        Ok(())
    })
}
