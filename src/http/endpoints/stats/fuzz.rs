//! Questions for figures, as nobody would ask.

use std::sync::LazyLock;

use axum::http::Uri;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;

use super::asked;
use crate::fuzz::{holds, text, texts};
use crate::http::params::Params;
use crate::rules::Source;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| Source::Embedded.load().unwrap());

/// A period that is taken has its end behind its beginning, and nothing is asked as of the future.
#[test]
fn questions() {
    let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    let reader = Actor::new(Role::Coordinator, "x");
    let samples = texts(&[
        "/x?by=agency&from=2026-01-01&to=2026-02-28&as_of=2026-02-28T23:59:59Z&with=stages,repeats",
        "/x?by=day&sector=GT&district=-&kind=incident&channel=app&holder=desk",
        "/x?measure=received&limit=10&agency=-&from=2026-01-01",
    ]);
    holds!(samples, |input: &[u8]| {
        let Ok(uri) = text(input).parse::<Uri>() else { return };
        let Ok(params) = Params::of(&uri) else { return };
        for asked in [
            asked::figures(&params, &RULES, &reader, now),
            asked::cases(&params, &RULES, &reader, now),
        ] {
            let Ok(asked) = asked else { continue };
            assert!(asked.as_of <= now);
            assert!(asked.from.zip(asked.to).is_none_or(|(from, to)| from < to));
            // Of a period that has not begun there is nothing yet; only a past said to be before it is refused.
            assert!(asked.as_of == now || asked.from.is_none_or(|from| from <= asked.as_of));
        }
    });
}
