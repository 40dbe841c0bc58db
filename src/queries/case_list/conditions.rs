//! The conditions of a list as SQL both databases understand, with their values.

use std::fmt::Write;

use hoiam_domain::actor::{Actor, Role};
use uuid::Uuid;

use super::order::{After, Key, Order, Section, SortKey};
use super::{Given, ListQuery, OpenPart};

/// A value to bind.
#[derive(Clone, Debug)]
pub(in crate::queries) enum Bind {
    Text(String),
    Int(i64),
    Id(Uuid),
}

/// Binds a value to a query of either database.
macro_rules! bound {
    ($query:expr, $bind:expr) => {
        match $bind {
            $crate::queries::case_list::conditions::Bind::Text(text) => $query.bind(text),
            $crate::queries::case_list::conditions::Bind::Int(number) => $query.bind(number),
            $crate::queries::case_list::conditions::Bind::Id(id) => $query.bind(id),
        }
    };
}
pub(in crate::queries) use bound;

/// Conditions that must all hold.
#[derive(Debug, Default)]
pub(in crate::queries) struct Conditions {
    all: Vec<String>,
    binds: Vec<Bind>,
}

impl Conditions {
    /// What a page of one section of a list asks of each case, words left out.
    pub(super) fn of(reader: &Actor, query: &ListQuery, section: Section) -> Self {
        let mut conditions = Self::default();
        conditions.visible_to(reader);
        conditions.filters(query);
        if query.q.is_some() {
            conditions.no_denunciation();
        }
        conditions.section(query.order, section);
        if let Some(after) = &query.after {
            conditions.after(query.order, section, after);
        }
        conditions
    }

    /// What the list is walked by: what an index knows of, and nothing of sealed cases to anybody
    /// outside the group, for a page may end with a case that does not fit.
    pub(super) fn of_way(reader: &Actor, query: &ListQuery, section: Section) -> Self {
        let mut conditions = Self::default();
        match reader.role {
            Role::System => {}
            Role::Coordinator if reader.in_group => {}
            _ => conditions.push("c.confidential = 0"),
        }
        conditions.filters(&query.by_index());
        conditions.section(query.order, section);
        if let Some(after) = &query.after {
            conditions.after(query.order, section, after);
        }
        conditions
    }

    /// The conditions as one, and the values.
    pub(in crate::queries) fn finish(self) -> (String, Vec<Bind>) {
        let filter = if self.all.is_empty() { "1 = 1".to_owned() } else { self.all.join(" AND ") };
        (filter, self.binds)
    }

