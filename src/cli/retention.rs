//! `hoiam retention`: what is kept long enough, and erasing it.

use clap::{Args, Subcommand};
use hoiam_domain::time::parse::parse_time;
use jiff::Timestamp;

use super::Failure;
use super::context::{block_on, desk};
use crate::config::Config;
use crate::desk::Desk;
use crate::person::PersonError;
use crate::retention::{Due, finish, preview, run as erase_due};

/// How long personal data are kept.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// What the rules would erase now, or at another time; nothing is erased
    Preview(PreviewArgs),
    /// Erase what is due now; a server does the same every hour
    Run,
}

/// When, and how to show it.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// At this time, e.g. 2026-11-21T18:00 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs `hoiam retention`.
///
/// # Errors
/// When the database does not answer or something cannot be erased.
pub fn run(command: &RetentionCommand, config: &Config) -> Result<(), Failure> {
    block_on(async {
        let desk = desk(config).await?;
        let done = match command {
            RetentionCommand::Preview(args) => {
                let at = args.at.as_deref().map_or(Ok(desk.now()), |text| moment(&desk, text));
                previewed(&desk, at, args.json).await
            }
            RetentionCommand::Run => erased(&desk).await.map_err(Failure::from).map(|cases| {
                println!("Đã xoá {cases} hồ sơ · Erased {cases} cases.");
            }),
        };
        desk.log().close().await;
        done
    })
}

fn moment(desk: &Desk, text: &str) -> Result<Timestamp, Failure> {
    let read = parse_time(text, desk.rules().policy.calendars.zone());
    read.map_err(|error| Failure::usage(format!("--at: {error}")))
}

async fn previewed(desk: &Desk, at: Result<Timestamp, Failure>, json: bool) -> Result<(), Failure> {
    shown(&preview(desk, at?).await?, json)
}

/// As the server does it: first what was broken off.
async fn erased(desk: &Desk) -> Result<u64, PersonError> {
    finish(desk).await?;
    erase_due(desk).await
}

fn shown(due: &[Due], json: bool) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string_pretty(due)?);
        return Ok(());
    }
    if due.is_empty() {
        println!("Không có quy tắc lưu giữ · There is no rule of retention (retention.toml).");
    }
    for due in due {
        let oldest = due.oldest.map(|at| format!(", cũ nhất · oldest {at}")).unwrap_or_default();
        println!(
            "{:<16} {:<14} {:<10} {:>8} hồ sơ · cases{oldest}",
            due.rule,
            due.kind.as_str(),
            due.erase.as_str(),
            due.cases
        );
    }
    Ok(())
}
