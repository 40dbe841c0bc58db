//! Who acts: a role, and the agency or focal point the role is limited to.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::{AgencyCode, FocalPointCode};
use crate::kinds::UnknownWord;

/// The roles of the desk.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person who reported, or any other party of the case.
    Citizen,
    /// Call-centre operator.
    Operator,
    /// Coordinator of the desk (điều phối).
    Coordinator,
    /// Coordinator of one agency (đầu mối).
    AgencyCoordinator,
    /// Handler in the field.
    Handler,
    /// Leader of a unit: approves answers and extensions.
    UnitLeader,
    /// Leader of the city: sees figures and cases, decides nothing in them.
    CityLeader,
    /// Administrator: rules, calendars, people.
    Administrator,
    /// Auditor: sees the log and every case that is not sealed, changes nothing.
    Auditor,
    /// The engine itself: timers and reactions.
    System,
    /// Another system with its own credentials.
    Integration,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::Citizen,
        Self::Operator,
        Self::Coordinator,
        Self::AgencyCoordinator,
        Self::Handler,
        Self::UnitLeader,
        Self::CityLeader,
        Self::Administrator,
        Self::Auditor,
        Self::System,
        Self::Integration,
    ];

    /// The word used in data and interfaces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Operator => "operator",
            Self::Coordinator => "coordinator",
            Self::AgencyCoordinator => "agency_coordinator",
            Self::Handler => "handler",
            Self::UnitLeader => "unit_leader",
            Self::CityLeader => "city_leader",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::System => "system",
            Self::Integration => "integration",
        }
    }

    /// Roles a person with an account may have.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Citizen | Self::System | Self::Integration)
    }

    /// Roles that sign in with a one-time code as well: what they could do with somebody else's
    /// password would harm the whole desk.
    pub const fn needs_code(self) -> bool {
        matches!(self, Self::Administrator | Self::Auditor)
    }

    /// Roles that act for one agency and must name it.
    pub const fn belongs_to_agency(self) -> bool {
        matches!(self, Self::AgencyCoordinator | Self::Handler | Self::UnitLeader)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownWord;

    /// Reads a role; `-` and `_` are the same, so `agency-coordinator` is accepted.
    fn from_str(s: &str) -> Result<Self, UnknownWord> {
        let word = s.replace('-', "_");
        Self::ALL.iter().copied().find(|role| role.as_str() == word).ok_or_else(|| UnknownWord {
            given: s.chars().take(60).collect(),
            allowed: Self::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// Somebody acting on a case. `id` is opaque (an account, a token, a party of the case): never a
/// name, a phone number or an address.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Actor {
    /// What the actor is.
    pub role: Role,
    /// Which one, e.g. `tok_3f2a`, `party_1`, `timer`.
    pub id: String,
    /// The agency the actor works for, where the role has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// The focal point the actor is limited to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_point: Option<FocalPointCode>,
    /// The stream of the case they reported, where they write in another, into which it was merged:
    /// what they write there is sealed with a key of theirs. The desk finds it out, and the log
    /// keeps it; like the next it does not say who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reported: Option<Uuid>,
    /// A member of the group of the sealed stream ([`crate::sealed`]), at this moment. Looked up
    /// whenever somebody acts and never written down: it says what they may, not who they are.
    #[serde(skip)]
    pub in_group: bool,
}

impl Actor {
    /// The engine acting by itself, e.g. `Actor::system("timer")`.
    pub fn system(id: &str) -> Self {
        Self::new(Role::System, id)
    }

    /// An actor without an agency.
    pub fn new(role: Role, id: impl Into<String>) -> Self {
        let (agency, focal_point, reported) = (None, None, None);
        Self { role, id: id.into(), agency, focal_point, reported, in_group: false }
    }

    /// An actor of an agency.
    pub fn of_agency(role: Role, id: impl Into<String>, agency: AgencyCode) -> Self {
        Self { agency: Some(agency), ..Self::new(role, id) }
    }

    /// The same one as a member of the group of the sealed stream, or not.
    #[must_use]
    pub fn in_group(self, member: bool) -> Self {
        Self { in_group: member, ..self }
    }

    /// Who it is, without what they may today.
    fn identity(&self) -> (Role, &str, Option<&AgencyCode>, Option<&FocalPointCode>) {
        (self.role, &self.id, self.agency.as_ref(), self.focal_point.as_ref())
    }
}

impl PartialEq for Actor {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Actor {}

impl std::hash::Hash for Actor {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}
