//! `hoiam rules replay`: what a changed rule set would have made of past cases.

use std::path::PathBuf;
use std::sync::Arc;

use hoiam_domain::routing::replay::sums::{Agreement, Pairs, ranked};
use jiff::Timestamp;

use super::{short, shown, time};
use crate::cli::Failure;
use crate::cli::context::desk;
use crate::config::Config;
use crate::replay::{Asked, Replayed, replay};
use crate::rules::Source;

/// Pairs told of each sum.
const TOLD: usize = 20;

/// Arguments of `rules replay`.
#[derive(Clone, Debug, clap::Args)]
pub struct ReplayArgs {
    /// Cases received from this day or moment on, e.g. 2026-01-01.
    #[arg(long, value_name = "DATE")]
    since: String,
    /// Cases received before this day or moment [default: now].
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The changed rules [default: the directory that would be loaded].
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// Cases named at most; all are counted.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &ReplayArgs, config: &Config) -> Result<(), Failure> {
    let source = Source::choose(args.against.as_deref().or(config.rules.as_deref()));
    let changed = Arc::new(source.load()?);
    let desk = desk(config).await?;
    let zone = changed.policy.calendars.zone().clone();
    let since = time("--since", &args.since, &zone)?;
    let until = args.until.as_deref().map(|text| time("--until", text, &zone)).transpose()?;
    let asked =
        Asked { since, until: until.unwrap_or(Timestamp::MAX), limit: args.limit.min(100_000) };
    let replayed = replay(&desk, changed, &asked).await?;
    desk.log().close().await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&replayed)?);
        return Ok(());
    }
    for one in &replayed.cases {
        println!(
            "{}  {}  {} → {}  ({} → {})",
            one.number,
            shown(one.received_at, &zone),
            one.from,
            one.to,
            one.old_rule.as_deref().unwrap_or("-"),
            one.new_rule.as_deref().unwrap_or("-")
        );
    }
    print(&replayed);
    Ok(())
}

fn print(replayed: &Replayed) {
    let sums = &replayed.sums;
    println!("Bộ quy tắc · Rule set {}", short(&replayed.rule_set));
    for (vi, en, count) in [
        ("Đã so sánh", "Compared", sums.compared),
        ("  lấy loại hồ sơ, nơi như đã ghi", "kind or place taken as recorded", sums.assumed),
        ("Thiếu dữ liệu đầu vào, không kết luận", "Input missing, nothing concluded", sums.unknown),
        ("Nhập từ hệ thống khác, không xét", "Imported, left out", sums.imported),
        ("Sẽ chuyển nơi khác", "Would go elsewhere", sums.moved),
        ("Sẽ phân loại khác", "Would be read otherwise", sums.reread),
    ] {
        println!("{vi} · {en}: {count}");
    }
    pairs("Nơi nhận", "Destination", &sums.agencies);
    pairs("Loại việc", "Category", &sums.categories);
    pairs("Lĩnh vực", "Sector", &sums.sectors);
    pairs("Quy tắc", "Rule", &sums.rules);
    agreement(
        "Đơn vị do người chọn lại",
        "Agency as people corrected it",
        &sums.agency_corrections,
    );
    agreement(
        "Loại việc do người chọn lại",
        "Category as people corrected it",
        &sums.category_corrections,
    );
    println!(
        "Bị trả lại · Returned: {}; sẽ đi nơi khác · would go elsewhere: {}",
        sums.returns.returned, sums.returns.avoided
    );
    println!(
        "Đã được nhận xử lý · Accepted where they went: {}; sẽ đi nơi khác · would go elsewhere: {}",
        sums.accepted.accepted, sums.accepted.lost
    );
}

fn pairs(vi: &str, en: &str, pairs: &Pairs) {
    if pairs.is_empty() {
        return;
    }
    println!("{vi} · {en}:");
    for (from, to, cases) in ranked(pairs).into_iter().take(TOLD) {
        println!("{cases:>8}  {from} → {to}");
    }
    if pairs.len() > TOLD {
        println!("       …  {} nữa · more", pairs.len() - TOLD);
    }
}

fn agreement(vi: &str, en: &str, one: &Agreement) {
    println!(
        "{vi} · {en}: {}; đúng với bộ cũ · old agrees: {}, bộ mới · new agrees: {}, cả hai · both: {}, không bộ nào · neither: {}",
        one.people, one.old, one.new, one.both, one.neither
    );
}
