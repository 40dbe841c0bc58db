//! The closed lists of the desk: channels, kinds of case, priorities, clocks, hand-offs, desks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not in the closed list it was read against.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of: {allowed}")]
pub struct UnknownWord {
    /// What was given.
    pub given: String,
    /// What would have been accepted, comma separated.
    pub allowed: String,
}

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:tt $(| $alias:tt)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(utoipa::ToSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word $(, alias = $alias)*)] $variant,)+
        }

        impl $name {
            /// Every member, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data, interfaces and events.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(s: &str) -> Result<Self, UnknownWord> {
                match s {
                    $($word $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err(UnknownWord {
                        given: s.chars().take(60).collect(),
                        allowed: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}

closed_list!(
    /// The channel a feedback came through.
    Channel {
        /// Telephone 1022.
        Phone = "phone" | "telephone",
        /// E-mail.
        Email = "email" | "e-mail",
        /// The mobile app.
        App = "app" | "mobile" | "mobile_app",
        /// The website.
        Web = "web" | "website",
        /// Facebook.
        Facebook = "facebook",
    }
);

closed_list!(
    /// The kind of case; each has its own clocks, publicity and confidentiality.
    Kind {
        /// Something is broken, blocked, dirty or dangerous.
        Incident = "incident",
        /// The citizen asks how something is.
        Question = "question",
        /// A proposal to the city (hiến kế).
        Proposal = "proposal",
        /// Feedback on administrative procedures (decrees 20/2008, 92/2017).
        Procedure = "procedure",
        /// A business asks the authorities (enterprise dialogue).
        Enterprise = "enterprise",
        /// A complaint under the Law on Complaints 2011.
        Complaint = "complaint",
        /// A denunciation under the Law on Denunciation 2018; the identity is sealed.
        Denunciation = "denunciation",
        /// Danger to life now: handed to 113, 114, 115 or 111, never queued.
        Emergency = "emergency",
    }
);

closed_list!(
    /// How urgent the work is.
    Priority {
        /// Danger to life now.
        P1 = "P1",
        /// Serious.
        P2 = "P2",
        /// A normal defect.
        P3 = "P3",
        /// A request.
        P4 = "P4",
    }
);

closed_list!(
    /// The clocks of a case.
    Clock {
        /// From receipt until an agency has it (or it left the desk otherwise).
        Dispatch = "dispatch",
        /// From arbitration until the coordinator's ruling.
        Ruling = "ruling",
        /// From dispatch until the agency accepts or returns.
        Acknowledge = "acknowledge",
        /// From dispatch until somebody is on site.
        OnSite = "on_site",
        /// From dispatch until the danger is gone.
        MakeSafe = "make_safe",
        /// From dispatch until the agency's work is finished.
        Resolve = "resolve",
        /// From receipt until the citizen has an answer.
        Answer = "answer",
    }
);

closed_list!(
    /// The emergency services a report is handed to at once.
    Handoff {
        /// Child protection.
        ChildProtection = "111",
        /// Police.
        Police = "113",
        /// Fire and rescue.
        Fire = "114",
        /// Ambulance.
        Ambulance = "115",
    }
);

closed_list!(
    /// Where a case waits while no agency has it.
    Desk {
        /// The coordinators: unclear, returned or several agencies.
        Coordinators = "coordinators",
        /// The sealed stream: complaints, denunciations, informers.
        Sealed = "sealed",
        /// The emergency hand-off.
        Emergency = "emergency",
    }
);

closed_list!(
    /// What told the place of a feedback.
    PlaceSource {
        /// The coordinates lie in an imported boundary.
        Boundary = "boundary",
        /// Words name the place by its own name, in the address or in the text.
        Address = "address",
        /// Words name it by another name.
        Alias = "alias",
        /// Somebody picked it.
        Picked = "picked",
        /// The coordinates lie in its approximate box and near its approximate centre: an estimate.
        Box = "box",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert_eq!("e-mail".parse(), Ok(Channel::Email));
        assert!("Phone".parse::<Channel>().is_err());
    }
}
