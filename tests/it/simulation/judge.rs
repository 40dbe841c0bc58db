//! Whether an answer was right: what was acknowledged is in the log as acknowledged, what was
//! refused had to be refused in some state the case had meanwhile.

use std::collections::BTreeMap;

use hoiam::desk::{DeskError, Done, Received};
use hoiam::person::PersonError;
use hoiam_domain::actor::Role;
use hoiam_domain::case::authority::{authorise, may_view};
use hoiam_domain::case::stage::Stage;
use hoiam_domain::case::{Case, Event, Rejection, decide, decide_merge, decide_unmerge};
use uuid::Uuid;

use super::model::{Delivery, KeyName, Model, Used};
use super::receipt;
use super::request::{Ask, Outcome, Request};

/// The version every case had before a step.
pub type Before = BTreeMap<Uuid, u64>;

/// What was acknowledged, to be asked again at the end.
#[derive(Default)]
pub struct Acknowledged {
    /// By key: the request, and the answer of a receipt.
    pub keys: BTreeMap<KeyName, (Request, Option<Received>)>,
    /// How often a request with a key had no effect, which keeps no key.
    pub without_effect: usize,
    /// Receipts and effects acknowledged.
    pub effects: usize,
}

pub struct Judge<'a> {
    pub model: &'a Model,
    pub before: &'a Before,
    /// The node may have ended during the step, or the worker for timers competed.
    pub lenient: bool,
    /// The first delivery of the step.
    pub first: u32,
}

impl Judge<'_> {
    pub fn check(&self, nr: u32, outcome: &Outcome, acknowledged: &mut Acknowledged) {
        let delivery = &self.model.deliveries[&nr];
        let written = self.model.appends.get(&nr).map_or(0, Vec::len);
        match outcome {
            Outcome::Received(received, replayed) => {
                assert_eq!(written, usize::from(!replayed), "acknowledged and not there");
                self.check_received(nr, delivery, received, acknowledged);
                acknowledged.effects += written;
            }
            Outcome::Done(done) => {
                self.check_done(nr, delivery, done, written, acknowledged);
                acknowledged.effects += written;
            }
            Outcome::Ticked(fired) => {
                assert_eq!(*fired, written as u64, "timers said to have fired");
            }
            Outcome::Erased(Ok(cases)) => {
                let elsewhere = self.model.parties_erased.get(&nr).copied().unwrap_or_default();
                assert_eq!(*cases, written - elsewhere, "erased and not there");
            }
            // Who was erased is nobody any more.
            Outcome::Erased(Err(PersonError::Unknown | PersonError::Erased { .. })) => {
                assert_eq!(written, 0, "refused and erased");
            }
            Outcome::Erased(Err(error)) => assert!(self.lenient, "not erased: {error}"),
            Outcome::Refused(DeskError::Unavailable(why)) => {
                assert!(self.lenient, "refused for no reason: {why}");
            }
            Outcome::Refused(DeskError::Overloaded) => assert!(self.lenient, "too busy"),
            Outcome::Refused(error) => {
                assert_eq!(written, 0, "refused ({error}) and written");
                assert!(self.explains(delivery, error), "refused for no reason: {error:?}");
            }
            Outcome::Unheard => {}
        }
    }

    fn check_received(
        &self,
        nr: u32,
        delivery: &Delivery,
        received: &Received,
        acknowledged: &mut Acknowledged,
    ) {
        let writer = delivery.request.key.as_ref().map_or(nr, |key| {
            let name = (key.scope.clone(), key.key.clone());
            self.model.keys[&name].delivery
        });
        let (id, _, version) = self.model.appends[&writer][0].streams[0];
        receipt::check_answer(received, &self.model.cases[&id][&version]);
        let Some(key) = &delivery.request.key else { return };
        let name = (key.scope.clone(), key.key.clone());
        let new = (delivery.request.clone(), Some(received.clone()));
        let first = acknowledged.keys.entry(name).or_insert(new);
        assert_eq!(first.1.as_ref(), Some(received), "the same key got another answer");
    }

    fn check_done(
        &self,
        nr: u32,
        delivery: &Delivery,
        done: &Done,
        written: usize,
        acknowledged: &mut Acknowledged,
    ) {
        let history = &self.model.cases[&done.case.id];
        let state = &history[&done.case.version];
        assert!(*state == *done.case, "the case as answered is not the case as stored");
        let key = delivery.request.key.as_ref();
        let name = key.map(|key| (key.scope.clone(), key.key.clone()));
        let used = name.as_ref().and_then(|name| self.model.keys.get(name));
        if done.replayed {
            assert_eq!(written, 0);
            let used = used.expect("replayed, but never written");
            assert_eq!(Some(used.request_hash), key.map(|key| key.request_hash));
        } else if written == 1 {
            let seen = &self.model.appends[&nr][0];
            let (id, _, version) = seen.streams[0];
            assert_eq!((id, version), (done.case.id, done.case.version), "acknowledged elsewhere");
        } else {
            let nothing = self.decided(delivery, state);
            assert!(nothing.contains(&Ok(())), "acknowledged without effect: {nothing:?}");
        }
        let Some(name) = name else { return };
        if used.is_some() {
            acknowledged.keys.entry(name).or_insert((delivery.request.clone(), None));
        } else {
            acknowledged.without_effect += 1;
        }
    }

    /// The delivery that was written for this very request, if one was.
    fn used(&self, delivery: &Delivery) -> Option<&Used> {
        let key = delivery.request.key.as_ref()?;
        let used = self.model.keys.get(&(key.scope.clone(), key.key.clone()))?;
        (used.request_hash == key.request_hash).then_some(used)
    }

    /// The states a case had during the step; of a request already written, those before that.
    fn states(&self, id: Uuid, delivery: &Delivery) -> Vec<&Case> {
        let history = &self.model.cases[&id];
        let from = self.before.get(&id).copied().unwrap_or(1);
        let until = self.used(delivery).and_then(|used| {
            let seen = &self.model.appends[&used.delivery][0];
            seen.streams.iter().find(|(stream, ..)| *stream == id).map(|(_, before, _)| *before)
        });
        history
            .range(from..)
            .map(|(_, case)| case)
            .filter(|case| until.is_none_or(|until| case.version <= until))
            .collect()
    }

    fn explains(&self, delivery: &Delivery, error: &DeskError) -> bool {
        let request = &delivery.request;
        if let DeskError::KeyReused = error {
            let Some(key) = &request.key else { return false };
            let used = self.model.keys.get(&(key.scope.clone(), key.key.clone()));
            return used.is_some_and(|used| used.request_hash != key.request_hash);
        }
        let number = match &request.ask {
            Ask::Receive(feedback) => {
                let before = self.used(delivery).is_some_and(|used| used.delivery < self.first);
                return !before && explains_receipt(delivery, feedback.point, error);
            }
            Ask::Tick | Ask::Erase { .. } => return false,
            Ask::Command { number, .. } | Ask::Merge { number, .. } | Ask::Unmerge { number } => {
                number
            }
        };
        let Some(id) = self.model.by_number(&number.to_string()) else {
            return matches!(error, DeskError::NotFound);
        };
        self.states(id, delivery).into_iter().any(|case| {
            if let DeskError::Stale { actual } = error {
                return *actual == case.version && request.expected.is_some_and(|e| e != *actual);
            }
            self.decided(delivery, case).iter().any(|decided| match (decided, error) {
                (Err(Refusal::Hidden), DeskError::NotFound) => true,
                (Err(Refusal::Said(one)), DeskError::Rejected(two)) => one == two,
                _ => false,
            })
        })
    }

    /// What the desk may say in a state without writing anything: nothing to do, or a refusal. For
    /// requests about two cases, against every state the other had.
    fn decided(&self, delivery: &Delivery, case: &Case) -> Vec<Result<(), Refusal>> {
        let request = &delivery.request;
        let (rules, intent) = (&*delivery.rules, delivery.intent());
        let nothing = |events: &[Event]| events.is_empty();
        match &request.ask {
            Ask::Command { .. } => {
                match decide(case, rules, &intent, &request.command().unwrap()) {
                    Ok(events) if nothing(&events) => vec![Ok(())],
                    Ok(_) => Vec::new(),
                    Err(no) => vec![Err(refusal(case, request, no))],
                }
            }
            Ask::Merge { into, .. } => {
                let Some(into) = self.model.by_number(&into.to_string()) else {
                    return vec![Err(Refusal::Hidden)];
                };
                let merge = request.merge();
                self.states(into, delivery)
                    .into_iter()
                    .filter_map(|other| {
                        both(
                            case,
                            other,
                            request,
                            decide_merge(case, other, rules, &intent, &merge),
                        )
                    })
                    .collect()
            }
            Ask::Unmerge { .. } => {
                let Stage::Merged { into, .. } = case.work.stage else {
                    let why = authorise(case, &request.actor, "unmerge").err();
                    let why = why.unwrap_or(Rejection::NotMergedHere);
                    // Or it was merged when the desk looked first, and not any more.
                    let late = decide_unmerge(case, case, &intent, &Request::unmerge());
                    let late = late.err().unwrap_or(Rejection::NotMergedHere);
                    return [why, late].map(|no| Err(refusal(case, request, no))).to_vec();
                };
                let unmerge = Request::unmerge();
                self.states(into, delivery)
                    .into_iter()
                    .filter_map(|other| {
                        both(case, other, request, decide_unmerge(case, other, &intent, &unmerge))
                    })
                    .collect()
            }
            Ask::Receive(_) | Ask::Tick | Ask::Erase { .. } => Vec::new(),
        }
    }
}

