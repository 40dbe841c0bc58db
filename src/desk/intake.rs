//! Receiving feedback: routed by the rules, numbered without gaps, durable before it is answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::{Found, Receive, Routed};
use hoiam_domain::case::party::{Contact, Location, Party};
use hoiam_domain::case::{Case, CaseNumber, Intent, decide};
use hoiam_domain::codes::CategoryCode;
use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::private::Private;
use hoiam_domain::routing::{Directory, RouteInput, Verdict};
use hoiam_domain::time::Deadline;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::receipt::{self, Receipt};
use super::write::{IdempotencyKey, actor_json};
use super::{Desk, DeskError};
use crate::log::{Append, Appended, Content, LogError};
use crate::proof;
use crate::random::sortable_id;
use crate::tracking::TrackingCode;
use crate::vault::CaseKeys;

/// What a channel hands over.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// How it came in.
    pub channel: Channel,
    /// The kind, where the citizen or operator said it.
    pub kind: Option<Kind>,
    /// The category, where somebody chose it.
    pub category: Option<CategoryCode>,
    /// What is known about the thing concerned, e.g. `road_class`.
    pub attributes: BTreeMap<String, String>,
    /// The words.
    pub text: String,
    /// Latitude and longitude in degrees.
    pub point: Option<(f64, f64)>,
    /// Address as given.
    pub address: Option<String>,
    /// Who reports.
    pub reporter: Reporter,
    /// The citizen allows publication.
    pub public: bool,
    /// When it happened, if not now.
    pub occurred_at: Option<Timestamp>,
}

/// Who reports.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    /// Name.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The name is shown to nobody but the desk.
    pub anonymous: bool,
}

/// The answer to a feedback. Kept with the idempotency key, without the tracking code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Received {
    /// The case number.
    pub number: String,
    /// The secret by which the citizen follows the case.
    #[serde(default)]
    pub tracking_code: String,
    /// Where the case stands.
    pub status: String,
    /// Kind of case.
    pub kind: String,
    /// Sector, once known.
    pub sector: Option<String>,
    /// Category, once known.
    pub category: Option<String>,
    /// Priority, once known.
    pub priority: Option<String>,
    /// The agency that has it.
    pub agency: Option<String>,
    /// The emergency services it was handed to.
    pub handed_off: Vec<String>,
    /// The promises, each with its explanation.
    pub deadlines: Vec<Deadline>,
    /// What to keep in hand: where the case begins in the log, and the hash of that event. With the
    /// event and its proof at `/api/v1/track/{tracking_code}/receipt` once a checkpoint covers it.
    #[serde(default)]
    pub receipt: Option<proof::receipt::Receipt>,
    /// Version of the case when it had been received.
    #[serde(skip)]
    pub version: u64,
}

impl Desk {
    /// Receives a feedback. With an idempotency key a repeated request gets the first answer,
    /// and [`Received`] says so by the second value.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was received.
    pub async fn receive(
        &self,
        actor: &Actor,
        feedback: Feedback,
        key: Option<IdempotencyKey>,
    ) -> Result<(Received, bool), DeskError> {
        let asked_with = key.clone();
        match self.receive_now(actor, feedback, key).await {
            // The same request may have been taken before, by rules or a clock that took it.
            Err(refusal @ (DeskError::Rejected(_) | DeskError::OutsideCity { .. })) => {
                let Some(key) = asked_with else { return Err(refusal) };
                self.received_before(&key).await?.ok_or(refusal)
            }
            outcome => outcome,
        }
    }

    async fn receive_now(
        &self,
        actor: &Actor,
        feedback: Feedback,
        key: Option<IdempotencyKey>,
    ) -> Result<(Received, bool), DeskError> {
        let now = self.clock.now();
        let occurred_at = feedback.occurred_at.unwrap_or(now);
        let intent = Intent { actor: actor.clone(), now, occurred_at };
        let rules = self.rules.at(now);
        if let Some((lat, lon)) = feedback.point {
            check_point(&rules.directory, lat, lon)?;
        }
        let boundaries = self.rules.boundaries();
        let verdict = rules.explain_with(&route_input(&feedback, occurred_at), &boundaries);
        let salt = self.random.draw();
        let given_key = key.as_ref().map_or("", |key| key.key.as_str()).to_owned();
        let code = TrackingCode::derive(&salt, &given_key);
        let year = year_of(occurred_at, &rules);
        let placeholder = CaseNumber::new(&self.prefix, year, 1)
            .map_err(|error| DeskError::Unavailable(error.to_string()))?;
        let mark = feedback.address.as_ref().map(|given| self.log.vault().address_mark(given));
        let mut receive = receive_command(feedback, &verdict, placeholder, &code);
        receive.location.iter_mut().for_each(|place| place.address_mark.clone_from(&mark));
        let events = decide::receive(&*rules, &intent, &receive).map_err(DeskError::Rejected)?;
        let stream = sortable_id(&*self.random, now);
        let keys = self.log.vault().draw(stream, &*self.random).map_err(LogError::from)?;
        let (mut receipt, case) = Receipt::new(events, stream, &intent, key.is_some(), &keys)?;
        let first = receipt.answer.clone();
        let prefix = self.prefix.clone();
        let build = Box::new(move |serial: u64| {
            let number = CaseNumber::new(&prefix, year, serial).map_err(|e| e.to_string())?;
            receipt.numbered(number).map_err(|error| error.to_string())
        });
        let appended = self
            .log
            .append(Append {
                recorded_at: now,
                actor: actor_json(&intent)?,
                causation: None,
                correlation: Some(sortable_id(&*self.random, now)),
                idempotency: key.map(|key| key.with_salt(salt)),
                content: Content::Numbered { series: format!("{}-{year}", self.prefix), build },
            })
            .await?;
        let replayed = appended.replayed.is_some();
        let mut received = answered(first, &appended, salt, &given_key)?;
        received.receipt = Some(self.receipt(&received.number, &appended).await?);
        if !replayed {
            self.remember(case, &received.number, &keys);
        }
        Ok((received, replayed))
    }

