//! May this be read: the readings of one case, folded, and the decisions on them.
//!
//! | what | of which case | who | what it takes |
//! | --- | --- | --- | --- |
//! | contact | reporter hidden, case not sealed | operators, coordinators | a reason |
//! | contact | sealed, no denunciation | the group | a reason |
//! | content | denunciation | the group | a reason |
//! | contact | denunciation | the group | a reason, another member's approval, then once |
//!
//! A case taken out of the house at the console ([`Requests::hand_out`]) is read as well.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::limits::ReadingLimits;
use super::reveal::{
    Approved, Asked as AskedEvent, Denied, Read, Refused, RevealEvent, SealedField,
};
use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::text::mask::{Known, mask};

/// The shortest reason, in characters: a word is none.
pub const SHORTEST: usize = 10;
/// The longest reason, in characters.
pub const LONGEST: usize = 500;
/// Why a case in which nothing is sealed is taken out, unless something else is said.
pub const ROUTINE: &str = "Trích hồ sơ theo yêu cầu";
/// The most requests of a case that wait at a time.
pub const WAITING: usize = 20;

/// Why it is not read; [`RevealRejection::code`] goes into the event of the refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevealRejection {
    /// Nothing, or something twice, is asked for.
    #[error("name each field once")]
    Fields,
    /// It is not sealed in this case.
    #[error("`{}` is not sealed in this case", .0.as_str())]
    NotSealed(SealedField),
    /// A reason that says nothing, or too much.
    #[error("a reason has {SHORTEST} to {LONGEST} characters")]
    Reason,
    /// Not this role's to know.
    #[error("not yours to read")]
    NotAllowed,
    /// One's own request.
    #[error("another member has to decide about a request")]
    SamePerson,
    /// Somebody else's request.
    #[error("only whoever asked may read")]
    NotYours,
    /// There is no such request.
    #[error("there is no such request")]
    NoSuchRequest,
    /// It was approved or refused already.
    #[error("the request was decided already")]
    Decided,
    /// It was not approved.
    #[error("the request was not approved")]
    NotApproved,
    /// It was read already.
    #[error("it was read already: ask again")]
    ReadAlready,
    /// Its time is over.
    #[error("the time is over: ask again")]
    Expired,
    /// Too many wait.
    #[error("{WAITING} requests wait already")]
    TooMany,
}

impl RevealRejection {
    /// Code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fields => "fields_wrong",
            Self::NotSealed(_) => "not_sealed",
            Self::Reason => "reason_length",
            Self::NotAllowed => "not_allowed",
            Self::SamePerson => "same_person",
            Self::NotYours => "not_yours",
            Self::NoSuchRequest => "no_such_request",
            Self::Decided => "request_decided",
            Self::NotApproved => "not_approved",
            Self::ReadAlready => "read_already",
            Self::Expired => "request_expired",
            Self::TooMany => "too_many_requests",
        }
    }

    /// Somebody tried what they may not, rather than wrote something wrong: that is recorded.
    pub const fn is_recorded(&self) -> bool {
        !matches!(self, Self::Fields | Self::NotSealed(_) | Self::Reason | Self::NoSuchRequest)
    }
}

/// A request to know who a denouncer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asked, by id as an actor.
    pub by: String,
    /// What for.
    pub fields: Vec<SealedField>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Until when it can be approved, or read once it is.
    pub until: Timestamp,
    /// Who approved or refused it.
    pub decided_by: Option<String>,
    /// It was approved.
    pub approved: bool,
    /// It was read.
    pub read: bool,
}

/// The readings of one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// By the version of the event.
    pub asked: BTreeMap<u64, Asked>,
    /// How many events there are.
    pub version: u64,
}

