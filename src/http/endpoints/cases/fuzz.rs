//! Questions for lists, and where pages end, as nobody would ask.

use std::sync::LazyLock;

use axum::http::Uri;
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;

use super::{asked, cursor};
use crate::fuzz::{holds, text, texts};
use crate::http::params::Params;
use crate::queries::Order;
use crate::rules::Source;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| Source::Embedded.load().unwrap());

/// A question that is taken keeps every bound, and is read the same again.
#[test]
fn questions() {
    let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    let samples = texts(&[
        "/x?status=received,dispatched&kind=incident&priority=p1,p2&channel=app&overdue=true&sort=-due",
        "/x?q=%C3%B4%CC%89%20g%C3%A0&from=2026-03-02&to=2026-03-31&limit=200&urgent=false&handler=none",
        "/x?q=HCM-26-000123-T&due_from=2026-03-02T08:00:00%2B07:00&lead=none&focal_point=none&cursor=00",
        "/x?agency=P.QLDT&open_part=P.QLDT&part_due_before=9999-12-31&sector=GT&district=Q1&category=GT01",
    ]);
    holds!(samples, |input: &[u8]| {
        let Ok(uri) = text(input).parse::<Uri>() else { return };
        let Ok(params) = Params::of(&uri) else { return };
        let Ok(query) = asked::read(&params, &RULES, now) else { return };
        assert!((1..=200).contains(&query.limit));
        assert!(query.q.as_ref().is_none_or(|q| q.chars().count() <= 200));
        for at in [query.from, query.to, query.due_from, query.due_before].into_iter().flatten() {
            Timestamp::from_microsecond(at).unwrap();
        }
        assert!(
            query.agency.is_none_or(|code| RULES.directory.agencies.contains_key(code.as_str()))
        );
    });
}

/// A cursor belongs to its question and means one place.
#[test]
fn cursors() {
    let order = |name: &str| name.parse::<Order>().unwrap();
    let hex = |text: &str| crate::tracking::hex(text.as_bytes());
    let id = "01954f3c7c0070008000000000000001";
    let samples: Vec<Vec<u8>> = [
        format!("0011~{id}~1772413200000000"),
        format!("0011~{id}~none"),
        format!("0011~{id}~HCM-26-000123-T"),
    ]
    .iter()
    .flat_map(|plain| [hex(plain).into_bytes(), plain.clone().into_bytes()])
    .collect();
    holds!(samples, |input: &[u8]| {
        for (typed, name) in [text(input), hex(&text(input))]
            .iter()
            .zip(["-due", "number", "received"].iter().cycle())
        {
            for name in [*name, "due", "-updated", "number"] {
                let order = order(name);
                let Ok(after) = cursor::read(typed, order, "0011") else { continue };
                let written = cursor::write(&after, "0011");
                let again = cursor::read(&written, order, "0011");
                assert_eq!(again.unwrap_or_else(|problem| panic!("{problem:?}")), after);
                assert!(cursor::read(&written, order, "0012").is_err());
            }
        }
    });
}
