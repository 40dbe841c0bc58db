//! What was done with the data of a person, as events: that they were given to them, that they
//! were erased. A person is known by a keyed hash only; after an erasure nothing leads from there to
//! anybody. Where the contact alone was erased, their other hashes and their cases lead to the
//! person, so that the rest can be erased as well.

use uuid::Uuid;

use crate::case::command::ErasedPart;
use crate::event_family::event_family;

event_family! {
    /// An event of a person's data.
    PersonEvent;

    /// Everything held about them was put together, for them.
    Exported = "person.exported" v 1 {
        /// How many cases.
        cases: u64,
    }
    /// Their data were erased: what is left is this.
    Erased = "person.erased" v 1 {
        /// The streams of the cases they had reported.
        cases: Vec<Uuid>,
        /// What was erased of them.
        what: ErasedPart,
        /// The provision.
        legal_ground: String,
    }
    /// In the stream of another telephone number or e-mail address of theirs, or of a case: whose it
    /// was, when the contact alone was erased.
    Known = "person.known" v 1 {
        /// The person's id.
        person: Uuid,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserializer;

    use super::*;
    use crate::case::codec::Stored;
    use crate::golden::{Family, check_family};

    struct People;

    impl Family for People {
        type Event = PersonEvent;
        const PREFIX: &'static str = "person.";
        const KINDS: &'static [(&'static str, u16)] = PersonEvent::KINDS;

        fn read<'de, D: Deserializer<'de>>(
            kind: &str,
            from: D,
        ) -> Option<Result<PersonEvent, D::Error>> {
            read(kind, from)
        }

        fn encode(event: &PersonEvent) -> Result<Stored, String> {
            encode(event).map_err(|error| error.to_string())
        }

        fn decode(kind: &str, schema: u16, data: &str) -> Result<PersonEvent, String> {
            decode(kind, schema, data).map_err(|error| error.to_string())
        }

        fn fold(_: PersonEvent) {}
    }

    #[test]
    fn golden() {
        check_family::<People>();
    }
}
