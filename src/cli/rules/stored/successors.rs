//! `hoiam rules successors`: open cases of agencies that ended.

use hoiam_domain::actor::{Actor, Role};

use super::{short, shown, time};
use crate::cli::Failure;
use crate::cli::context::desk;
use crate::config::Config;
use crate::successors::mover::{Moved, move_all};
use crate::successors::preview::{OfAgency, Preview, preview};

/// Arguments of `rules successors`.
#[derive(Clone, Debug, clap::Args)]
pub struct SuccessorsArgs {
    /// The day or moment to look at; a coming one only with --dry-run [default: now].
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Show what would happen and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Who decides it: the name of an account, not of a person.
    #[arg(long, value_name = "NAME", required_unless_present = "dry_run")]
    by: Option<String>,
    /// Cases and parts moved at most; with --dry-run, cases named at most for each agency.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &SuccessorsArgs, config: &Config) -> Result<(), Failure> {
    let desk = desk(config).await?;
    let rules = desk.rules();
    let zone = rules.policy.calendars.zone();
    let now = desk.now();
    let at = args.at.as_deref().map(|text| time("--at", text, zone)).transpose()?.unwrap_or(now);
    if args.dry_run {
        let named = usize::try_from(args.limit.unwrap_or(20)).unwrap_or(20).min(10_000);
        let seen = preview(&desk, at, named).await?;
        desk.log().close().await;
        if args.json {
            println!("{}", serde_json::to_string_pretty(&seen)?);
        } else {
            println!("{} ({})", shown(at, zone), short(&seen.rule_set));
            print(&seen);
        }
        return Ok(());
    }
    if at > now {
        return Err(Failure::usage(
            "--at lies ahead: cases move once the agency has ended; use --dry-run",
        ));
    }
    let by = args.by.clone().unwrap_or_default();
    if by.trim().is_empty() || by.chars().count() > 80 || by.chars().any(char::is_control) {
        return Err(Failure::usage("--by: 1 to 80 characters"));
    }
    let actor = Actor::new(Role::Coordinator, by);
    let moved = move_all(&desk, &actor, args.limit.unwrap_or(u64::MAX)).await?;
    desk.log().close().await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&moved)?);
    } else {
        done(&moved);
    }
    Ok(())
}

fn print(seen: &Preview) {
    if seen.agencies.is_empty() {
        println!("Không đơn vị nào đã kết thúc còn hồ sơ. · No agency that ended has open cases.");
    }
    for one in &seen.agencies {
        of_agency(one);
    }
    if seen.automatic {
        println!("Máy chủ tự chuyển (routing.toml). · The server moves them by itself.");
    }
}

fn of_agency(one: &OfAgency) {
    let to = match (&one.successor, &one.successor_note) {
        (Some(code), _) => code.clone(),
        (None, Some(note)) => format!("chưa có trong danh bạ · not in the directory: {note}"),
        (None, None) => "chưa rõ · unknown".to_owned(),
    };
    println!("{} ({}), kết thúc · ended {} → {to}", one.agency, one.name, one.ended);
    println!("  đang mở · open: {}; sẽ chuyển · would move: {}", one.open, one.moves);
    for (status, cases) in &one.moves_by_status {
        println!("    {status}: {cases}");
    }
    if one.assigned > 0 {
        println!(
            "    đang giao cho người xử lý, phải giao lại · assigned, to be assigned anew: {}",
            one.assigned
        );
    }
    for (why, cases) in &one.stays {
        println!("  ở lại · would stay ({why}): {cases}");
    }
    if one.parts > 0 {
        println!(
            "  phối hợp trong hồ sơ khác · has a part in other cases: {}; sẽ chuyển · would move: {}",
            one.parts, one.parts_move
        );
    }
    for (why, parts) in &one.parts_stay {
        println!("    ở lại · would stay ({why}): {parts}");
    }
    for case in &one.cases {
        let part = if case.part { "phối hợp · part  " } else { "" };
        println!("  {}  {}  {part}{}", case.number, case.status, case.why.unwrap_or("→"));
    }
}

fn done(moved: &Moved) {
    println!("Đã chuyển · Moved: {}", moved.count());
    for ((from, to), cases) in &moved.moved {
        println!("  {from} → {to}: {cases}");
    }
    for ((from, to), parts) in &moved.parts {
        println!("  phần phối hợp · parts {from} → {to}: {parts}");
    }
    for (why, cases) in &moved.stayed {
        println!("  ở lại · stayed ({why}): {cases}");
    }
    if moved.more {
        println!("Còn nữa: chạy lại. · There may be more: run it again.");
    }
}
