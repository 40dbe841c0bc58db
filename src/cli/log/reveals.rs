//! `hoiam log reveals`: the readings of what is sealed, out of the log itself. Of a sealed case, which
//! exists for its own readers alone, neither number nor reason is told.

use std::collections::HashMap;
use std::io::Write;

use serde_json::json;

use super::RevealsArgs;
use crate::cli::Failure;
use crate::cli::context::block_on;
use crate::cli::output::Output;
use crate::config::Config;
use crate::log::Log;
use crate::queries::is_open_number;
use crate::sealed::reading::{Line, line, read};

/// Events read at once.
const PAGE: u32 = 2_000;

/// Reads the whole log and prints what it holds of readings.
pub(super) fn run(args: &RevealsArgs, config: &Config) -> Result<(), Failure> {
    let wanted = args.case.as_ref().map(ToString::to_string);
    let mut out = Output::open();
    block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let (mut after, mut known) = (0, HashMap::new());
        loop {
            let page = log.read_all(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            for one in page.iter().filter(|one| one.kind.starts_with("reveal.")) {
                let (actor, event) = read(one)?;
                let Line { number, what, request, fields, reason } = line(&event);
                let open = match known.get(&number) {
                    Some(open) => *open,
                    None => is_open_number(log.pool(), &number).await?,
                };
                known.insert(number.clone(), open);
                // A sealed case is asked for in vain, as one that is not there.
                if wanted.as_ref().is_some_and(|wanted| !open || *wanted != number) {
                    continue;
                }
                let (number, reason) = (open.then_some(number), reason.filter(|_| open));
                let (at, by, role) = (one.recorded_at, actor.id, actor.role);
                if args.json {
                    let one = json!({
                        "at": at, "number": number, "version": one.version, "what": what,
                        "request": request, "fields": fields, "reason": reason, "by": by,
                        "role": role, "position": one.position,
                    });
                    writeln!(out, "{one}")?;
                } else {
                    let request = request.map_or_else(String::new, |request| request.to_string());
                    let reason = reason.unwrap_or_default();
                    let number = number.as_deref().unwrap_or("-");
                    writeln!(out, "{at}\t{number}\t{what}\t{request}\t{fields}\t{by}\t{reason}")?;
                }
            }
        }
        log.close().await;
        Ok(())
    })
}
