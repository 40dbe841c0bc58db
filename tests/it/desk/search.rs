//! A search in pages that may cost little finds what one without bounds finds.

use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::demo;
use hoiam::queries::{Given, ListQuery, Reach, list_cases};
use hoiam_domain::actor::{Actor, Role};

use crate::support::city::{City, at, of, staff};

/// All numbers of a search, page by page, and how many pages were short and went on.
async fn walked(city: &City, reader: &Actor, query: &ListQuery) -> (Vec<String>, usize) {
    let (mut query, mut numbers, mut short) = (query.clone(), Vec::new(), 0);
    loop {
        let page = list_cases(city.desk.log(), reader, &query).await.unwrap();
        let full = page.rows.len() == query.limit as usize;
        let end = page.rows.last().filter(|_| full).map(|last| last.position(query.order));
        numbers.extend(page.rows.into_iter().map(|row| row.number));
        assert!(!(full && page.walked.is_some()), "a full page ends with its last case");
        short += usize::from(page.walked.is_some());
        let Some(end) = end.or(page.walked) else { return (numbers, short) };
        query.after = Some(end);
    }
}

both! {
    async fn pages_at_a_bounded_cost_leave_nothing_out(bed: &Bed) {
        let mut city = City::on(bed).await;
        let now = at("2026-11-21T18:00:00+07:00");
        city.clock = Arc::new(ManualClock::at(now));
        city.desk = city.desk.clone().with_clock(city.clock.clone());
        demo::load(&city.desk, &city.clock, now).await.unwrap();
        let readers = [staff(Role::Coordinator), of(Role::AgencyCoordinator, "TTHTKT"), staff(Role::Operator)];
        let (mut found, mut short) = (0, 0);
        for reader in &readers {
            for words in ["đường", "ngập nước", "rác", "không có", "phường", "khôngai", "…"] {
                for order in ["-received", "received", "due", "-updated", "number"] {
                    let query = |reach, limit| ListQuery {
                        q: Some(words.to_owned()),
                        order: order.parse().unwrap(),
                        limit,
                        reach,
                        ..ListQuery::default()
                    };
                    let all = query(Reach { few: 100_000, walk: 1, common: u64::MAX }, 500);
                    let (expected, none) = walked(&city, reader, &all).await;
                    assert_eq!(none, 0);
                    for few in [Reach { few: 2, walk: 9, common: u64::MAX }, Reach { few: 50, walk: 9, common: 0 }] {
                        let (numbers, gaps) = walked(&city, reader, &query(few, 4)).await;
                        assert_eq!(numbers, expected, "{words} {order} {reader:?} {few:?}");
                        (found, short) = (found + numbers.len(), short + gaps);
                    }
                }
            }
        }
        assert!(found > 100 && short > 100, "{found} {short}");
    }

    async fn lists_with_rare_filters_leave_nothing_out(bed: &Bed) {
        let mut city = City::on(bed).await;
        let now = at("2026-11-21T18:00:00+07:00");
        city.clock = Arc::new(ManualClock::at(now));
        city.desk = city.desk.clone().with_clock(city.clock.clone());
        demo::load(&city.desk, &city.clock, now).await.unwrap();
        let all = Reach { few: 0, walk: usize::MAX / 2, common: 0 };
        let everything = ListQuery { limit: 500, reach: all, ..ListQuery::default() };
        let cases = list_cases(city.desk.log(), &staff(Role::Operator), &everything).await.unwrap().rows;
        let some = |of: fn(&hoiam::queries::CaseRow) -> Option<String>| cases.iter().filter_map(of).min();
        let filters = [
            ListQuery { category: some(|case| case.category.clone()), ..ListQuery::default() },
            ListQuery { district: some(|case| case.district.clone()), ..ListQuery::default() },
            ListQuery { category: Some("NONE".to_owned()), ..ListQuery::default() },
            ListQuery { urgent: Some(true), ..ListQuery::default() },
            ListQuery { agency: some(|case| case.agency.clone()), ..ListQuery::default() },
            ListQuery { agency: Some("TTHTKT".to_owned()), status: vec!["in_progress".to_owned()], ..ListQuery::default() },
            ListQuery { status: vec!["in_progress".to_owned(), "closed".to_owned()], ..ListQuery::default() },
            ListQuery { status: vec!["closed".to_owned()], ..ListQuery::default() },
            ListQuery { kind: vec!["complaint".to_owned(), "incident".to_owned()], ..ListQuery::default() },
            ListQuery { channel: vec!["phone".to_owned()], lead: Some(Given::Absent), ..ListQuery::default() },
            ListQuery { kind: vec!["incident".to_owned()], channel: vec!["app".to_owned()], ..ListQuery::default() },
            ListQuery::default(),
        ];
        let readers = [staff(Role::Coordinator), of(Role::AgencyCoordinator, "TTHTKT"), of(Role::Handler, "TTHTKT")];
        let (mut found, mut short) = (0, 0);
        for reader in &readers {
            for order in ["-received", "received", "due", "-due", "updated", "-number"] {
                for filter in &filters {
                    let query = |reach, limit| ListQuery {
                        order: order.parse().unwrap(),
                        limit,
                        reach,
                        ..filter.clone()
                    };
                    let (expected, _) = walked(&city, reader, &query(all, 500)).await;
                    for few in [0, 1_000] {
                        let reach = Reach { few, walk: 12, common: 0 };
                        let (numbers, gaps) = walked(&city, reader, &query(reach, 4)).await;
                        assert_eq!(numbers, expected, "{order} {reader:?} {filter:?} {few}");
                        (found, short) = (found + numbers.len(), short + gaps);
                    }
                }
            }
        }
        assert!(found > 100 && short > 100, "{found} {short}");
    }
}
