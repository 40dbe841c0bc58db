//! From one table of kinds, versions and fields: the enum of events, a type each, and how they are
//! read and written.

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $kind:literal v $version:literal { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        /// An event of a case.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event {
            $($(#[$doc])* $name($name),)+
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                $($(#[$fdoc])* pub $field: $type,)*
            }
        )+

        impl Event {
            /// The kinds of all events with the version each is written in.
            pub const KINDS: &'static [(&'static str, u16)] = &[$(($kind, $version)),+];

            /// The kind, as stored.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)+ }
            }

            /// The version of the shape, as stored.
            pub const fn schema(&self) -> u16 {
                match self { $(Self::$name(_) => $version,)+ }
            }

            pub(super) fn to_json(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$name(event) => serde_json::to_string(event),)+ }
            }

            /// Reads the present version of a kind from any format; none for an unknown kind.
            pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
                kind: &str,
                from: D,
            ) -> Option<Result<Self, D::Error>> {
                match kind {
                    $($kind => Some($name::deserialize(from).map(Self::$name)),)+
                    _ => None,
                }
            }
        }

        $(impl From<$name> for Event {
            fn from(event: $name) -> Self {
                Self::$name(event)
            }
        })+
    };
}

pub(super) use events;
