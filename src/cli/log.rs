//! `hoiam log`: the log as a file, a file as the log of an empty database, and that it is whole.

mod bundle;
mod reveals;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub(super) use bundle::refused;
use clap::{Args, Subcommand};
use hoiam_domain::case::CaseNumber;
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::context::{block_on, desk};
use super::output::Output;
use super::proof::{VerifyArgs, run_checkpoint, run_key, run_verify};
use crate::archive::{
    ArchiveError, Exported, ImportOptions, Progress, Stage, Wanted, export, import, part_name,
    private, spool,
};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::log::{Database, Log};

/// The log.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Print the key the log is signed with
    Key,
    /// Sign a checkpoint now if the log grew, and print the last
    Checkpoint,
    /// Read the whole log again and compare it with all that was signed; exit code 3 if it was altered
    Verify(VerifyArgs),
    /// Write the log, or part of it, as JSON Lines; a case with proofs, checkpoint and instructions
    Export(ExportArgs),
    /// Make an empty database hold an exported log
    Import(ImportArgs),
    /// Who asked to read what is sealed, allowed, refused and read it, and why; never what was read,
    /// nor number and reason of a sealed case
    Reveals(RevealsArgs),
}

/// Which readings.
#[derive(Debug, Args)]
pub struct RevealsArgs {
    /// Only of this case; of a sealed one nothing
    #[arg(long, value_name = "NUMBER")]
    case: Option<CaseNumber>,
    /// Print JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// What to export.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Only this case, by its number
    #[arg(long, value_name = "NUMBER")]
    case: Option<CaseNumber>,
    /// Only from this position on
    #[arg(long, value_name = "POSITION")]
    from: Option<u64>,
    /// Only up to this position
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// File to write; it has this name only once it is whole [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Why the case is taken out; it stays in the log. Needed where something is sealed in it
    #[arg(long, value_name = "TEXT", requires = "case")]
    reason: Option<String>,
    /// The approved request by which a denouncer is named; it is used up. Without one they stay sealed
    #[arg(long, value_name = "REQUEST", requires = "case")]
    reveal: Option<u64>,
    /// Who does it, as it is recorded with a case
    #[arg(long, default_value = "cli")]
    by: String,
}

/// What to import.
///
/// The file must be a whole export of a desk with the same prefix, the database empty. Every line
/// is checked before anything is written. An import that was interrupted goes on when it is run
/// again; until then nothing else opens the database.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// An exported log; `-` is the standard input
    file: PathBuf,
}

/// What is said of the whole log, or a part.
const SEALED: &str = "dữ liệu cá nhân trong tệp này được niêm phong; chỉ đọc được khi có khoá chính\n\
     hoiam: personal data in this file are sealed; they read only with the master key, which is not in it";

/// Runs `hoiam log`.
///
/// # Errors
/// When the file or the database cannot be used.
pub fn run(command: &LogCommand, config: &Config) -> Result<(), Failure> {
    match command {
        LogCommand::Key => run_key(config),
        LogCommand::Checkpoint => run_checkpoint(config),
        LogCommand::Verify(args) => run_verify(args, config),
        LogCommand::Export(args) => run_export(args, config),
        LogCommand::Import(args) => run_import(args, config),
        LogCommand::Reveals(args) => reveals::run(args, config),
    }
}

