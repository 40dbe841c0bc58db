//! The conditions of a list as SQL both databases understand, with their values.

use hoiam_domain::actor::{Actor, Role};
use uuid::Uuid;

use super::ListQuery;
use super::order::{After, Key, Order, Section, SortKey};
use super::words;

/// A value to bind.
#[derive(Clone, Debug)]
pub(super) enum Bind {
    Text(String),
    Int(i64),
    Id(Uuid),
}

/// Conditions that must all hold.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    all: Vec<String>,
    binds: Vec<Bind>,
}

impl Conditions {
    /// The conditions as one, and the values.
    pub(super) fn finish(self) -> (String, Vec<Bind>) {
        let filter = if self.all.is_empty() { "1 = 1".to_owned() } else { self.all.join(" AND ") };
        (filter, self.binds)
    }

    /// The placeholder of a value.
    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        format!("${}", self.binds.len())
    }

    fn text(&mut self, text: &str) -> String {
        self.bind(Bind::Text(text.to_owned()))
    }

    fn push(&mut self, condition: impl Into<String>) {
        self.all.push(condition.into());
    }

    /// What `may_view` says, as a condition.
    pub(super) fn visible_to(&mut self, reader: &Actor) {
        match reader.role {
            Role::System | Role::Coordinator => {}
            Role::Operator | Role::Administrator | Role::Integration => {
                self.push("c.confidential = 0");
            }
            Role::Citizen => self.push("1 = 0"),
            Role::AgencyCoordinator | Role::UnitLeader | Role::Handler => match &reader.agency {
                Some(agency) => self.agency_people(reader, agency.as_str()),
                None => self.push("1 = 0"),
            },
        }
    }

    fn agency_people(&mut self, reader: &Actor, agency: &str) {
        self.involving(agency);
        let own = self.text(agency);
        self.push(format!("(c.accused IS NULL OR c.accused <> {own})"));
        if let Some(limit) = &reader.focal_point {
            let limit = self.text(limit.as_str());
            self.push(format!(
                "(c.agency IS NULL OR c.agency <> {own} OR c.focal_point IS NULL OR c.focal_point = {limit})"
            ));
        }
        if reader.role == Role::Handler {
            let handler = self.text(&reader.id);
            self.push(format!("(c.confidential = 0 OR c.handler = {handler})"));
        }
    }

    /// The agency leads or takes part.
    fn involving(&mut self, agency: &str) {
        let agency = self.text(agency);
        self.push(format!(
            "EXISTS (SELECT 1 FROM case_agencies a WHERE a.case_id = c.case_id \
             AND a.agency = {agency} AND a.part IN ('lead', 'co'))"
        ));
    }

    pub(super) fn filters(&mut self, query: &ListQuery) {
        self.one_of("c.status", &query.status);
        self.one_of("c.kind", &query.kind);
        self.one_of("c.channel", &query.channel);
        self.one_of("c.priority", &query.priority);
        if let Some(agency) = &query.agency {
            self.involving(agency);
        }
        self.equals("c.focal_point", query.focal_point.as_ref());
        self.equals("c.sector", query.sector.as_ref());
        self.equals("c.category", query.category.as_ref());
        self.equals("c.district", query.district.as_ref());
        self.equals("c.number", query.number.as_ref());
        if let Some(from) = query.from {
            let from = self.bind(Bind::Int(from));
            self.push(format!("c.received_at >= {from}"));
        }
        if let Some(to) = query.to {
            let to = self.bind(Bind::Int(to));
            self.push(format!("c.received_at < {to}"));
        }
        if let Some((overdue, now)) = query.overdue {
            let now = self.bind(Bind::Int(now));
            self.push(if overdue {
                format!("c.next_due < {now}")
            } else {
                format!("(c.next_due IS NULL OR c.next_due >= {now})")
            });
        }
    }

    fn equals(&mut self, column: &str, value: Option<&String>) {
        if let Some(value) = value {
            let value = self.text(value);
            self.push(format!("{column} = {value}"));
        }
    }

    fn one_of(&mut self, column: &str, values: &[String]) {
        if !values.is_empty() {
            let places: Vec<String> = values.iter().map(|value| self.text(value)).collect();
            self.push(format!("{column} IN ({})", places.join(", ")));
        }
    }

    /// Each word occurs in the text. No word at all fits nothing.
    pub(super) fn words(&mut self, words: &[String], sqlite: bool) {
        if words.is_empty() {
            self.push("1 = 0");
        } else if sqlite {
            let matching = self.text(&words::fts5(words));
            self.push(format!(
                "c.case_id IN (SELECT t.case_id FROM case_words JOIN case_texts t \
                 ON t.id = case_words.rowid WHERE case_words MATCH {matching})"
            ));
        } else {
            let matching = self.text(&words::tsquery(words));
            self.push(format!(
                "c.case_id IN (SELECT case_id FROM case_texts \
                 WHERE words @@ to_tsquery('simple', {matching}))"
            ));
        }
    }

    /// Only cases of a section of the order.
    pub(super) fn section(&mut self, order: Order, section: Section) {
        match (order.key, section) {
            (SortKey::Due, Section::Keyed) => self.push("c.next_due IS NOT NULL"),
            (_, Section::Keyed) => {}
            (_, Section::WithoutDue) => self.push("c.next_due IS NULL"),
        }
    }

    /// Only what comes after the last case of the page before, within a section.
    pub(super) fn after(&mut self, order: Order, section: Section, after: &After) {
        let comparison = if order.descending { '<' } else { '>' };
        let key = match (&after.key, section) {
            (Key::Int(number), Section::Keyed) => Bind::Int(*number),
            (Key::Text(text), Section::Keyed) => Bind::Text(text.clone()),
            (Key::Absent, Section::WithoutDue) => {
                let id = self.bind(Bind::Id(after.id));
                return self.push(format!("c.case_id {comparison} {id}"));
            }
            // The page before ended in an earlier section: this one starts at its beginning.
            _ => return,
        };
        let (key, id) = (self.bind(key), self.bind(Bind::Id(after.id)));
        self.push(format!("({}, c.case_id) {comparison} ({key}, {id})", order.column()));
    }
}
