//! `hoiam log key`, `hoiam log checkpoint` and `hoiam log verify`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::context::block_on;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::log::Log;
use crate::proof::checkpoint::Checkpoint;
use crate::proof::note::{Note, VerifierKey};
use crate::proof::verify::{Verified, verify};
use crate::proof::{Keeper, ProofError, View, Witnesses, key};
use crate::random::SystemRandom;
use crate::tracking::hex;

/// The exit code when something was altered, as everywhere in this program.
const ALTERED: u8 = 3;

/// How to verify.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A checkpoint kept outside, as `GET /log/checkpoint` gave it: the log must continue it
    #[arg(long, value_name = "CHECKPOINT")]
    from: Option<PathBuf>,
    /// The log's verifier key as known from elsewhere, or a file with it [default: the stored one]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

/// The keeper the configuration describes.
///
/// # Errors
/// When there is no key, or the log has another.
pub async fn keeper(config: &Config, log: &Log) -> Result<Keeper, ProofError> {
    let signing = key::load(&config.log_key, &config.log_origin, &SystemRandom)?;
    let mut witnesses = Witnesses::new(config.witnesses.clone(), config.reach);
    if let Some(file) = &config.witness_ca_file {
        witnesses = witnesses.believing(file).map_err(|error| ProofError::Authorities(error.0))?;
    }
    Keeper::of(log, signing, Arc::new(SystemClock), witnesses).await
}

/// A verifier key, given as itself or as a file that holds it.
///
/// # Errors
/// When it is neither.
pub fn key_of(given: &str) -> Result<VerifierKey, Failure> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let text = std::fs::read_to_string(given)
        .map_err(|_| Failure::usage(format!("--key: `{given}` is no verifier key and no file")))?;
    text.parse().map_err(|error| Failure::usage(format!("--key {given}: {error}")))
}

/// Prints the log's key; a log that has none gets the configured one.
///
/// # Errors
/// When the database or the key's file fails.
pub fn run_key(config: &Config) -> Result<(), Failure> {
    let key = block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let view = View::of(&log);
        let key = match view.key().await {
            Err(ProofError::NoCheckpoint) => {
                keeper(config, &log).await?;
                view.key().await
            }
            key => key,
        };
        log.close().await;
        Ok(key?)
    })?;
    println!("{key}");
    Ok(())
}

/// Signs a checkpoint if the log grew, and prints the last.
///
/// # Errors
/// When the log forks from what was signed, or the database fails.
pub fn run_checkpoint(config: &Config) -> Result<(), Failure> {
    let signed = block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let keeper = keeper(config, &log).await?;
        let signed = keeper.checkpoint().await;
        let asked = keeper.ask_witnesses().await;
        let signed = match signed {
            Ok(Some(_)) if asked.is_ok() => View::of(&log).last().await.map(Some),
            signed => signed,
        };
        log.close().await;
        asked?;
        Ok(signed?)
    })?;
    match signed {
        Some(signed) => print!("{}", signed.note),
        None => eprintln!("hoiam: the log is empty; there is nothing to sign."),
    }
    Ok(())
}

/// Verifies the whole log.
///
/// # Errors
/// Code 3 when something was altered, 2 when a file cannot be used, 1 when the database fails.
pub fn run_verify(args: &VerifyArgs, config: &Config) -> Result<(), Failure> {
    let key = args.key.as_deref().map(key_of).transpose()?;
    let note = args.from.as_ref().map(|path| {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        let note: Result<Note, _> = text.parse();
        note.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
    });
    let note = note.transpose()?;
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("verifying {wide_bar} {percent:>3} %  {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut progress = |at, all| {
        bar.set_length(all);
        bar.set_position(at);
    };
    let verified = block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let stored = View::of(&log).key().await.ok();
        let outside = match (&note, key.as_ref().or(stored.as_ref())) {
            (None, _) => None,
            (Some(note), Some(key)) => Some(Checkpoint::open(note, key).map_err(foreign)?),
            (Some(_), None) => {
                return Err(Failure::usage("--from needs --key: this log has no key yet"));
            }
        };
        let verified = verify(&log, key.as_ref(), outside.as_ref(), &mut progress).await;
        log.close().await;
        Ok((verified?, outside.map(|outside| outside.head.size)))
    });
    bar.finish_and_clear();
    let (verified, outside) = verified?;
    told(&verified, outside)
}

fn foreign(error: crate::proof::note::NoteError) -> Failure {
    Failure {
        message: format!(
            "mốc bên ngoài không do khóa của nhật ký này ký\n\
             hoiam: the checkpoint from outside is not signed with this log's key: {error}"
        ),
        code: ALTERED,
    }
}

fn told(verified: &Verified, outside: Option<u64>) -> Result<(), Failure> {
    let Verified { events, covered, checkpoints, cosignatures, root, finding } = verified;
    if let Some(finding) = finding {
        return Err(Failure {
            message: format!(
                "NHẬT KÝ ĐÃ BỊ THAY ĐỔI: {}\nhoiam: THE LOG WAS ALTERED: {finding}\n\
                 hoiam: {events} events before it are as they should be.",
                finding.vi()
            ),
            code: ALTERED,
        });
    }
    if *checkpoints == 0 && outside.is_none() {
        println!(
            "{events} sự kiện không mâu thuẫn với nhau, nhưng KHÔNG có mốc đã ký nào để so: chưa chứng minh được gì."
        );
        println!(
            "{events} events do not contradict each other, but there is NO signed checkpoint to compare with: nothing is proved."
        );
    } else {
        println!(
            "Nhật ký nguyên vẹn: {events} sự kiện, {checkpoints} mốc đã ký, {cosignatures} chữ ký chứng kiến."
        );
        println!(
            "The log is whole: {events} events, {checkpoints} signed checkpoints, {cosignatures} cosignatures."
        );
    }
    if outside.is_some() {
        println!("Nhật ký nối tiếp mốc bên ngoài. It continues the checkpoint from outside.");
    }
    println!(
        "Mốc ký gần nhất: {covered} sự kiện. The last signed checkpoint covers {covered} events."
    );
    told_not_compared(*events, *covered, outside);
    println!("root {}", hex(root));
    Ok(())
}

/// What nothing was there to compare with, so that a log emptied together with its checkpoints does
/// not read as proved.
fn told_not_compared(events: u64, covered: u64, outside: Option<u64>) {
    let compared = covered.max(outside.unwrap_or(0));
    let first = compared + 1;
    if compared < events {
        println!(
            "Chưa có mốc đã ký nào cho các sự kiện {first} đến {events}: hãy đưa mốc mình đã giữ bằng --from."
        );
        println!(
            "No signed checkpoint covers events {first} to {events}: pass one you kept with --from."
        );
    } else if compared == 0 {
        println!(
            "Nhật ký trống và chưa từng ký mốc nào ở đây: nếu trước kia có sự kiện, hãy đưa mốc mình đã giữ bằng --from."
        );
        println!(
            "The log is empty and no signed checkpoint covers anything: if it had events, pass a checkpoint you kept with --from."
        );
    } else if outside.is_none() {
        println!(
            "Chỉ so với những gì chính cơ sở dữ liệu này giữ: muốn biết phần cuối có bị cắt cùng với mốc hay không, hãy đưa mốc mình đã giữ bằng --from."
        );
        println!(
            "Compared only with what this database keeps itself: whether an end was cut off together with its checkpoints shows with one you kept, --from."
        );
    }
}
