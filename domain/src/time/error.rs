//! What can go wrong in counting time.

/// Why a deadline cannot be computed. Never answered with a guess.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The calendar has no holidays for a year the period touches.
    #[error(
        "the calendar does not cover the year {year} (it covers {first} to {last}); add the year to calendars.toml"
    )]
    YearNotCovered {
        /// The missing year.
        year: i16,
        /// First year covered.
        first: i16,
        /// Last year covered.
        last: i16,
    },
    /// The agency's hours leave nothing to count.
    #[error("the schedule has no office hours left before the end of {last}")]
    NoOfficeHours {
        /// Last year covered.
        last: i16,
    },
    /// The moment lies outside the years a timestamp can hold.
    #[error("the period ends outside the years -9999 to 9999")]
    OutOfRange,
}
