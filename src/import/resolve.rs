//! From a value of the source to a code of the directory or a word of a closed list.

use std::collections::{BTreeSet, HashMap};

use super::map::{By, Lookup, Map, MapError, Unknown};
use super::rejects::Reject;
use super::rows::Row;

/// What a value may stand for: its code, its name, and what it is.
pub(super) struct Candidate<T> {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) value: T,
}

/// One lookup of the map, bound to what exists.
#[derive(Clone, Debug)]
pub(super) struct Resolver<T> {
    field: &'static str,
    column: Option<usize>,
    table: HashMap<String, T>,
    default: Option<T>,
    unknown: Unknown,
}

impl<T: Clone> Resolver<T> {
    /// Binds a lookup; `usual` is the default when the map names none.
    ///
    /// # Errors
    /// When the map names a code that does not exist.
    pub(super) fn new(
        map: &Map,
        field: &'static str,
        lookup: &Lookup,
        candidates: Vec<Candidate<T>>,
        usual: Option<T>,
    ) -> Result<Self, MapError> {
        let by_code: HashMap<&str, &T> =
            candidates.iter().map(|c| (c.code.as_str(), &c.value)).collect();
        let existing = |place: String, code: &String| {
            by_code
                .get(code.as_str())
                .map(|value| (*value).clone())
                .ok_or_else(|| map.wrong(place, format!("there is no {field} `{code}`")))
        };
        let by = lookup.by.or(lookup.values.is_empty().then_some(By::Code));
        let mut table = match by {
            Some(By::Code) => {
                candidates.iter().map(|c| (c.code.clone(), c.value.clone())).collect()
            }
            Some(By::Name) => by_name(&candidates),
            None => HashMap::new(),
        };
        for (value, code) in &lookup.values {
            let found = existing(format!("{field}.values.{value:?}"), code)?;
            table.insert(value.clone(), found);
        }
        let default = match &lookup.default {
            Some(code) => Some(existing(format!("{field}.default"), code)?),
            None => usual,
        };
        if lookup.unknown == Unknown::Default && default.is_none() {
            return Err(
                map.wrong(format!("{field}.default"), "is missing, but `unknown` asks for it")
            );
        }
        let column = lookup.column.as_ref().and_then(|column| map.place(column));
        Ok(Self { field, column, table, default, unknown: lookup.unknown })
    }

    /// What the row's value stands for; none where it is empty or stands for nothing and the map
    /// allows that.
    ///
    /// # Errors
    /// The rejection the map asks for.
    pub(super) fn resolve(&self, row: &Row) -> Result<Option<T>, Reject> {
        let given = self.column.map_or("", |column| row.field(column));
        if given.trim().is_empty() {
            return Ok(self.default.clone());
        }
        if let Some(found) = self.table.get(given).or_else(|| self.table.get(given.trim())) {
            return Ok(Some(found.clone()));
        }
        match self.unknown {
            Unknown::Default => Ok(self.default.clone()),
            Unknown::None => Ok(None),
            Unknown::Reject => {
                let given: String = given.chars().take(60).collect();
                Err(row.reject(self.field, format!("`{given}` is not known")))
            }
        }
    }

    /// As [`Resolver::resolve`], for what every case needs.
    ///
    /// # Errors
    /// The rejection the map asks for, or that nothing was given.
    pub(super) fn required(&self, row: &Row) -> Result<T, Reject> {
        self.resolve(row)?
            .ok_or_else(|| row.reject(self.field, "is empty and the map has no default"))
    }
}

/// By name; a name that several have stands for none of them.
fn by_name<T: Clone>(candidates: &[Candidate<T>]) -> HashMap<String, T> {
    let mut table = HashMap::new();
    let mut shared = BTreeSet::new();
    for candidate in candidates {
        if table.insert(candidate.name.clone(), candidate.value.clone()).is_some() {
            shared.insert(candidate.name.as_str());
        }
    }
    for name in shared {
        table.remove(name);
    }
    table
}
