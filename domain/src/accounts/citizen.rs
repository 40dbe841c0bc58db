//! Accounts of citizens as events, each in a stream of its own. They say that somebody has an account
//! and which cases they follow with it, never who: what a citizen is known by stands beside the log,
//! as keyed hashes.

use uuid::Uuid;

use crate::event_family::event_family;

event_family! {
    /// An event of a citizen's account.
    CitizenEvent;

    /// Somebody proved for the first time who they are.
    CitizenRegistered = "citizen.registered" v 1 {
        /// The OpenID provider that vouched; none: a mail reached them.
        provider: Option<String>,
    }
    /// They showed the tracking code of a case, or reported it while signed in.
    CaseClaimed = "citizen.case_claimed" v 1 {
        /// The case.
        case: Uuid,
    }
    /// They ended their account: everything they were known by is gone.
    CitizenLeft = "citizen.left" v 1 {
        /// They asked for it themselves.
        own_wish: bool,
    }
}
