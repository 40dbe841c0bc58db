//! `hoiam report`: what became of the cases, counted.

use clap::Args;
use hoiam_domain::time::parse::parse_time;
use jiff::Timestamp;

use super::Failure;
use super::context::{block_on, desk};
use crate::config::Config;
use crate::report::{By, report};

/// Counts of cases.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// What to count by
    by: By,
    /// Cases received from this moment on, e.g. 2026-01-01
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Cases received before this moment, e.g. 2026-04-01
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs `hoiam report`.
///
/// # Errors
/// When a time cannot be read or the database does not answer.
pub fn run(args: &ReportArgs, config: &Config) -> Result<(), Failure> {
    block_on(async {
        let desk = desk(config).await?;
        let rules = desk.rules();
        let time = |flag: &str, text: &Option<String>| -> Result<Option<Timestamp>, Failure> {
            text.as_ref()
                .map(|text| parse_time(text, rules.policy.calendars.zone()))
                .transpose()
                .map_err(|error| Failure::usage(format!("{flag}: {error}")))
        };
        let (from, to) = (time("--from", &args.from)?, time("--to", &args.to)?);
        if let (Some(from), Some(to)) = (from, to)
            && to <= from
        {
            return Err(Failure::usage("--to must lie after --from"));
        }
        let report = report(desk.log().pool(), &rules.directory, args.by, from, to).await?;
        desk.log().close().await;
        if args.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{report}");
        }
        Ok(())
    })
}
