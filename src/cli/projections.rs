//! `hoiam projections`: what the read models are at, made again from the log, compared with it.

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Failure;
use super::context::block_on;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::log::Log;
use crate::rebuild::{
    Compared, NotCompared, Phase, Progress, RebuildError, RebuildOptions, Rebuilt, Status,
    Verified, rebuild, status, verify_with,
};

/// Stored rows are not what the log gives.
const DIFFERENT: u8 = 3;

/// The read models.
#[derive(Debug, Subcommand)]
pub enum ProjectionsCommand {
    /// Version, position and lag of every projection, and whether it is being filled anew
    Status(Shown),
    /// Make projections again from the log and put them in place; the desk stays open
    ///
    /// If it is interrupted, the same command goes on; until the end the old rows are served.
    Rebuild(RebuildArgs),
    /// Make projections again from the log and compare; exit code 3 and the first differing row
    /// if something is not what the log gives
    Verify(VerifyArgs),
}

/// How to show it.
#[derive(Clone, Copy, Debug, Args)]
pub struct Shown {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What to rebuild.
#[derive(Debug, Args)]
pub struct RebuildArgs {
    /// Projections, as `status` names them [default: all]
    names: Vec<String>,
    /// Put nothing in place: say what would change, exit code 3 if anything would
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    shown: Shown,
}

/// What to verify.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Projections, as `status` names them [default: all]
    names: Vec<String>,
    #[command(flatten)]
    shown: Shown,
}

/// Runs `hoiam projections`.
///
/// # Errors
/// When the database fails, a name is unknown, or rows are not what the log gives.
pub fn run(command: &ProjectionsCommand, config: &Config) -> Result<(), Failure> {
    block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let done = on(&log, command).await;
        log.close().await;
        done
    })
}

async fn on(log: &Log, command: &ProjectionsCommand) -> Result<(), Failure> {
    match command {
        ProjectionsCommand::Status(shown) => {
            let all = status(log).await?;
            if shown.json { json(&all) } else { table(&all) }
        }
        ProjectionsCommand::Rebuild(args) => {
            let options =
                RebuildOptions { check: args.check, ..RebuildOptions::at(SystemClock.now()) };
            let bar = bar();
            let done = rebuild(log, &names(&args.names), options, tell(&bar)).await;
            bar.finish_and_clear();
            rebuilt(&done.map_err(failed)?, args)
        }
        ProjectionsCommand::Verify(args) => {
            let bar = bar();
            let done = verify_with(log, &names(&args.names), tell(&bar)).await;
            bar.finish_and_clear();
            verified(&done.map_err(failed)?, args.shown)
        }
    }
}

fn names(given: &[String]) -> Vec<&str> {
    given.iter().map(String::as_str).collect()
}

fn failed(error: RebuildError) -> Failure {
    match error {
        RebuildError::Unknown { .. } => Failure::usage(error),
        other => other.into(),
    }
}

fn rebuilt(done: &Rebuilt, args: &RebuildArgs) -> Result<(), Failure> {
    let different = done.difference();
    if args.shown.json {
        json(done)?;
    } else {
        if done.resumed_from > 0 {
            println!("Went on from position {}.", done.resumed_from);
        }
        told(&done.compared, &done.not_compared);
        if done.replaced {
            println!("In place up to position {}.", done.position);
        }
    }
    // What is in place now is what the log gives.
    if done.replaced { Ok(()) } else { different.map_or(Ok(()), |first| Err(differs(first))) }
}

fn verified(done: &Verified, shown: Shown) -> Result<(), Failure> {
    if shown.json {
        json(done)?;
    } else {
        told(&done.compared, &done.not_compared);
        println!("Recomputed up to position {}.", done.position);
    }
    done.difference().map_or(Ok(()), |first| Err(differs(first)))
}

fn told(compared: &[Compared], not_compared: &[NotCompared]) {
    for table in compared {
        let name = format!("{}.{}", table.projection, table.table);
        if table.different == 0 {
            println!("{name:<32} {:>10} rows, all as the log gives them", table.rows);
        } else {
            println!("{name:<32} {:>10} rows, {} different", table.rows, table.different);
        }
    }
    for NotCompared { projection, why } in not_compared {
        println!("{projection:<32} not compared: {why}");
    }
}

fn differs(table: &Compared) -> Failure {
    let at = format!("{}: table {}", table.projection, table.table);
    let message = match &table.first {
        None => format!("{at}: {} rows differ", table.different),
        Some(first) => format!(
            "{at}: {} rows differ, the first at key {}{}: stored {}, the log gives {}",
            table.different,
            first.key.join(" / "),
            first.column.map(|column| format!(", column {column}")).unwrap_or_default(),
            first.stored,
            first.recomputed
        ),
    };
    Failure { message, code: DIFFERENT }
}

fn table(all: &[Status]) -> Result<(), Failure> {
    println!(
        "{:<24} {:<9} {:>7} {:>12} {:>8}  filling",
        "projection", "written", "version", "position", "lag"
    );
    for one in all {
        let written = if one.follower { "follower" } else { "inline" };
        let version = match one.stored_version {
            Some(stored) if stored == one.program_version => stored.to_string(),
            Some(stored) => format!("{stored}→{}", one.program_version),
            None => format!("–→{}", one.program_version),
        };
        let filling = one.filling.map_or_else(String::new, |fill| {
            let how = if fill.running { "running" } else { "interrupted" };
            format!("{how}, {} of {}", fill.position, fill.head)
        });
        println!(
            "{:<24} {written:<9} {version:>7} {:>12} {:>8}  {filling}",
            one.name, one.position, one.lag
        );
    }
    let outdated: Vec<&str> = all.iter().filter(|one| one.outdated()).map(|one| one.name).collect();
    if !outdated.is_empty() {
        println!(
            "Rows of an older version are served. `hoiam serve` fills them anew by itself, or: \
             hoiam projections rebuild {}",
            outdated.join(" ")
        );
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A bar on the error output, hidden where that is no terminal.
fn bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg:<12} {wide_bar} {pos}/{len}  {per_sec}  {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn tell(bar: &ProgressBar) -> impl FnMut(Progress) + Send {
    let bar = bar.clone();
    move |progress| {
        bar.set_length(progress.head);
        bar.set_position(progress.position);
        bar.set_message(match progress.phase {
            Phase::Filling => "filling",
            Phase::Indexing => "indexing",
            Phase::Comparing => "comparing",
            Phase::Exchanging => "exchanging",
        });
    }
}