impl Requests {
    /// Takes in the next event.
    pub fn apply(&mut self, version: u64, by: &str, at: Timestamp, event: &RevealEvent) {
        self.version = version;
        match event {
            RevealEvent::Asked(asked) => {
                let asked = Asked {
                    by: by.to_owned(),
                    fields: asked.fields.clone(),
                    reason: asked.reason.clone(),
                    at,
                    until: asked.until,
                    decided_by: None,
                    approved: false,
                    read: false,
                };
                self.asked.insert(version, asked);
            }
            RevealEvent::Approved(approved) => {
                if let Some(asked) = self.asked.get_mut(&approved.request) {
                    asked.approved = true;
                    asked.until = approved.until;
                    asked.decided_by = Some(by.to_owned());
                }
            }
            RevealEvent::Refused(refused) => {
                if let Some(asked) = self.asked.get_mut(&refused.request) {
                    asked.decided_by = Some(by.to_owned());
                }
            }
            RevealEvent::Read(read) => {
                let asked = read.request.and_then(|request| self.asked.get_mut(&request));
                if let Some(asked) = asked {
                    asked.read = true;
                }
            }
            RevealEvent::Denied(_) => {}
        }
    }

    /// Asks to read: a [`RevealEvent::Read`] where a reason is enough, a [`RevealEvent::Asked`]
    /// where another member has to agree. That the actor may see the case is checked before.
    ///
    /// # Errors
    /// [`RevealRejection`]; nothing is read.
    pub fn ask(
        &self,
        case: &Case,
        actor: &Actor,
        fields: &[SealedField],
        reason: &str,
        (now, limits): (Timestamp, &ReadingLimits),
    ) -> Result<RevealEvent, RevealRejection> {
        let fields = named_once(fields)?;
        let reason = covered(reason, case)?;
        let desk = matches!(actor.role, Role::Operator | Role::Coordinator);
        if !(is_member(actor) || (desk && !case.confidential)) {
            return Err(RevealRejection::NotAllowed);
        }
        for field in &fields {
            if !is_sealed(case, *field) {
                return Err(RevealRejection::NotSealed(*field));
            }
        }
        let number = case.number.clone();
        if !(case.is_denunciation() && fields.contains(&SealedField::Contact)) {
            return Ok(Read { number, request: None, fields, reason }.into());
        }
        let waits = |asked: &&Asked| asked.decided_by.is_none() && asked.until > now;
        if self.asked.values().filter(waits).count() >= WAITING {
            return Err(RevealRejection::TooMany);
        }
        Ok(AskedEvent { number, fields, reason, until: later(now, limits.to_approve()) }.into())
    }

    /// Another member agrees to a request.
    ///
    /// # Errors
    /// [`RevealRejection`].
    pub fn approve(
        &self,
        case: &Case,
        actor: &Actor,
        request: u64,
        (now, limits): (Timestamp, &ReadingLimits),
    ) -> Result<RevealEvent, RevealRejection> {
        self.decidable(actor, request, now)?;
        let until = later(now, limits.to_read());
        Ok(Approved { number: case.number.clone(), request, until }.into())
    }

    /// Another member does not agree.
    ///
    /// # Errors
    /// [`RevealRejection`].
    pub fn refuse(
        &self,
        case: &Case,
        actor: &Actor,
        request: u64,
        reason: &str,
        now: Timestamp,
    ) -> Result<RevealEvent, RevealRejection> {
        let reason = covered(reason, case)?;
        self.decidable(actor, request, now)?;
        Ok(Refused { number: case.number.clone(), request, reason }.into())
    }

    fn decidable(
        &self,
        actor: &Actor,
        request: u64,
        now: Timestamp,
    ) -> Result<(), RevealRejection> {
        let asked = self.asked.get(&request).ok_or(RevealRejection::NoSuchRequest)?;
        if !is_member(actor) {
            return Err(RevealRejection::NotAllowed);
        }
        if asked.by == actor.id {
            return Err(RevealRejection::SamePerson);
        }
        if asked.decided_by.is_some() {
            return Err(RevealRejection::Decided);
        }
        if asked.until <= now { Err(RevealRejection::Expired) } else { Ok(()) }
    }

