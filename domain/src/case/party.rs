//! Who reported and where: the personal part of a case.

use serde::{Deserialize, Serialize};

use super::number::CaseNumber;
use crate::kinds::Channel;
use crate::private::{OfPerson, Private};

/// How to reach a person. Any part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Private<String, OfPerson>>,
    /// Telephone number as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Private<String, OfPerson>>,
    /// E-mail address as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Private<String, OfPerson>>,
}

/// One person who reported the matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// `party_1` is the first reporter of the case; the id is unique across merged cases because
    /// it is prefixed with the case it came from.
    pub id: String,
    /// How to reach them.
    pub contact: Contact,
    /// Their name is shown to nobody but the desk.
    pub anonymous: bool,
    /// The channel they used, which answers go back through.
    pub channel: Channel,
    /// SHA-256 of their tracking code, hexadecimal.
    pub tracking_hash: String,
}

/// The number of the case a party of this id reported, where it came with a merge: merging puts the
/// number before the id, and merging on another before that.
pub fn came_with(party: &str) -> Option<CaseNumber> {
    let (cases, _) = party.rsplit_once('/')?;
    cases.rsplit('/').next()?.parse().ok()
}

/// Where the matter is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Latitude in degrees (WGS 84).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude in degrees (WGS 84).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Address as given; it may be somebody's home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Private<String>>,
    /// What the same address always has and no other: a keyed hash. Whether something comes back
    /// at one place is counted by it, also when the address is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_mark: Option<String>,
}

/// Where an imported case came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    /// Name of the other system.
    pub system: String,
    /// Its own id of the case.
    pub id: String,
}
