//! Families of events that are no cases': their types, kinds and codec, written once.
//!
//! Cases have a codec of their own, which lifts old versions and keeps personal data apart.

/// Declares the events of a family: an enum, a struct a kind, and `encode` and `decode`.
macro_rules! event_family {
    (
        $(#[$enum_doc:meta])* $family:ident;
        $($(#[$doc:meta])* $name:ident = $kind:literal v $version:literal {
            $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)?
        })+
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $family {
            $($(#[$doc])* $name($name),)+
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl From<$name> for $family {
                fn from(event: $name) -> Self {
                    Self::$name(event)
                }
            }
        )+

        impl $family {
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
        }

        /// Reads today's shape of a kind from any format; none for an unknown kind.
        pub fn read<'de, D: serde::Deserializer<'de>>(
            kind: &str,
            from: D,
        ) -> Option<Result<$family, D::Error>> {
            match kind {
                $($kind => {
                    Some(<$name as serde::Deserialize>::deserialize(from).map($family::$name))
                })+
                _ => None,
            }
        }

        /// Writes an event down.
        ///
        /// # Errors
        /// [`CodecError::Json`](crate::case::codec::CodecError) when it cannot be written.
        pub fn encode(
            event: &$family,
        ) -> Result<crate::case::codec::Stored, crate::case::codec::CodecError> {
            let data = match event { $($family::$name(event) => serde_json::to_string(event),)+ };
            let data = data.map_err(|error| $crate::event_family::broken(event.kind(), error))?;
            Ok(crate::case::codec::Stored { kind: event.kind(), schema: event.schema(), data })
        }

        /// Reads an event.
        ///
        /// # Errors
        /// [`CodecError`](crate::case::codec::CodecError) when the kind, shape or JSON is not known.
        pub fn decode(
            kind: &str,
            schema: u16,
            data: &str,
        ) -> Result<$family, crate::case::codec::CodecError> {
            $crate::event_family::known($family::KINDS, kind, schema)?;
            let mut json = serde_json::Deserializer::from_str(data);
            let event = read(kind, &mut json)
                .ok_or_else(|| crate::case::codec::CodecError::UnknownKind(kind.to_owned()))?
                .map_err(|error| $crate::event_family::broken(kind, error))?;
            json.end().map_err(|error| $crate::event_family::broken(kind, error))?;
            Ok(event)
        }
    };
}

pub(crate) use event_family;

use crate::case::codec::CodecError;

/// Whether a kind is of the family, and its shape not newer than this program.
pub(crate) fn known(kinds: &[(&str, u16)], kind: &str, schema: u16) -> Result<(), CodecError> {
    let unknown = || CodecError::UnknownKind(kind.to_owned());
    let known = kinds.iter().find(|(name, _)| *name == kind).ok_or_else(unknown)?.1;
    if schema > known {
        return Err(CodecError::NewerShape { kind: kind.to_owned(), found: schema, known });
    }
    Ok(())
}

pub(crate) fn broken(kind: &str, error: serde_json::Error) -> CodecError {
    CodecError::Json { kind: kind.to_owned(), error }
}
