//! `hoiam import`: another system's cases, finished and open, with the times they really had.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::context::{block_on, desk};
use crate::config::Config;
use crate::import::{ImportError, Map, Rejects, Rows, Summary, import};

/// Some rows could not be taken.
const REJECTED: u8 = 3;
/// Stopped by Ctrl-C, as a shell would say it.
const INTERRUPTED: u8 = 130;

/// A city's history.
///
/// Running it again adds nothing twice: rows are known by the source's own id. Exit code 0 when
/// every row is in, 3 when some were rejected, 130 when it was interrupted (run it again to go on).
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// CSV or JSON Lines file
    file: PathBuf,
    /// The map that says what its columns mean
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// The rule set of that city, as --rules
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Where rows that cannot be taken are written [default: FILE.rejects.jsonl]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Runs `hoiam import`.
///
/// # Errors
/// When the map or file cannot be used, the database fails, rows were rejected, or it was
/// interrupted.
pub fn run(args: &ImportArgs, config: &Config) -> Result<(), Failure> {
    let mut config = config.clone();
    if let Some(directory) = &args.directory {
        config.rules = Some(directory.clone());
    }
    let map = Map::read(&args.map).map_err(Failure::usage)?;
    let rows = Rows::open(&args.file, &map).map_err(Failure::usage)?;
    let mut rejects = Rejects::to(&args.rejects.clone().unwrap_or_else(|| beside(&args.file)));
    let bar = bar(rows.bytes());
    let summary = block_on(async {
        let desk = desk(&config).await?;
        let stop = stop_on_interrupt();
        let mut progress = |bytes: u64, rows: u64| {
            if rows.is_multiple_of(128) {
                bar.set_position(bytes);
                bar.set_message(format!("{rows} rows"));
            }
        };
        let done = import(&desk, &map, rows, &mut rejects, &stop, &mut progress).await;
        // Figures follow by themselves: a server's within seconds, a report's before it counts.
        desk.log().close().await;
        done.map_err(|error| match error {
            ImportError::Map(wrong) => Failure::usage(wrong),
            other => other.into(),
        })
    });
    bar.finish_and_clear();
    told(summary?, rejects.path())
}

fn told(summary: Summary, rejects: &Path) -> Result<(), Failure> {
    let Summary { imported, already_there, rejected, interrupted } = summary;
    println!("Imported {imported}, already there {already_there}, rejected {rejected}.");
    let rejects = rejects.display();
    if interrupted {
        let message = "interrupted; run the same import again to go on".to_owned();
        return Err(Failure { message, code: INTERRUPTED });
    }
    if rejected > 0 {
        let message = format!("{rejected} rows rejected; see {rejects}");
        return Err(Failure { message, code: REJECTED });
    }
    Ok(())
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".rejects.jsonl");
    PathBuf::from(name)
}

/// A bar on the error output, hidden where that is no terminal.
fn bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}  {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Set at the first Ctrl-C: the import then finishes what is in flight.
fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            set.store(true, Ordering::Relaxed);
        }
    });
    stop
}
