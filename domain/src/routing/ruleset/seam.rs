//! Stands in for the classifier until it lands.
use crate::codes::{CategoryCode, SectorCode};
use crate::kinds::{Handoff, Kind};
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub category: CategoryCode,
    pub sector: SectorCode,
    pub confidence: f64,
}
#[derive(Clone, Debug)]
pub(super) struct Classification {
    pub kind: Kind,
    pub sector: Option<SectorCode>,
    pub category: Option<CategoryCode>,
    pub confidence: f64,
    pub urgent: bool,
    pub confidential: bool,
    pub handoff: Option<Handoff>,
    pub because: Vec<String>,
    pub alternatives: Vec<Candidate>,
}
impl super::RuleSet {
    pub(super) fn classify(&self, _text: &str) -> Classification {
        Classification {
            kind: Kind::Incident,
            sector: None,
            category: None,
            confidence: 0.0,
            urgent: false,
            confidential: false,
            handoff: None,
            because: Vec::new(),
            alternatives: Vec::new(),
        }
    }
}