/// A refusal as the caller hears it.
#[derive(Clone, Debug, PartialEq)]
enum Refusal {
    Said(Rejection),
    Hidden,
}

/// To somebody who may not see a case, it does not exist.
fn refusal(case: &Case, request: &Request, no: Rejection) -> Refusal {
    let actor = &request.actor;
    let hidden = no.is_forbidden() && actor.role != Role::System && !may_view(case, actor);
    if hidden { Refusal::Hidden } else { Refusal::Said(no) }
}

fn both(
    one: &Case,
    two: &Case,
    request: &Request,
    decided: Result<(Vec<Event>, Vec<Event>), Rejection>,
) -> Option<Result<(), Refusal>> {
    match decided {
        Ok((of_one, of_two)) => (of_one.is_empty() && of_two.is_empty()).then_some(Ok(())),
        Err(no) => {
            let unseen = if may_view(one, &request.actor) { two } else { one };
            Some(Err(refusal(unseen, request, no)))
        }
    }
}

fn explains_receipt(delivery: &Delivery, point: Option<(f64, f64)>, error: &DeskError) -> bool {
    let outside =
        point.is_some_and(|(lat, lon)| delivery.rules.directory.check_point(lat, lon).is_err());
    if outside {
        return matches!(error, DeskError::OutsideCity { .. });
    }
    let party = hoiam_domain::case::party::Party {
        id: "party_1".to_owned(),
        contact: Default::default(),
        anonymous: false,
        channel: hoiam_domain::kinds::Channel::App,
        tracking_hash: String::new(),
    };
    let number = hoiam_domain::case::CaseNumber::new("HCM", 2026, 1).unwrap();
    match (receipt::events(delivery, number, party, None), error) {
        (Err(one), DeskError::Rejected(two)) => one == *two,
        _ => false,
    }
}
