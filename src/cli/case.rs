//! `hoiam case`: one case as the desk sees it.

use clap::Subcommand;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::{Case, CaseNumber};
use hoiam_domain::kinds::Clock as CaseClock;
use hoiam_projections::case_page::CasePage;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Failure;
use super::context::{block_on, desk};
use crate::config::Config;
use crate::desk::DeskError;

/// One case.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Everything about a case
    Show {
        /// Case number, typed as you like
        number: CaseNumber,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Who held a case when
    Ledger {
        /// Case number, typed as you like
        number: CaseNumber,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs `hoiam case`.
///
/// # Errors
/// When there is no such case or the database does not answer.
pub fn run(command: &CaseCommand, config: &Config) -> Result<(), Failure> {
    let (CaseCommand::Show { number, json } | CaseCommand::Ledger { number, json }) = command;
    let (case, now, zone) = block_on(async {
        let desk = desk(config).await?;
        let id = desk.find(number).await?;
        let case = desk.case(id).await?;
        // Whoever runs commands here is not of the group of the sealed stream.
        if case.confidential {
            desk.log().close().await;
            return Err(DeskError::NotFound.into());
        }
        let zone = desk.rules().policy.calendars.zone().clone();
        let now = desk.now();
        desk.log().close().await;
        Ok((case, now, zone))
    })?;
    match (command, json) {
        (CaseCommand::Show { .. }, true) => {
            println!("{}", serde_json::to_string_pretty(&page(&case))?);
        }
        (CaseCommand::Show { .. }, false) => print!("{}", shown(&case, &zone)),
        (CaseCommand::Ledger { .. }, true) => {
            println!("{}", serde_json::to_string_pretty(&ledger_json(&case, now))?);
        }
        (CaseCommand::Ledger { .. }, false) => print!("{}", ledger(&case, now, &zone)),
    }
    Ok(())
}

/// The page as the desk sees it: hidden contacts are read with a reason, not here.
fn page(case: &Case) -> CasePage {
    CasePage::of(case).seen_by(&Actor::new(Role::Operator, "console"))
}

fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Seconds as people say them: `2d 03:15:40`.
fn duration(seconds: i64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let clock = format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    if days == 0 { clock } else { format!("{days}d {clock}") }
}

fn shown(case: &Case, zone: &TimeZone) -> String {
    let page = page(case);
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("{name:<12} {value}\n"));
        }
    };
    line("number", &page.number);
    line("status", &format!("{} ({})", page.status_vi, page.status));
    line("holder", &page.holder);
    line("kind", &page.kind);
    line("channel", &page.channel);
    let what = [page.sector, page.category, page.priority].map(Option::unwrap_or_default);
    line("category", what.join(" ").trim());
    let source = page.place_source.map(|source| format!("({source})"));
    let place = [page.district, page.ward, source].map(Option::unwrap_or_default);
    line("place", place.join(" ").trim());
    line("agency", &page.agency.unwrap_or_default());
    line("received", &local(page.received_at, zone));
    line("text", &page.text);
    line("because", &page.because.join("; "));
    line("rule", &page.rule.unwrap_or_default());
    line("outcome", &page.outcome.unwrap_or_default());
    line("answer", &page.answer.unwrap_or_default());
    line("merged into", &page.merged_into.unwrap_or_default());
    for clock in CaseClock::ALL {
        let Some(running) = case.work.clocks.get(clock) else { continue };
        let state = match running.stopped {
            Some(at) if at <= running.deadline.due => format!("kept, {}", local(at, zone)),
            Some(at) => format!("late, {}", local(at, zone)),
            None if running.missed => "missed".to_owned(),
            None => "running".to_owned(),
        };
        line(clock.as_str(), &format!("{} ({state})", local(running.deadline.due, zone)));
        line("", &format!("             {}", running.deadline.explanation.vi));
    }
    out
}

fn ledger(case: &Case, now: Timestamp, zone: &TimeZone) -> String {
    let mut out = String::new();
    for entry in case.ledger.entries() {
        let to = entry.to.unwrap_or(now).max(entry.from);
        let until = entry.to.map_or_else(|| "now".to_owned(), |to| local(to, zone));
        let length = duration(to.as_second() - entry.from.as_second());
        out.push_str(&format!(
            "{}  {until:<19}  {length:>14}  {}\n",
            local(entry.from, zone),
            entry.holder
        ));
    }
    out.push('\n');
    let sums = case.ledger.sums(now);
    for (holder, seconds) in &sums {
        out.push_str(&format!("{:>14}  {holder}\n", duration(*seconds)));
    }
    let total: i64 = sums.iter().map(|(_, seconds)| seconds).sum();
    out.push_str(&format!("{:>14}  total since receipt\n", duration(total)));
    out
}

fn ledger_json(case: &Case, now: Timestamp) -> serde_json::Value {
    let entries: Vec<_> = case
        .ledger
        .entries()
        .iter()
        .map(|entry| {
            let to = entry.to.unwrap_or(now).max(entry.from);
            serde_json::json!({
                "holder": entry.holder.to_string(),
                "from": entry.from,
                "to": entry.to,
                "seconds": to.as_second() - entry.from.as_second(),
            })
        })
        .collect();
    let sums: serde_json::Map<String, serde_json::Value> = case
        .ledger
        .sums(now)
        .into_iter()
        .map(|(holder, seconds)| (holder.to_string(), seconds.into()))
        .collect();
    serde_json::json!({ "number": case.number, "entries": entries, "seconds_by_holder": sums })
}
