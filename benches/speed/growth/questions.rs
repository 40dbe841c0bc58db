//! What people ask of a city, over HTTP.

use std::time::{Duration, Instant};

use hoiam::clock::{Clock, SystemClock};
use jiff::SignedDuration;

use super::{AGENCY, IDLE, Size, Table, UNUSED};
use crate::city::Known;
use crate::http::Client;
use crate::server::Server;
use crate::stores::Stores;

/// Questions of one kind in one round.
const A_ROUND: usize = 20;
/// Time one kind of question may take in one round.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many pages of 200 the deep page lies behind.
const DEEP: usize = 100;

/// Who asks.
#[derive(Clone, Copy)]
enum Reader {
    Nobody,
    Coordinator,
    Agency,
    Tiny,
}

/// A kind of question: its name, who asks, and the path for a known case.
pub struct Asked {
    name: &'static str,
    reader: Reader,
    path: Box<dyn Fn(&Known) -> String>,
}

impl Asked {
    fn token<'a>(&self, size: &'a Size) -> &'a str {
        match self.reader {
            Reader::Nobody => "",
            Reader::Coordinator => &size.tokens[0],
            Reader::Agency => &size.tokens[1],
            Reader::Tiny => &size.tokens[2],
        }
    }
}

fn all() -> Vec<Asked> {
    use Reader::{Agency, Coordinator, Nobody, Tiny};
    let of =
        |name, reader, path: fn(&Known) -> String| Asked { name, reader, path: Box::new(path) };
    let list = |name, reader, query: String| Asked {
        name,
        reader,
        path: Box::new(move |_| format!("/api/v1/cases?{query}")),
    };
    let stats = |name, query: String| Asked {
        name,
        reader: Coordinator,
        path: Box::new(move |_| format!("/api/v1/stats?{query}")),
    };
    // A month in which every log of any size has cases, and a noon soon after it.
    let day = |back: i64| {
        let at = SystemClock.now() - SignedDuration::from_hours(back * 24);
        at.to_string().chars().take("2026-03-02".len()).collect::<String>()
    };
    let month = format!("from={}&to={}", day(150), day(120));
    let noon = format!("{}T05:00:00Z", day(115));
    vec![
        of("GET a case", Coordinator, |k| format!("/api/v1/cases/{}", k.number)),
        of("its events", Coordinator, |k| format!("/api/v1/cases/{}/events", k.number)),
        of("its ledger", Coordinator, |k| format!("/api/v1/cases/{}/ledger", k.number)),
        of("track by code", Nobody, |k| format!("/api/v1/track/{}", k.tracking_code)),
        list("list, first page", Coordinator, String::new()),
        list("list, oldest first", Coordinator, "sort=received".into()),
        list("list by last change", Coordinator, "sort=-updated".into()),
        list("list by deadline", Coordinator, "sort=due".into()),
        list("list by number", Coordinator, "sort=-number".into()),
        list("list in progress", Coordinator, "status=in_progress".into()),
        list("list closed", Coordinator, "status=closed".into()),
        list("list of one agency", Coordinator, format!("agency={AGENCY}")),
        list("list overdue", Coordinator, "overdue=true".into()),
        list("list of a channel and kind", Coordinator, "channel=email&kind=complaint".into()),
        list("an agency's own list", Agency, String::new()),
        list("an agency's own, in progress", Agency, "status=in_progress".into()),
        list("a tiny agency's own list", Tiny, String::new()),
        list("list of an agency without cases", Coordinator, format!("agency={IDLE}")),
        list("list of a category nobody uses", Coordinator, format!("category={UNUSED}")),
        of("search for a house (one case)", Coordinator, |k| {
            format!("/api/v1/cases?q={}", k.house)
        }),
        list("search for two common words", Coordinator, "q=ng%E1%BA%ADp+n%C6%B0%E1%BB%9Bc".into()),
        list("search in an agency's own", Agency, "q=ng%E1%BA%ADp".into()),
        of("search for a number", Coordinator, |k| format!("/api/v1/cases?q={}", k.number)),
        stats("statistics by agency, all time", "by=agency".into()),
        stats("statistics by category, all time", "by=category".into()),
        stats("all time as of a past noon", format!("by=agency&as_of={noon}")),
        stats("an agency by category, all time", format!("by=category&agency={AGENCY}")),
        stats("statistics by agency, a month", format!("by=agency&{month}")),
        stats("the same as of a past noon", format!("by=agency&{month}&as_of={noon}")),
        stats(
            "stages and repeats by sector, a month",
            format!("by=sector&with=stages,repeats&{month}"),
        ),
        stats("statistics by day, a month", format!("by=day&{month}")),
        stats("an agency by category, a month", format!("by=category&agency={AGENCY}&{month}")),
        Asked {
            name: "drill-down to late cases, a month",
            reader: Coordinator,
            path: Box::new(move |_| format!("/api/v1/stats/cases?measure=late&{month}")),
        },
        of("workload of the agencies", Coordinator, |_| "/api/v1/workload".to_owned()),
        of("precedents of a case", Coordinator, |k| {
            format!("/api/v1/cases/{}/precedents", k.number)
        }),
        of("duplicates of a case", Coordinator, |k| {
            format!("/api/v1/cases/{}/duplicates", k.number)
        }),
    ]
}