    /// The placeholder of a value.
    pub(in crate::queries) fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        format!("${}", self.binds.len())
    }

    pub(in crate::queries) fn text(&mut self, text: &str) -> String {
        self.bind(Bind::Text(text.to_owned()))
    }

    pub(in crate::queries) fn push(&mut self, condition: impl Into<String>) {
        self.all.push(condition.into());
    }

    /// What `may_view` says, as a condition.
    pub(in crate::queries) fn visible_to(&mut self, reader: &Actor) {
        match reader.role {
            Role::System => {}
            Role::Coordinator if reader.in_group => {}
            Role::Coordinator
            | Role::Operator
            | Role::Administrator
            | Role::Integration
            | Role::CityLeader
            | Role::Auditor => {
                self.push("c.confidential = 0");
            }
            Role::Citizen => self.push("1 = 0"),
            Role::AgencyCoordinator | Role::UnitLeader | Role::Handler => match &reader.agency {
                Some(agency) => self.agency_people(reader, agency.as_str()),
                None => self.push("1 = 0"),
            },
        }
    }

    /// No denunciation: what it says is read with a reason only, so no words find it and nobody is
    /// told what it resembles.
    pub(in crate::queries) fn no_denunciation(&mut self) {
        self.push(
            "(c.confidential = 0 OR NOT EXISTS (SELECT 1 FROM cases k \
             WHERE k.case_id = c.case_id AND k.kind = 'denunciation'))",
        );
    }

    fn agency_people(&mut self, reader: &Actor, agency: &str) {
        self.involving(agency);
        self.no_denunciation();
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
        // In another order than that of receipt, the indexes by stage, kind and lead would make the
        // database sort all cases of one: what is no bare column, they do not know of.
        let by_receipt = query.order.key == SortKey::Received;
        let column = |bare, covered| if by_receipt { bare } else { covered };
        self.one_of(column("c.status", "(c.status || '')"), &query.status);
        self.one_of(column("c.kind", "(c.kind || '')"), &query.kind);
        self.one_of("c.channel", &query.channel);
        self.one_of("c.priority", &query.priority);
        if let Some(agency) = &query.agency {
            self.involving(agency);
        }
        self.equals_or_none(column("c.agency", "(c.agency || '')"), query.lead.as_ref());
        self.equals_or_none("c.focal_point", query.focal_point.as_ref());
        self.equals_or_none("c.handler", query.handler.as_ref());
        if let Some(urgent) = query.urgent {
            self.push(if urgent { "c.urgent = 1" } else { "c.urgent = 0" });
        }
        if let Some(part) = &query.part {
            self.open_part(part);
        }
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
        if let Some(from) = query.due_from {
            let from = self.bind(Bind::Int(from));
            self.push(format!("c.next_due >= {from}"));
        }
        if let Some(before) = query.due_before {
            let before = self.bind(Bind::Int(before));
            self.push(format!("c.next_due < {before}"));
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

    /// A value, or none at all.
    fn equals_or_none(&mut self, column: &str, value: Option<&Given>) {
        match value {
            Some(Given::Is(value)) => self.equals(column, Some(value)),
            Some(Given::Absent) => self.push(format!("{column} IS NULL")),
            None => {}
        }
    }

    /// A co-agency's part that is not finished. Asked of the workload, which is behind the log by
    /// a moment, as the figures are that lead here.
    fn open_part(&mut self, part: &OpenPart) {
        let agency = self.text(&part.agency);
        let due = part.due_before.map(|before| self.bind(Bind::Int(before)));
        let due = due.map(|before| format!(" AND w.next_due < {before}")).unwrap_or_default();
        self.push(format!(
            "c.case_id IN (SELECT w.case_id FROM workload w WHERE w.part = 'co' \
             AND w.agency = {agency} AND w.open = 1{due})"
        ));
    }

    fn one_of(&mut self, column: &str, values: &[String]) {
        if !values.is_empty() {
            let places: Vec<String> = values.iter().map(|value| self.text(value)).collect();
            self.push(format!("{column} IN ({})", places.join(", ")));
        }
    }

    /// Only these cases, as one value. As a set of their own, so that the database begins with them
    /// and not with the order.
    pub(super) fn among(&mut self, ids: &[Uuid], sqlite: bool) {
        let mut list = String::with_capacity(ids.len() * 40 + 2);
        list.push(if sqlite { '[' } else { '{' });
        for (nr, id) in ids.iter().enumerate() {
            if nr > 0 {
                list.push(',');
            }
            // Writing to a string cannot fail.
            let _ = write!(list, "\"{}\"", id.simple());
        }
        list.push(if sqlite { ']' } else { '}' });
        let list = self.bind(Bind::Text(list));
        self.push(if sqlite {
            format!("c.case_id IN (SELECT unhex(i.value) FROM json_each({list}) i)")
        } else {
            format!("c.case_id IN (SELECT unnest(CAST({list} AS UUID[])))")
        });
    }

    /// Only cases of a section of the order.
    fn section(&mut self, order: Order, section: Section) {
        match (order.key, section) {
            (SortKey::Due, Section::Keyed) => self.push("c.next_due IS NOT NULL"),
            (_, Section::Keyed) => {}
            (_, Section::WithoutDue) => self.push("c.next_due IS NULL"),
        }
    }

    /// Nothing behind a place in a section of the order.
    pub(super) fn until(&mut self, order: Order, end: &After) {
        let comparison = if order.descending { ">=" } else { "<=" };
        let key = match &end.key {
            Key::Int(number) => Bind::Int(*number),
            Key::Text(text) => Bind::Text(text.clone()),
            Key::Absent => {
                let id = self.bind(Bind::Id(end.id));
                return self.push(format!("c.case_id {comparison} {id}"));
            }
        };
        let (key, id) = (self.bind(key), self.bind(Bind::Id(end.id)));
        self.push(format!("({}, c.case_id) {comparison} ({key}, {id})", order.column()));
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
