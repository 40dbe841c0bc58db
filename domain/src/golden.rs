//! What is on disk stays readable: the frozen samples and shapes of every event in `domain/golden`,
//! and the check that holds the types against them. The README there says how to use it.
//!
//! Nothing is written by hand: [`probe`] walks a type through its own `Deserialize`, which tells
//! every field, what may be missing and every word of a closed list; [`shape`] makes of it the
//! lines of a `.shape` file and the samples of a `.json` file.

mod check;
mod probe;
mod samples;
mod shape;
mod tests;

use serde::Deserializer;

pub(crate) use tests::check_family;

use crate::case::codec::Stored;

/// One family of events with a codec of its own, e.g. all kinds that begin with `case.`.
pub(crate) trait Family {
    /// One of its events.
    type Event;
    /// What all its kinds begin with, e.g. `case.`.
    const PREFIX: &'static str;
    /// Its kinds, each with the version it is written in today.
    const KINDS: &'static [(&'static str, u16)];

    /// Reads today's shape of a kind from any format; none for an unknown kind.
    fn read<'de, D: Deserializer<'de>>(
        kind: &str,
        from: D,
    ) -> Option<Result<Self::Event, D::Error>>;

    /// Writes as the log stores it.
    fn encode(event: &Self::Event) -> Result<Stored, String>;

    /// Reads any version, as from the log.
    fn decode(kind: &str, schema: u16, data: &str) -> Result<Self::Event, String>;

    /// Does with an event what the program does with it after reading; must not panic.
    fn fold(event: Self::Event);
}