    /// The first answer to a feedback whose key was seen before.
    async fn received_before(
        &self,
        key: &IdempotencyKey,
    ) -> Result<Option<(Received, bool)>, DeskError> {
        let Some(stored) = self.log.idempotent(&key.scope, &key.key_hash()).await? else {
            return Ok(None);
        };
        if stored.request_hash != key.request_hash {
            return Err(DeskError::KeyReused);
        }
        let appended = &stored.appended;
        let kept = receipt::kept(&appended.answer)?;
        let mut received = answered(kept, appended, [0; 16], &key.key)?;
        received.receipt = Some(self.receipt(&received.number, appended).await?);
        Ok(Some((received, true)))
    }

    /// What the citizen keeps in hand; the leaf hash of an earlier request is read from the log.
    async fn receipt(
        &self,
        number: &str,
        appended: &Appended,
    ) -> Result<proof::receipt::Receipt, DeskError> {
        let position = appended.first_position;
        let leaf_hash = match appended.first_leaf {
            Some(leaf) => leaf,
            None => {
                let first = self.log.read_all(position.saturating_sub(1), 1).await?;
                first.first().map(|event| event.leaf_hash).ok_or(DeskError::NotFound)?
            }
        };
        Ok(proof::receipt::Receipt::pending(number, position, leaf_hash))
    }

    /// Remembers a case just received, so that the next command need not read it.
    fn remember(&self, mut case: Case, number: &str, keys: &CaseKeys) {
        if let Ok(number) = number.parse::<CaseNumber>() {
            self.memory.keep_stream(&number, case.id);
            case.number = number;
            self.memory.keep(&Arc::new(case), keys);
        }
    }
}

/// The answer with what the log knows of it. The tracking code follows from `salt`, or from the
/// salt of the first time.
fn answered(
    answer: Received,
    appended: &Appended,
    salt: [u8; 16],
    given_key: &str,
) -> Result<Received, DeskError> {
    let mut received = receipt::answered(answer, &appended.answer)?;
    received.version = appended.versions.first().map_or(0, |(_, version)| *version);
    let salt = appended.replayed.map_or(salt, |first| first.salt);
    received.tracking_code = TrackingCode::derive(&salt, given_key).show();
    Ok(received)
}

/// Whether a point can be in this city; everything that takes coordinates asks this.
fn check_point(directory: &Directory, lat: f64, lon: f64) -> Result<(), DeskError> {
    directory.check_point(lat, lon).map_err(|_| DeskError::OutsideCity { lat, lon })
}

fn route_input(feedback: &Feedback, at: Timestamp) -> RouteInput {
    RouteInput {
        text: feedback.text.clone(),
        kind: feedback.kind,
        category: feedback.category.clone(),
        point: feedback.point,
        address: feedback.address.clone(),
        attributes: feedback.attributes.clone(),
        at,
        channel: Some(feedback.channel),
    }
}

/// The calendar year of a number, in the city's own zone.
fn year_of(at: Timestamp, rules: &hoiam_domain::routing::RuleSet) -> i16 {
    at.to_zoned(rules.policy.calendars.zone().clone()).year()
}

fn receive_command(
    feedback: Feedback,
    verdict: &Verdict,
    number: CaseNumber,
    code: &TrackingCode,
) -> Receive {
    let location = Location {
        lat: feedback.point.map(|(lat, _)| lat),
        lon: feedback.point.map(|(_, lon)| lon),
        address: feedback.address.map(Private::new),
        address_mark: None,
    };
    let has_location = location.lat.is_some() || location.address.is_some();
    Receive {
        number,
        channel: feedback.channel,
        text: Private::new(feedback.text),
        location: has_location.then_some(location),
        reporter: Party {
            id: "party_1".to_owned(),
            contact: Contact {
                name: feedback.reporter.name.map(Private::new),
                phone: feedback.reporter.phone.map(Private::new),
                email: feedback.reporter.email.map(Private::new),
            },
            anonymous: feedback.reporter.anonymous,
            channel: feedback.channel,
            tracking_hash: code.hash(),
        },
        public: feedback.public && !verdict.confidential,
        source: None,
        routed: routed(verdict),
    }
}

/// What the case records of a verdict.
fn routed(verdict: &Verdict) -> Routed {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=1 before"
    )]
    let confidence = (verdict.confidence.clamp(0.0, 1.0) * 1000.0).round() as u16;
    Routed {
        found: Found {
            kind: verdict.kind,
            sector: verdict.sector.clone(),
            category: verdict.category.clone(),
            priority: verdict.priority,
            urgent: verdict.urgent,
            confidential: verdict.confidential,
            district: verdict.district.clone(),
            ward: verdict.ward.clone(),
            place_source: verdict.place_source,
            confidence: Some(confidence),
            because: Private::new(verdict.because.clone()),
            rule: verdict.rule.clone(),
            rule_set: verdict.rule_set.clone(),
        },
        handoff: verdict.handoff,
        agency: verdict.agency.clone(),
        focal_point: verdict.focal_point.clone(),
        unclear: verdict.agency.is_none(),
    }
}
