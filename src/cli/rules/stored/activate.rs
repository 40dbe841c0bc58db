//! `hoiam rules activate` and `hoiam rules cancel`.

use std::path::PathBuf;

use hoiam_domain::policy::{Activation, Cancel};
use jiff::tz::TimeZone;

use super::{failed, short, shown, time};
use crate::cli::Failure;
use crate::cli::context::desk;
use crate::config::Config;
use crate::policy::activation::{self, Outcome, Wanted};
use crate::rules::Source;

/// Arguments of `rules activate`.
#[derive(Clone, Debug, clap::Args)]
pub struct ActivateArgs {
    /// The rules directory [default: the one the server would read].
    dir: Option<PathBuf>,
    /// From when: 2026-07-01T00:00 (local), or with an offset [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Who decides it: the name of an account, not of a person.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Check everything and say what would change; store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Also when examples beside the rules come out otherwise.
    #[arg(long)]
    despite_examples: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl ActivateArgs {
    /// Whether nothing is to be stored.
    pub(super) fn only_tries(&self) -> bool {
        self.dry_run
    }
}

/// Arguments of `rules cancel`.
#[derive(Clone, Debug, clap::Args)]
pub struct CancelArgs {
    /// The number of the activation, as `rules history` shows it.
    activation: u64,
    /// Who decides it: the name of an account, not of a person.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(super) async fn activate(args: &ActivateArgs, config: &Config) -> Result<(), Failure> {
    let source = Source::choose(args.dir.as_deref().or(config.rules.as_deref()));
    let files = source.files()?;
    let desk = desk(config).await?;
    let rules = desk.rules();
    let zone = rules.policy.calendars.zone();
    let from = args.at.as_deref().map(|text| time("--at", text, zone)).transpose()?;
    let wanted = Wanted {
        files,
        from,
        by: args.by.clone(),
        note: args.note.clone(),
        despite_examples: args.despite_examples,
    };
    let (log, now) = (desk.log(), desk.now());
    let outcome = activation::activate(log, desk.random(), now, &wanted, args.dry_run).await;
    let outcome = outcome.map_err(failed)?;
    log.close().await;
    if args.json {
        let (Outcome::Done(one) | Outcome::Already(one)) = &outcome;
        println!("{}", serde_json::to_string_pretty(one)?);
        return Ok(());
    }
    match &outcome {
        Outcome::Already(one) => println!(
            "Bộ {} đã được kích hoạt (số {}); không thêm gì. · Activated already ({}); nothing was added.",
            short(&one.hash),
            one.id,
            one.id
        ),
        Outcome::Done(one) => done(one, zone, args.dry_run),
    }
    Ok(())
}

fn done(one: &Activation, zone: &TimeZone, dry_run: bool) {
    if dry_run {
        println!("Chỉ thử, chưa ghi gì. · Only tried, nothing was stored.");
    }
    println!(
        "Kích hoạt số {}: bộ {} có hiệu lực từ {}, do {}. · Activation {}: in force from then on, by {}.",
        one.id,
        short(&one.hash),
        shown(one.from, zone),
        one.by,
        one.id,
        one.by
    );
    match &one.before {
        Some(before) => println!(
            "Khác bộ trước ({}) ở {} tệp: · Differs from the one before in {} files:",
            short(before),
            one.changes.len(),
            one.changes.len()
        ),
        None => println!(
            "Bộ đầu tiên được kích hoạt, {} tệp. · The first set activated, {} files.",
            one.files, one.files
        ),
    }
    if one.before.is_some() {
        for change in &one.changes {
            println!("  {} +{} -{}", change.file, change.added, change.removed);
        }
    }
}

pub(super) async fn cancel(args: &CancelArgs, config: &Config) -> Result<(), Failure> {
    let desk = desk(config).await?;
    let command =
        Cancel { activation: args.activation, by: args.by.clone(), note: args.note.clone() };
    let cancelled = activation::cancel(desk.log(), desk.random(), desk.now(), &command).await;
    let cancelled = cancelled.map_err(failed)?;
    desk.log().close().await;
    if cancelled {
        println!("Đã hủy kích hoạt số {}. · Activation {0} is cancelled.", args.activation);
    } else {
        println!("Đã hủy từ trước; không thêm gì. · Cancelled before; nothing was added.");
    }
    Ok(())
}
