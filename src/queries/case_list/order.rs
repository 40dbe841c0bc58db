//! The orders a list can have, and where a page ends in them.

use std::str::FromStr;

use uuid::Uuid;

/// What cases are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortKey {
    /// When they were received.
    #[default]
    Received,
    /// The earliest deadline that runs; cases without one come last, either way.
    Due,
    /// When the last thing happened.
    Updated,
    /// The number.
    Number,
}

/// An order. Cases with the same key are in the order of their ids, so every order is total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub key: SortKey,
    /// Greatest first.
    pub descending: bool,
}

impl Default for Order {
    /// The newest first.
    fn default() -> Self {
        Self { key: SortKey::Received, descending: true }
    }
}

/// The last case of a page, from which the next goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Its key.
    pub key: Key,
    /// Its id.
    pub id: Uuid,
}

/// The value of a sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Microseconds.
    Int(i64),
    /// A number.
    Text(String),
    /// No deadline.
    Absent,
}

/// A stretch of an order that one index gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Cases that have the key.
    Keyed,
    /// Cases without a deadline, last in either direction, in the order of their ids.
    WithoutDue,
}

impl Order {
    /// The words of all orders.
    pub const NAMES: &'static [&'static str] =
        &["received", "-received", "due", "-due", "updated", "-updated", "number", "-number"];

    /// The word of this order.
    pub const fn name(self) -> &'static str {
        let at = match self.key {
            SortKey::Received => 0,
            SortKey::Due => 2,
            SortKey::Updated => 4,
            SortKey::Number => 6,
        };
        Self::NAMES[at + self.descending as usize]
    }

    /// The sections of the order that come after the end of the page before.
    pub(super) fn sections(self, after: Option<&After>) -> &'static [Section] {
        match (self.key, after.map(|after| &after.key)) {
            (SortKey::Due, Some(Key::Absent)) => &[Section::WithoutDue],
            (SortKey::Due, _) => &[Section::Keyed, Section::WithoutDue],
            _ => &[Section::Keyed],
        }
    }

    /// The column ordered by.
    pub(super) const fn column(self) -> &'static str {
        match self.key {
            SortKey::Received => "c.received_at",
            SortKey::Updated => "c.updated_at",
            SortKey::Number => "c.number",
            SortKey::Due => "c.next_due",
        }
    }

    pub(super) fn sql(self, section: Section) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        match section {
            Section::Keyed => format!("{} {direction}, c.case_id {direction}", self.column()),
            Section::WithoutDue => format!("c.case_id {direction}"),
        }
    }
}

impl FromStr for Order {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let (name, descending) = match word.strip_prefix('-') {
            Some(name) => (name, true),
            None => (word, false),
        };
        let key = match name {
            "received" => SortKey::Received,
            "due" => SortKey::Due,
            "updated" => SortKey::Updated,
            "number" => SortKey::Number,
            _ => return Err(()),
        };
        Ok(Self { key, descending })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_reads_back() {
        for name in Order::NAMES {
            assert_eq!(name.parse::<Order>().map(Order::name), Ok(*name));
        }
        assert!("--due".parse::<Order>().is_err());
    }
}
