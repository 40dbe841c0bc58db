//! `hoiam rules history` and `hoiam rules export`.

use std::io;
use std::path::Path;

use hoiam_domain::policy::{Activation, Schedule};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{failed, short, shown};
use crate::cli::Failure;
use crate::cli::context::desk;
use crate::config::Config;
use crate::policy::activation;

/// Arguments of `rules history`.
#[derive(Clone, Debug, clap::Args)]
pub struct HistoryArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The history as JSON.
#[derive(Debug, Serialize)]
struct History<'a> {
    /// Hash of the set that decides now.
    in_force: &'a str,
    /// `activated`, else where it comes from: a directory or `(embedded)`.
    source: String,
    /// Every activation, in the order decided.
    activations: Vec<Shown<'a>>,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    /// `in_force`, `pending`, `past` or `cancelled`.
    state: &'static str,
    #[serde(flatten)]
    activation: &'a Activation,
}

/// How an activation stands.
fn state(schedule: &Schedule, one: &Activation, now: Timestamp) -> &'static str {
    if one.cancelled.is_some() {
        "cancelled"
    } else if one.from > now {
        "pending"
    } else if schedule.in_force(now).is_some_and(|current| current.id == one.id) {
        "in_force"
    } else {
        "past"
    }
}

pub(super) async fn run(args: &HistoryArgs, config: &Config) -> Result<(), Failure> {
    let desk = desk(config).await?;
    let (rules, now) = (desk.rules(), desk.now());
    let schedule = desk.rules_handle().schedule();
    let source = desk.rules_handle().source().to_string();
    desk.log().close().await;
    if args.json {
        let shown = |activation| Shown { state: state(&schedule, activation, now), activation };
        let history = History {
            in_force: &rules.hash,
            source: if schedule.in_force(now).is_some() { "activated".to_owned() } else { source },
            activations: schedule.activations.iter().map(shown).collect(),
        };
        println!("{}", serde_json::to_string_pretty(&history)?);
        return Ok(());
    }
    let zone = rules.policy.calendars.zone();
    for one in &schedule.activations {
        line(one, state(&schedule, one, now), zone);
    }
    if schedule.in_force(now).is_some() {
        println!(
            "Bộ đã kích hoạt được dùng thay cho thư mục {source}. · The activated set is used instead of {source}."
        );
    } else {
        println!(
            "Chưa bộ nào có hiệu lực nhờ kích hoạt; đang dùng {source} ({}). · No activated set is in force; {source} is used.",
            short(&rules.hash)
        );
    }
    Ok(())
}

fn line(one: &Activation, state: &str, zone: &TimeZone) {
    let (vi, en) = match state {
        "cancelled" => ("đã hủy", "cancelled"),
        "pending" => ("sắp tới", "pending"),
        "in_force" => ("đang dùng", "in force"),
        _ => ("đã qua", "past"),
    };
    println!(
        "{:>4}  {}  từ {}  {vi} · {en}  do {} lúc {}",
        one.id,
        short(&one.hash),
        shown(one.from, zone),
        one.by,
        shown(one.recorded_at, zone)
    );
    if let Some(note) = &one.note {
        println!("      {note}");
    }
    if one.before.is_some() {
        for change in &one.changes {
            println!("      {} +{} -{}", change.file, change.added, change.removed);
        }
    }
    if let Some(cancelled) = &one.cancelled {
        let note = cancelled.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
        println!("      hủy bởi {} lúc {}{note}", cancelled.by, shown(cancelled.at, zone));
    }
}

pub(super) async fn export(hash: &str, dir: &Path, config: &Config) -> Result<(), Failure> {
    let desk = desk(config).await?;
    let schedule = desk.rules_handle().schedule();
    let mut matching: Vec<_> =
        schedule.activations.iter().map(|one| &one.hash).filter(|h| h.starts_with(hash)).collect();
    matching.sort();
    matching.dedup();
    let [hash] = matching[..] else {
        let message = format!("{} stored rule sets begin with `{hash}`", matching.len());
        return Err(Failure::usage(message));
    };
    let files = activation::stored_files(desk.log(), hash).await.map_err(failed)?;
    desk.log().close().await;
    write(dir, &files).map_err(|error| Failure::usage(format!("{}: {error}", dir.display())))?;
    println!("{}: {} tệp · files", dir.display(), files.len());
    Ok(())
}

/// Writes files below a directory that has none yet.
fn write(dir: &Path, files: &[(String, String)]) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    if std::fs::read_dir(dir)?.next().is_some() {
        return Err(io::Error::other("the directory is not empty"));
    }
    for (path, text) in files {
        // What was stored was read from a directory; a path that leads out of it was never there.
        let inside =
            Path::new(path).components().all(|c| matches!(c, std::path::Component::Normal(_)));
        if !inside {
            return Err(io::Error::other(format!("`{path}` leads out of the directory")));
        }
        let path = dir.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
