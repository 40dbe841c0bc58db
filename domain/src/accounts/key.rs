//! Keys of programs (bearer tokens) as events, each in a stream of its own: who gave which right
//! to a program, and who took it away. The key itself is nowhere but with the program.

use crate::actor::Role;
use crate::codes::{AgencyCode, FocalPointCode};
use crate::event_family::event_family;

event_family! {
    /// An event of a key.
    KeyEvent;

    /// A program may act for the desk from now on.
    KeyCreated = "key.created" v 2 {
        /// The key's id as an actor, e.g. `tok_3f2a…`.
        id: String,
        /// In which role.
        role: Role,
        /// For which agency.
        agency: Option<AgencyCode>,
        /// Limited to which focal point.
        focal_point: Option<FocalPointCode>,
        /// What it is for.
        note: Option<String>,
        /// Requests a minute it may make; none: what every key may. Not in version 1.
        rate: Option<u32>,
    }
    /// It may no more.
    KeyRevoked = "key.revoked" v 1 {
        /// The key's id as an actor.
        id: String,
        /// Why.
        note: Option<String>,
    }
}
