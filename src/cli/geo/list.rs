//! `hoiam geo list`: the imports in order, and which of them still answers for a day.

use hoiam_domain::routing::boundaries::SetReference;
use hoiam_domain::routing::boundaries::timeline::{effective, hash_of};
use jiff::civil::Date;
use serde_json::json;

use super::short;
use crate::cli::Failure;
use crate::config::Config;
use crate::log::Log;
use crate::policy::geo::{Imported, imported};

/// Arguments of `geo list`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &ListArgs, config: &Config) -> Result<(), Failure> {
    let log = Log::open(&config.database, config.log_options()).await?;
    let all = imported(&log, 0).await?;
    log.close().await;
    let holding = effective(all.iter().map(Imported::reference));
    let rows = all.iter().enumerate().map(|(nth, one)| Row {
        one,
        // An import that is repeated later holds by the later one.
        holds: holding.contains(&one.reference())
            && !all[nth + 1..].iter().any(|later| later.reference() == one.reference()),
        together: hash_of(&effective(all[..=nth].iter().map(Imported::reference))),
    });
    let rows: Vec<Row<'_>> = rows.collect();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&rows, &holding))?);
    } else {
        told(&rows, &holding);
    }
    Ok(())
}

struct Row<'a> {
    one: &'a Imported,
    holds: bool,
    /// What verdicts name after this import.
    together: String,
}

fn as_json(rows: &[Row<'_>], holding: &[SetReference]) -> serde_json::Value {
    let imports = rows.iter().map(|row| {
        json!({
            "id": row.one.id,
            "recorded_at": row.one.recorded_at,
            "holds": row.holds,
            "together": row.together,
            "event": row.one.event,
        })
    });
    json!({ "boundaries": hash_of(holding), "imports": imports.collect::<Vec<_>>() })
}

fn told(rows: &[Row<'_>], holding: &[SetReference]) {
    if rows.is_empty() {
        println!("Chưa nạp ranh giới nào. · No boundaries were imported.");
        return;
    }
    let day = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    for row in rows {
        let e = &row.one.event;
        let mark = if row.holds { "dùng (in use)" } else { "đã thay (replaced)" };
        println!(
            "{:>3}  {:<8} {} – {}  {:>4} vùng  {}  {mark}  {}  {} ({})",
            row.one.id,
            e.level,
            day(e.from),
            day(e.to),
            e.areas,
            short(&e.hash),
            e.by,
            e.source,
            e.licence
        );
    }
    println!("Cùng nhau (together): {}", hash_of(holding));
}
