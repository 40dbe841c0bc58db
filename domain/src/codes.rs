//! Codes of the city's directory: short strings a city official wrote, typed so that an agency
//! cannot be passed where a ward is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// Wraps a code as it stands in the directory; whether it exists there is the rule
            /// set's to say.
            pub fn new(code: impl Into<String>) -> Self {
                Self(code.into())
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

code!(
    /// One of the agencies, e.g. `UBND-Q1`, `UDC`.
    AgencyCode
);
code!(
    /// A focal point ("đầu mối") of an agency, e.g. `UDC-01`.
    FocalPointCode
);
code!(
    /// One of the sectors, e.g. `GT`.
    SectorCode
);
code!(
    /// One of the categories, e.g. `GT01`.
    CategoryCode
);
code!(
    /// A district of the directory, e.g. `BTH`.
    DistrictCode
);
code!(
    /// A ward by its statistics-office code, e.g. `26905`.
    WardCode
);
