//! The inline projections by name: what `hoiam projections` names, rebuilds and verifies one by
//! one. Their rows are written in the append's own transaction.

use crate::change::Change;
use crate::table::{Row, Table};
use crate::{case_list, case_text, ledger, outbox, parties, people, timers};

/// An inline projection.
#[derive(Debug)]
pub struct Inline {
    /// Its name.
    pub name: &'static str,
    /// Raise it when its rows change: they are then filled anew beside the old ones.
    pub version: u32,
    /// The tables it owns.
    pub tables: &'static [&'static Table],
    rows: fn(&Change<'_>, &mut Vec<Row>),
}

impl Inline {
    /// Adds the rows for one append.
    pub fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        (self.rows)(change, rows);
    }
}

/// All inline projections, in the order they are written.
pub static INLINE: &[Inline] = &[
    Inline {
        name: "cases",
        // 2: the case a merged one went into.
        version: 2,
        tables: &[&case_list::CASES, &case_list::CASE_AGENCIES],
        rows: case_list::rows,
    },
    Inline {
        name: "case_texts",
        // 2: migration 0004 had cut excerpts out of the old pages in SQL, otherwise than here.
        // 3: words are hashed, excerpts sealed.
        // 4: who wishes to be hidden is not in the excerpt.
        // 5: nor found by the words of their name.
        version: 5,
        tables: &[&case_text::CASE_TEXTS],
        rows: case_text::rows,
    },
    Inline { name: "ledger", version: 1, tables: &[&ledger::LEDGER], rows: ledger::rows },
    Inline {
        name: "timers",
        // 2: one row a case.
        version: 2,
        tables: &[&timers::TIMERS],
        rows: timers::rows,
    },
    Inline {
        name: "outbox",
        // 2: of sealed cases the group hears, of denunciations no agency.
        version: 2,
        tables: &[&outbox::OUTBOX],
        rows: outbox::rows,
    },
    Inline { name: "tracking", version: 1, tables: &[&parties::TRACKING], rows: parties::rows },
    Inline { name: "case_people", version: 1, tables: &[&people::CASE_PEOPLE], rows: people::rows },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TABLES;

    #[test]
    fn every_table_has_one_inline_projection() {
        let owned: Vec<&str> =
            INLINE.iter().flat_map(|inline| inline.tables).map(|table| table.name).collect();
        let declared: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(owned, declared);
    }
}
