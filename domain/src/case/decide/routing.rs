//! Screening, classifying, dispatching, returning and ruling: who gets the case.

use super::super::command::{
    Classify, Dispatch, Escalate, Found, HandOff, Refuse, Return, Rule, Seal,
};
use super::super::event::{self, Event};
use super::super::policy::Standing;
use super::super::rejection::Rejection;
use super::super::stage::{ArbitrationCause, Stage};
use super::Desk;
use super::text::{SHORT_LIMIT, TEXT_LIMIT, optional, required, within};
use crate::actor::Role;
use crate::codes::{AgencyCode, FocalPointCode};
use crate::kinds::{Clock, Kind, PlaceSource};
use crate::private::Private;
use crate::time::{ClockFacts, Deadline};

/// The clocks an agency's part runs against.
const AGENCY_CLOCKS: &[Clock] =
    &[Clock::Acknowledge, Clock::OnSite, Clock::MakeSafe, Clock::Resolve];

impl Desk<'_> {
    pub(super) fn refuse(&self, command: &Refuse) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        within("legal_ground", command.legal_ground.as_deref().unwrap_or(""), SHORT_LIMIT)?;
        // What the rules found unclear was never screened by a person: the coordinators may. What
        // was returned or appealed needs a ruling.
        // What the rules dispatched was not screened either; once anybody decided about it, it was.
        let role = self.intent.actor.role;
        let coordinator = role == Role::Coordinator;
        let work = &self.case.work;
        let decided = work.ruled || !work.returns.is_empty() || work.reopened > 0;
        match work.stage {
            Stage::Arbitration(ArbitrationCause::Unclear) if coordinator => {}
            Stage::Arbitration(_) => return Err(Rejection::RulingNeeded),
            Stage::Dispatched if decided => {
                return Err(Rejection::WrongStage { command: "refuse", stage: work.stage.name() });
            }
            Stage::Dispatched if !coordinator => {
                return Err(Rejection::RoleNotAllowed { command: "refuse", role });
            }
            _ => {}
        }
        Ok(vec![
            event::Refused {
                reason: command.reason.clone(),
                legal_ground: command.legal_ground.clone(),
            }
            .into(),
        ])
    }

    /// What lies before the coordinators is theirs to settle.
    fn coordinators_only(&self) -> Result<(), Rejection> {
        let theirs = matches!(self.case.work.stage, Stage::Arbitration(_));
        if theirs && self.intent.actor.role != Role::Coordinator {
            return Err(Rejection::RulingNeeded);
        }
        Ok(())
    }

    pub(super) fn hand_off(&self, command: &HandOff) -> Result<Vec<Event>, Rejection> {
        optional("note", command.note.as_ref(), TEXT_LIMIT)?;
        if self.case.handed_off.contains(&command.service) {
            return Ok(Vec::new());
        }
        let until = super::window_until(self.policy, self.case.received_at, self.at())?;
        Ok(vec![
            event::HandedOff {
                service: command.service,
                note: command.note.clone(),
                window_until: Some(until),
            }
            .into(),
        ])
    }

    pub(super) fn seal(&self, command: &Seal) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        if let Some(accused) = &command.accused
            && self.policy.standing(accused, self.at()) == Standing::Unknown
        {
            return Err(Rejection::UnknownAgency { code: accused.to_string() });
        }
        let told = command.accused.is_none() || command.accused == self.case.accused;
        if self.case.confidential && told {
            return Ok(Vec::new());
        }
        let loses_it = command.accused.is_some() && command.accused.as_ref() == self.case.agency();
        let deadlines = if loses_it { self.moved_by_pause(self.at())? } else { Vec::new() };
        Ok(vec![
            event::Sealed {
                reason: command.reason.clone(),
                accused: command.accused.clone(),
                deadlines,
            }
            .into(),
        ])
    }

    pub(super) fn classify(&self, command: &Classify) -> Result<Vec<Event>, Rejection> {
        optional("reason", command.reason.as_ref(), TEXT_LIMIT)?;
        let found = self.reclassified(command)?;
        if let Some(before) = &self.case.work.found
            && same(before, &found)
        {
            return Ok(Vec::new());
        }
        let facts = ClockFacts {
            kind: found.kind,
            sector: found.sector.clone(),
            category: found.category.clone(),
            priority: found.priority,
            urgent: found.urgent,
            ..self.facts()
        };
        let deadlines = self.restated(&facts)?;
        Ok(vec![event::Classified { found, reason: command.reason.clone(), deadlines }.into()])
    }

    fn reclassified(&self, command: &Classify) -> Result<Found, Rejection> {
        let nothing = command.category.is_none()
            && command.kind.is_none()
            && command.priority.is_none()
            && command.urgent.is_none()
            && command.district.is_none()
            && command.ward.is_none();
        if nothing {
            return Err(Rejection::NothingToClassify);
        }
        let before = self.case.work.found.as_ref();
        let mut found = before.cloned().unwrap_or(Found {
            kind: Kind::Incident,
            sector: None,
            category: None,
            priority: None,
            urgent: false,
            confidential: false,
            district: None,
            ward: None,
            place_source: None,
            confidence: None,
            because: Private::default(),
            rule: None,
            rule_set: String::new(),
        });
        if let Some(code) = &command.category {
            let facts = self
                .policy
                .category(code)
                .ok_or_else(|| Rejection::UnknownCategory { code: code.to_string() })?;
            found.category = Some(code.clone());
            found.sector = Some(facts.sector);
            found.priority = facts.priority;
            found.urgent = facts.urgent;
            found.confidential |= facts.confidential;
        }
        found.kind = command.kind.unwrap_or(found.kind);
        found.confidential |= matches!(found.kind, Kind::Complaint | Kind::Denunciation);
        found.priority = command.priority.or(found.priority);
        found.urgent = command.urgent.unwrap_or(found.urgent);
        if command.district.is_some() {
            found.district = command.district.clone();
            found.ward = None;
        }
        if command.district.is_some() || command.ward.is_some() {
            found.place_source = Some(PlaceSource::Picked);
        }
        found.ward = command.ward.clone().or(found.ward);
        if !self.policy.is_place(found.district.as_ref(), found.ward.as_ref()) {
            return Err(Rejection::UnknownPlace);
        }
        found.confidence = None;
        found.because = Private::default();
        found.rule = None;
        self.policy.hash().clone_into(&mut found.rule_set);
        Ok(found)
    }

    /// The deadlines that read differently under new facts: the answer from receipt, and the
    /// agency's from when it got the case. What stands already is not stated again.
    fn restated(&self, facts: &ClockFacts) -> Result<Vec<Deadline>, Rejection> {
        let mut moved = Vec::new();
        for (clock, running) in &self.case.work.clocks {
            if running.stopped.is_some() || matches!(clock, Clock::Dispatch | Clock::Ruling) {
                continue;
            }
            // What a leader extended to a date stays at that date.
            if self.case.work.extensions > 0 && matches!(clock, Clock::Answer | Clock::Resolve) {
                continue;
            }
            let deadline = self.restate(running, facts)?;
            moved.extend(deadline.into_iter().filter(|d| d.due != running.deadline.due));
        }
        let missing: Vec<Clock> =
            AGENCY_CLOCKS.iter().copied().filter(|clock| self.may_start(*clock)).collect();
        moved.extend(self.promise(&missing, facts)?);
        Ok(moved)
    }

    /// Whether a new classification may start a clock of the agency: one that never ran, while the
    /// agency has the case, for something that has not happened yet.
    fn may_start(&self, clock: Clock) -> bool {
        let work = &self.case.work;
        let ahead = match clock {
            Clock::Acknowledge => matches!(work.stage, Stage::Dispatched),
            Clock::OnSite | Clock::MakeSafe => work.made_safe_at.is_none(),
            _ => true,
        };
        let working = matches!(work.stage, Stage::Dispatched | Stage::InProgress);
        working && ahead && !work.clocks.contains_key(&clock)
    }

    pub(super) fn dispatch(&self, command: &Dispatch) -> Result<Vec<Event>, Rejection> {
        optional("reason", command.reason.as_ref(), TEXT_LIMIT)?;
        self.check_target(&command.agency, command.focal_point.as_ref())?;
        let limit = self.policy.time().rules(self.case.received_at).max_returns;
        let exhausted = self.case.work.returns.len() >= limit as usize;
        if exhausted {
            return Err(Rejection::RulingNeeded);
        }
        self.coordinators_only()?;
        let facts = ClockFacts { agency: Some(command.agency.clone()), ..self.facts() };
        Ok(vec![
            event::Dispatched {
                agency: command.agency.clone(),
                focal_point: command.focal_point.clone(),
                reason: command.reason.clone(),
                rule: None,
                rule_set: self.policy.hash().to_owned(),
                deadlines: self.promise(AGENCY_CLOCKS, &facts)?,
            }
            .into(),
        ])
    }

    pub(super) fn check_target(
        &self,
        agency: &AgencyCode,
        focal_point: Option<&FocalPointCode>,
    ) -> Result<(), Rejection> {
        match self.policy.standing(agency, self.at()) {
            Standing::Unknown => {
                return Err(Rejection::UnknownAgency { code: agency.to_string() });
            }
            Standing::Ended { successor } => {
                return Err(Rejection::AgencyEnded {
                    code: agency.to_string(),
                    successor: successor.map(|code| code.to_string()),
                });
            }
            Standing::Open => {}
        }
        if self.case.accused.as_ref() == Some(agency) {
            return Err(Rejection::AccusedAgency);
        }
        match focal_point {
            Some(code) if self.policy.agency_of(code).as_ref() != Some(agency) => {
                Err(Rejection::UnknownFocalPoint { code: code.to_string() })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn escalate(&self, command: &Escalate) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        self.to_arbitration(ArbitrationCause::Unclear, Some(command.reason.clone()))
            .map(|event| vec![event])
    }

    pub(super) fn to_arbitration(
        &self,
        cause: ArbitrationCause,
        reason: Option<Private<String>>,
    ) -> Result<Event, Rejection> {
        let deadlines = self.promise(&[Clock::Ruling], &self.facts())?;
        Ok(event::SentToArbitration { cause, reason, deadlines }.into())
    }

    /// An agency says "not ours". The coordinators have it at once: they dispatch it on, or rule;
    /// after the last return the desk allows they can only rule.
    pub(super) fn give_back(&self, command: &Return) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        let work = &self.case.work;
        if work.ruled {
            return Err(Rejection::RulingBinds);
        }
        let limit = self.policy.time().rules(self.case.received_at).max_returns;
        if work.returns.len() >= limit as usize {
            return Err(Rejection::ReturnsExhausted { limit });
        }
        let Some(lead) = &work.lead else { return Err(Rejection::NotYourAgency) };
        if let Some(proposed) = &command.proposed_agency
            && self.policy.standing(proposed, self.at()) == Standing::Unknown
        {
            return Err(Rejection::UnknownAgency { code: proposed.to_string() });
        }
        let returned = event::Returned {
            agency: lead.agency.clone(),
            reason: command.reason.clone(),
            proposed_agency: command.proposed_agency.clone(),
        };
        Ok(vec![returned.into(), self.to_arbitration(ArbitrationCause::Returned, None)?])
    }

    pub(super) fn rule(&self, command: &Rule) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        self.check_target(&command.agency, command.focal_point.as_ref())?;
        let work = &self.case.work;
        let there = work.ruled
            && matches!(work.stage, Stage::Dispatched)
            && work.lead.as_ref().is_some_and(|lead| {
                lead.agency == command.agency && lead.focal_point == command.focal_point
            });
        if there {
            return Ok(Vec::new());
        }
        let facts = ClockFacts { agency: Some(command.agency.clone()), ..self.facts() };
        Ok(vec![
            event::Ruled {
                agency: command.agency.clone(),
                focal_point: command.focal_point.clone(),
                reason: command.reason.clone(),
                rule_set: self.policy.hash().to_owned(),
                deadlines: self.promise(AGENCY_CLOCKS, &facts)?,
            }
            .into(),
        ])
    }
}

/// The same classification, whoever made it.
fn same(a: &Found, b: &Found) -> bool {
    a.kind == b.kind
        && a.sector == b.sector
        && a.category == b.category
        && a.priority == b.priority
        && a.urgent == b.urgent
        && a.confidential == b.confidential
        && a.district == b.district
        && a.ward == b.ward
}

/// Whether the coordinators have the case because of an appeal.
pub(super) fn under_appeal(stage: &Stage) -> bool {
    matches!(stage, Stage::Arbitration(ArbitrationCause::Appeal))
}
