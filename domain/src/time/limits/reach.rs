//! Which rows ever decide anything: every case there can be is tried, which are some hundred
//! thousand, because what a row depends on are a few closed lists.

use std::collections::BTreeSet;

use super::{Limit, Limits, Row};
use crate::kinds::{Clock, Kind, Priority};
use crate::time::policy::CategoryLimits;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Ids of rows no case reaches, whatever categories there are: the rows before take them all.
    pub never: Vec<String>,
    /// Ids of other rows no case of the given categories reaches.
    pub unused: Vec<String>,
    /// Limits of categories that no row ever asks for: the category's place in the list, the clock.
    pub unread: Vec<(usize, Clock)>,
}

/// What the rows look at.
#[derive(Clone, Copy)]
struct Case<'a> {
    clock: Clock,
    regime: &'a str,
    kind: Kind,
    priority: Option<Priority>,
    urgent: bool,
    several: bool,
    infrastructure: bool,
    /// Whether its category's own limits hold, and whether they say anything about the clock.
    own: Option<bool>,
}

impl Limits {
    /// Looks at all rows, and at the limits of these categories.
    pub fn reach(&self, categories: &[&CategoryLimits]) -> Reach {
        let (mut anywhere, mut here) = (BTreeSet::new(), BTreeSet::new());
        let mut read = BTreeSet::new();
        for case in self.cases() {
            for (infrastructure, own) in [false, true]
                .into_iter()
                .flat_map(|i| [None, Some(false), Some(true)].map(|o| (i, o)))
            {
                anywhere.extend(self.decides(&Case { infrastructure, own, ..case }));
            }
            // Not classified yet: the sector may tell.
            for infrastructure in [false, !self.infrastructure.is_empty()] {
                here.extend(self.decides(&Case { infrastructure, own: None, ..case }));
            }
            for (nth, category) in categories.iter().enumerate() {
                let priority = case.priority.or(category.priority);
                let holds = category.priority.is_none() || category.priority == priority;
                let own = holds.then(|| category.limit(case.clock).is_some());
                let infrastructure = category.infrastructure;
                let decides = self.decides(&Case { priority, infrastructure, own, ..case });
                if decides.is_some_and(|at| self.rows[at].limit == Limit::Category) {
                    read.insert((nth, case.clock));
                }
                here.extend(decides);
            }
        }
        let id = |at: usize| self.rows[at].id.clone();
        let own = |(nth, category): (usize, &&CategoryLimits)| {
            let clocks = Clock::ALL.iter().filter(|clock| category.limit(**clock).is_some());
            clocks.map(move |clock| (nth, *clock)).collect::<Vec<_>>()
        };
        Reach {
            never: (0..self.rows.len()).filter(|at| !anywhere.contains(at)).map(id).collect(),
            unused: anywhere.difference(&here).copied().map(id).collect(),
            unread: categories
                .iter()
                .enumerate()
                .flat_map(own)
                .filter(|limit| !read.contains(limit))
                .collect(),
        }
    }

    /// Every combination of what does not depend on the category.
    fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        let priorities = || [None].into_iter().chain(Priority::ALL.iter().copied().map(Some));
        let flags = || [(false, false), (false, true), (true, false), (true, true)];
        let regimes = self.regimes.iter().map(|regime| regime.id.as_str());
        regimes.flat_map(move |regime| {
            Clock::ALL.iter().flat_map(move |clock| {
                Kind::ALL.iter().flat_map(move |kind| {
                    priorities().flat_map(move |priority| {
                        flags().map(move |(urgent, several)| Case {
                            clock: *clock,
                            regime,
                            kind: *kind,
                            priority,
                            urgent,
                            several,
                            infrastructure: false,
                            own: None,
                        })
                    })
                })
            })
        })
    }

    /// The row that decides a case.
    fn decides(&self, case: &Case<'_>) -> Option<usize> {
        self.rows.iter().position(|row| {
            row.matches(case) && (row.limit != Limit::Category || case.own == Some(true))
        })
    }
}

impl Row {
    fn matches(&self, case: &Case<'_>) -> bool {
        let holds = |want: Option<bool>, is: bool| want.is_none_or(|want| want == is);
        self.clock == case.clock
            && (self.regimes.is_empty() || self.regimes.iter().any(|id| id == case.regime))
            && (self.kinds.is_empty() || self.kinds.contains(&case.kind))
            && (self.priorities.is_empty()
                || case.priority.is_some_and(|priority| self.priorities.contains(&priority)))
            && holds(self.urgent, case.urgent)
            && holds(self.several_agencies, case.several)
            && holds(self.infrastructure, case.infrastructure)
            && holds(self.own_category, case.own.is_some())
    }
}