/// 2 where another file, database or number must be given, 1 where something failed.
fn failure(error: ArchiveError) -> Failure {
    let code = match error {
        ArchiveError::Line { .. }
        | ArchiveError::Partial { .. }
        | ArchiveError::Origin { .. }
        | ArchiveError::NotEmpty { .. }
        | ArchiveError::OtherFile
        | ArchiveError::NoCase(_)
        | ArchiveError::NoPositions { .. } => 2,
        _ => 1,
    };
    Failure { message: error.to_string(), code }
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn run_export(args: &ExportArgs, config: &Config) -> Result<(), Failure> {
    let file = args.output.as_deref().filter(|path| !is_dash(path));
    let done = block_on(async {
        if args.case.is_some() {
            let desk = desk(config).await?;
            let write = async |out: &mut Out| bundle::write(&desk, args, config, out).await;
            let done = written(file, write).await;
            desk.log().close().await;
            return done;
        }
        eprintln!("hoiam: {SEALED}");
        let wanted = Wanted { from: args.from, to: args.to, ..Wanted::default() };
        let log = Log::open(&config.database, config.log_options()).await?;
        let write = async |out: &mut Out| export(&log, &config.prefix, &wanted, out).await;
        let done = written(file, async |out: &mut Out| write(out).await.map_err(failure)).await;
        log.close().await;
        done
    })?;
    let Exported { events, head, whole } = done;
    let part = if whole { "all there are" } else { "a part" };
    eprintln!("hoiam: {events} events exported, {part}; the log has {head}.");
    Ok(())
}

/// Where an export goes.
type Out = dyn Write + Send;

/// Writes to the standard output, or into a file that gets its name once everything is in it and on
/// disk. It can be made before anything is written.
async fn written(
    file: Option<&Path>,
    write: impl AsyncFnOnce(&mut Out) -> Result<Exported, Failure>,
) -> Result<Exported, Failure> {
    let Some(path) = file else {
        return write(&mut BufWriter::with_capacity(1 << 20, Output::open())).await;
    };
    let part = part_name(path);
    let unable = |error: std::io::Error| failure(error.into());
    let mut out = BufWriter::with_capacity(1 << 20, private(&part).map_err(unable)?);
    let done = write(&mut out).await.and_then(|done| {
        out.flush().map_err(unable)?;
        out.get_ref().sync_all().map_err(unable)?;
        std::fs::rename(&part, path).map_err(unable)?;
        crate::secret_file::keep_name(path).map_err(unable)?;
        Ok(done)
    });
    if done.is_err() {
        // What is left of it is of no use; if it cannot be removed, its name says so.
        let _ = std::fs::remove_file(&part);
    }
    done
}

fn run_import(args: &ImportArgs, config: &Config) -> Result<(), Failure> {
    let file = if is_dash(&args.file) {
        let path = beside(&config.database);
        spool(&mut std::io::stdin().lock(), &path).map_err(|error| Failure {
            message: format!("the standard input cannot be kept at {}: {error}", path.display()),
            code: 1,
        })?
    } else {
        File::open(&args.file)
            .map_err(|error| Failure::usage(format!("{}: {error}", args.file.display())))?
    };
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg:>9} {wide_bar} {percent:>3} %  {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut stage = None;
    let mut progress = |at: Progress| {
        if stage.replace(at.stage) != Some(at.stage) {
            bar.reset();
            bar.set_length(at.head);
            bar.set_message(word(at.stage));
        }
        bar.set_position(at.position);
    };
    let options = ImportOptions::at(SystemClock.now(), config.master_key.clone());
    let done = block_on(async {
        let done = import(&config.database, &config.prefix, &file, options, &mut progress).await;
        done.map_err(failure)
    });
    bar.finish_and_clear();
    let done = done?;
    if done.resumed_from > 0 {
        println!("Went on after event {}.", done.resumed_from);
    }
    println!("Imported {} events of {} cases; every projection is made.", done.events, done.cases);
    println!("Not in a log: tokens and idempotency keys. Make tokens with `hoiam token create`.");
    Ok(())
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Checking => "checking",
        Stage::Writing => "writing",
        Stage::Projecting => "rows",
    }
}

/// Where the standard input is kept for the second reading: beside the database, which holds the
/// same data; with PostgreSQL, in the working directory.
fn beside(database: &Database) -> PathBuf {
    let name = format!("hoiam-import-{}.part", std::process::id());
    match database {
        Database::Sqlite(path) => path.with_file_name(name),
        Database::Postgres(_) => PathBuf::from(name),
    }
}