/// Asks everything of both sizes in turn.
pub async fn ask_all(stores: &Stores, both: &[Size], rounds: usize, table: &mut Table) {
    let (mut sides, mut refused) = (Vec::new(), Vec::new());
    for size in both {
        let server = Server::start(&size.database, &stores.place);
        let mut client = Client::connect(server.address).await;
        let mut kinds = all();
        for (name, query) in [("list, deep page", ""), ("list by deadline, deep page", "sort=due&")]
        {
            let path = deep(&mut client, &size.tokens[0], query).await;
            kinds.push(Asked {
                name,
                reader: Reader::Coordinator,
                path: Box::new(move |_| path.clone()),
            });
        }
        for kind in &kinds {
            let path = (kind.path)(&size.made.known[0]);
            let answer = client.get(&path, kind.token(size)).await;
            if !answer.succeeded() {
                refused.push(kind.name);
                table.remark(format!("{} is answered {}: not measured", kind.name, answer.status));
            }
        }
        sides.push((size, server, client, kinds));
    }
    for (.., kinds) in &mut sides {
        kinds.retain(|kind| !refused.contains(&kind.name));
    }
    for round in 0..rounds {
        for kind in 0..sides[0].3.len() {
            for (size, _, client, kinds) in &mut sides {
                ask(&kinds[kind], size, client, round, table).await;
            }
        }
    }
}

/// Asks one kind of question about some known cases. A case that is hidden from the reader, such
/// as a sealed one, is said and not measured.
async fn ask(kind: &Asked, size: &Size, client: &mut Client, round: usize, table: &mut Table) {
    let known = &size.made.known;
    let start = Instant::now();
    for nr in 0..A_ROUND {
        let path = (kind.path)(&known[(round * A_ROUND + nr) * 7_919 % known.len()]);
        let before = Instant::now();
        let answer = client.get(&path, kind.token(size)).await;
        let ms = before.elapsed().as_secs_f64() * 1e3;
        if answer.succeeded() {
            table.add(kind.name, size.store, size.large, ms);
        } else {
            table.remark(format!("{}: one answer was {}", kind.name, answer.status));
        }
        if start.elapsed() > PATIENCE {
            break;
        }
    }
}

/// The address of a page far behind the first, or of the last one.
async fn deep(client: &mut Client, token: &str, query: &str) -> String {
    let address = |cursor: &str| format!("/api/v1/cases?{query}limit=200{cursor}");
    let mut path = address("");
    for _ in 0..DEEP {
        let page = client.get(&path, token).await.json();
        let Some(next) = page["next"].as_str() else { break };
        path = address(&format!("&cursor={next}"));
    }
    path
}
