//! The readings that lost.

use super::{Findings, RuleSet};
use crate::routing::responsibility::{Decision, decide};
use crate::routing::verdict::{Alternative, Verdict};

/// So many readings that lost are told.
const ALTERNATIVES: usize = 4;

impl RuleSet {
    /// The other categories considered, each with the agency it would have gone to, then the
    /// other units of the chosen category at half its confidence.
    pub(super) fn alternatives(&self, found: &Findings<'_>, verdict: &Verdict) -> Vec<Alternative> {
        let district = found.place.district.as_ref();
        let mut out = Vec::new();
        for candidate in &found.read.alternatives {
            let Some(category) = self.directory.category(&candidate.category) else { continue };
            if verdict.category.as_ref() == Some(&category.code) || category.confidential {
                continue;
            }
            let facts = self.facts(Some(category), found, verdict);
            let decided = self
                .tables
                .get(&category.route)
                .and_then(|table| decide(table, &facts, &self.resolver(), &self.attributes));
            let agency = match decided {
                Some((_, Decision::Agency(code))) => {
                    Some(self.directory.in_force(&code, found.day).clone())
                }
                _ => None,
            };
            let confidence = candidate.confidence;
            out.push(Alternative { category: Some(category.code.clone()), agency, confidence });
        }
        let primaries = found.category.into_iter().flat_map(|c| &c.primary);
        for reference in primaries {
            let agency = self.resolver().resolve(reference, district, found.day);
            let agency = agency.map(|code| self.directory.in_force(&code, found.day).clone());
            if agency.is_some() && agency != verdict.agency {
                let confidence = (verdict.confidence * 50.0).round() / 100.0;
                out.push(Alternative { category: verdict.category.clone(), agency, confidence });
            }
        }
        out.truncate(ALTERNATIVES);
        out
    }
}
