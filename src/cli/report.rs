//! `hoiam report`: what became of the cases, counted, and agencies ranked.

use clap::{Args, ValueEnum};
use hoiam_domain::time::parse::parse_time;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::Failure;
use super::context::{block_on, desk};
use crate::config::Config;
use crate::desk::Desk;
use crate::report::{Asked, By, ranking, report};

/// Figures of a period.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// What to count by, or the ranking of agencies
    what: What,
    /// From this moment on, e.g. 2026-01-01
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before this moment, e.g. 2026-04-01
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// As it was known at this moment, e.g. 2026-04-01T08:00
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Counted by agency
    Agency,
    /// Counted by sector
    Sector,
    /// Counted by channel
    Channel,
    /// Counted by category
    Category,
    /// Counted by district
    District,
    /// Counted by kind of case
    Kind,
    /// Counted by whoever lateness is charged to
    Holder,
    /// Counted by day
    Day,
    /// The agencies in an order that anybody can recompute
    Ranking,
}

impl What {
    /// What to count by; none for the ranking.
    fn by(self) -> Option<By> {
        Some(match self {
            Self::Agency => By::Agency,
            Self::Sector => By::Sector,
            Self::Channel => By::Channel,
            Self::Category => By::Category,
            Self::District => By::District,
            Self::Kind => By::Kind,
            Self::Holder => By::Holder,
            Self::Day => By::Day,
            Self::Ranking => return None,
        })
    }
}

/// Runs `hoiam report`.
///
/// # Errors
/// When a time cannot be read or the database does not answer.
pub fn run(args: &ReportArgs, config: &Config) -> Result<(), Failure> {
    block_on(async {
        let desk = desk(config).await?;
        let printed = printed(args, &desk).await;
        desk.log().close().await;
        print!("{}", printed?);
        Ok(())
    })
}

async fn printed(args: &ReportArgs, desk: &Desk) -> Result<String, Failure> {
    let rules = desk.rules();
    let asked = asked(args, desk.now(), rules.policy.calendars.zone())?;
    let (log, directory) = (desk.log(), &rules.directory);
    match args.what.by() {
        Some(_) => shown(args.json, &report(log, directory, &asked).await?),
        None => shown(args.json, &ranking(log, &rules, &asked).await?),
    }
}

fn shown(json: bool, answer: &(impl Serialize + std::fmt::Display)) -> Result<String, Failure> {
    Ok(if json { serde_json::to_string_pretty(answer)? + "\n" } else { answer.to_string() })
}

/// What is asked for, its times read in the city's zone.
fn asked(args: &ReportArgs, now: Timestamp, zone: &TimeZone) -> Result<Asked, Failure> {
    let time = |flag: &str, text: &Option<String>| -> Result<Option<Timestamp>, Failure> {
        text.as_ref()
            .map(|text| parse_time(text, zone))
            .transpose()
            .map_err(|error| Failure::usage(format!("{flag}: {error}")))
    };
    let (from, to) = (time("--from", &args.from)?, time("--to", &args.to)?);
    let as_of = time("--as-of", &args.as_of)?;
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(Failure::usage("--to must lie after --from"));
    }
    if as_of.is_some_and(|as_of| as_of > now) {
        return Err(Failure::usage("--as-of lies in the future; nobody knows that yet"));
    }
    if let (Some(from), Some(as_of)) = (from, as_of)
        && as_of < from
    {
        return Err(Failure::usage("--as-of must not lie before --from"));
    }
    Ok(Asked { by: args.what.by().unwrap_or(By::Agency), from, to, as_of, now })
}
