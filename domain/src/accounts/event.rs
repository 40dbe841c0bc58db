//! What happened to an account. As with cases, names and fields are the storage format: past
//! tense, never renamed, a changed shape gets a new version. Who did it is the event's actor.

use crate::actor::Role;
use crate::codes::{AgencyCode, FocalPointCode};
use crate::event_family::event_family;

event_family! {
    /// An event of an account.
    AccountEvent;

    /// Somebody may act for the desk from now on.
    Added = "account.added" v 1 {
        /// In which role.
        role: Role,
        /// For which agency.
        agency: Option<AgencyCode>,
        /// Limited to which focal point.
        focal_point: Option<FocalPointCode>,
    }
    /// They have another role, agency or focal point.
    RoleChanged = "account.role_changed" v 1 {
        /// In which role.
        role: Role,
        /// For which agency.
        agency: Option<AgencyCode>,
        /// Limited to which focal point.
        focal_point: Option<FocalPointCode>,
    }
    /// They may not sign in any more; their sessions ended.
    Disabled = "account.disabled" v 1 {
        /// Why.
        note: Option<String>,
    }
    /// They may sign in again.
    Enabled = "account.enabled" v 1 {
        /// Why.
        note: Option<String>,
    }
    /// Password and one-time codes were taken away and a first password was made.
    CredentialsReset = "account.credentials_reset" v 1 {
        /// Why.
        note: Option<String>,
    }
    /// They chose a password.
    PasswordChanged = "account.password_changed" v 1 {
        /// It was the first one they chose.
        first: bool,
    }
    /// They set up one-time codes.
    CodeSet = "account.code_set" v 1 {
        /// They had others before.
        again: bool,
    }
    /// There is an administrator fewer who can sign in. In a stream that all administrators share:
    /// of two that leave in the same instant one comes too late, and one stays.
    AdministratorLeft = "account.administrator_left" v 1 {
        /// Whose account, as an actor.
        account: String,
    }
    /// A subject of an OpenID provider signs in as this account from now on. Which one stands
    /// beside the log, as a keyed hash.
    IdentityLinked = "account.identity_linked" v 1 {
        /// The provider, as its address.
        issuer: String,
        /// By a claim the configuration names; otherwise by whoever did it.
        by_claim: bool,
    }
    /// No subject of that provider does any more.
    IdentityUnlinked = "account.identity_unlinked" v 1 {
        /// The provider, as its address.
        issuer: String,
        /// Why.
        note: Option<String>,
    }
}