    /// Whoever asked reads what was approved, once.
    ///
    /// # Errors
    /// [`RevealRejection`]; nothing is read.
    pub fn read(
        &self,
        case: &Case,
        actor: &Actor,
        request: u64,
        now: Timestamp,
    ) -> Result<RevealEvent, RevealRejection> {
        let asked = self.asked.get(&request).ok_or(RevealRejection::NoSuchRequest)?;
        if !is_member(actor) {
            return Err(RevealRejection::NotAllowed);
        }
        if asked.by != actor.id {
            return Err(RevealRejection::NotYours);
        }
        self.granted(request, now)?;
        let (fields, reason) = (asked.fields.clone(), asked.reason.clone());
        Ok(Read { number: case.number.clone(), request: Some(request), fields, reason }.into())
    }

    /// A request that two members made and nobody has read yet.
    fn granted(&self, request: u64, now: Timestamp) -> Result<&Asked, RevealRejection> {
        let asked = self.asked.get(&request).ok_or(RevealRejection::NoSuchRequest)?;
        if asked.read {
            return Err(RevealRejection::ReadAlready);
        }
        if !asked.approved {
            return Err(RevealRejection::NotApproved);
        }
        if asked.until <= now { Err(RevealRejection::Expired) } else { Ok(asked) }
    }

    /// A case is taken out of the house by whoever runs commands there: for a court, or for the one
    /// who reported it. The event says what goes along in clear. Where something is sealed that needs
    /// a reason; a denouncer's contact goes along only by a request that one member made and another
    /// approved, and that is used up by it.
    ///
    /// # Errors
    /// [`RevealRejection`]; nothing is taken out.
    pub fn hand_out(
        &self,
        case: &Case,
        request: Option<u64>,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<RevealEvent, RevealRejection> {
        let granted = request.map(|request| self.granted(request, now)).transpose()?;
        let sealed = |field| is_sealed(case, field);
        let reason = match (reason, granted) {
            (Some(reason), _) => covered(reason, case)?,
            (None, Some(granted)) => granted.reason.clone(),
            (None, None) if sealed(SealedField::Contact) || sealed(SealedField::Content) => {
                return Err(RevealRejection::Reason);
            }
            (None, None) => ROUTINE.to_owned(),
        };
        let by_two = granted.is_some_and(|asked| asked.fields.contains(&SealedField::Contact));
        let fields = match case.is_denunciation() && !by_two {
            true => vec![SealedField::Content],
            false => vec![SealedField::Contact, SealedField::Content],
        };
        Ok(Read { number: case.number.clone(), request, fields, reason }.into())
    }
}

/// The event of a refusal.
pub fn denied(
    case: &Case,
    what: &'static str,
    request: Option<u64>,
    why: &RevealRejection,
) -> RevealEvent {
    let (number, why) = (case.number.clone(), why.code().to_owned());
    Denied { number, what: what.to_owned(), request, why }.into()
}

/// Whether a field is sealed in a case, for whoever may see the case.
pub fn is_sealed(case: &Case, field: SealedField) -> bool {
    match field {
        SealedField::Contact => {
            case.confidential || case.parties.iter().any(|party| party.anonymous)
        }
        SealedField::Content => case.is_denunciation(),
    }
}

fn is_member(actor: &Actor) -> bool {
    actor.role == Role::Coordinator && actor.in_group
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn named_once(fields: &[SealedField]) -> Result<Vec<SealedField>, RevealRejection> {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.is_empty() || sorted.len() != fields.len() {
        return Err(RevealRejection::Fields);
    }
    Ok(sorted)
}

/// A reason as it may stay in the log.
fn covered(reason: &str, case: &Case) -> Result<String, RevealRejection> {
    let reason = reason.trim();
    let length = reason.chars().count();
    let text = !reason.chars().any(|c| c.is_control() && c != '\n');
    if !text || !(SHORTEST..=LONGEST).contains(&length) {
        return Err(RevealRejection::Reason);
    }
    Ok(mask(reason, &known(case)).text)
}

/// What is known of the reporters of a case.
pub fn known(case: &Case) -> Known {
    let mut known = Known::default();
    for party in &case.parties {
        if let Some(name) = &party.contact.name {
            known.name(name.reveal());
        }
        if let Some(phone) = &party.contact.phone {
            known.phone(phone.reveal());
        }
    }
    if let Some(address) = case.location.as_ref().and_then(|location| location.address.as_ref()) {
        known.address(address.reveal());
    }
    known
}
