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

    /// The expression ordered by. Without a deadline counts as latest in either direction.
    pub(super) const fn expression(self) -> &'static str {
        match (self.key, self.descending) {
            (SortKey::Received, _) => "c.received_at",
            (SortKey::Updated, _) => "c.updated_at",
            (SortKey::Number, _) => "c.number",
            (SortKey::Due, false) => "COALESCE(c.next_due, 9223372036854775807)",
            (SortKey::Due, true) => "COALESCE(c.next_due, -9223372036854775807)",
        }
    }

    /// The value of [`Self::expression`] for a case without a deadline.
    pub(super) const fn without_due(self) -> i64 {
        if self.descending { -i64::MAX } else { i64::MAX }
    }

    pub(super) fn sql(self) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        format!("{} {direction}, c.case_id {direction}", self.expression())
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
