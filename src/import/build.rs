//! From a row to a record of the domain.

use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::command::{Ended, Found, Outcome};
use hoiam_domain::case::import::Record;
use hoiam_domain::case::party::{Contact, Location, Party, SourceRef};
use hoiam_domain::case::stage::ClosedBy;
use hoiam_domain::codes::{AgencyCode, CategoryCode, DistrictCode, SectorCode, WardCode};
use hoiam_domain::kinds::{Channel, Kind, PlaceSource};
use hoiam_domain::private::Private;
use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::boundaries::Boundaries;
use jiff::Timestamp;

use super::map::{Coordinates, Map, MapError};
use super::rejects::Reject;
use super::resolve::{Candidate, Resolver};
use super::rows::Row;

/// Longest text of an imported case, in characters: far more than the desk takes, far less than
/// one append may have.
const LONGEST_TEXT: usize = 100_000;

const OUTCOMES: [Outcome; 7] = [
    Outcome::Done,
    Outcome::Answered,
    Outcome::Planned,
    Outcome::Refused,
    Outcome::Referred,
    Outcome::Duplicate,
    Outcome::Withdrawn,
];

/// A map bound to a rule set: every code it leads to exists.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    map: &'a Map,
    rules: &'a RuleSet,
    prefix: &'a str,
    category: Resolver<CategoryCode>,
    sector: Resolver<SectorCode>,
    agency: Resolver<AgencyCode>,
    district: Resolver<DistrictCode>,
    ward: Resolver<WardCode>,
    channel: Resolver<Channel>,
    kind: Resolver<Kind>,
    outcome: Resolver<Outcome>,
}

/// The rows of a directory's table as candidates of a resolver.
macro_rules! candidates {
    ($table:expr) => {
        $table
            .iter()
            .map(|(code, row)| Candidate {
                code: code.to_string(),
                name: row.name.clone(),
                value: code.clone(),
            })
            .collect()
    };
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<Candidate<T>> {
    let candidate = |value: &T| Candidate {
        code: word(*value).to_owned(),
        name: word(*value).to_owned(),
        value: *value,
    };
    all.iter().map(candidate).collect()
}

impl<'a> Builder<'a> {
    /// Binds a map.
    ///
    /// # Errors
    /// When it names a code that does not exist.
    pub(super) fn new(map: &'a Map, rules: &'a RuleSet, prefix: &'a str) -> Result<Self, MapError> {
        let (file, directory) = (&map.file, &rules.directory);
        let categories = candidates!(directory.categories);
        let sectors = candidates!(directory.sectors);
        let agencies = candidates!(directory.agencies);
        let districts = candidates!(directory.districts);
        let wards = candidates!(directory.wards);
        let channels = words(Channel::ALL, Channel::as_str);
        let kinds = words(Kind::ALL, Kind::as_str);
        let outcomes = words(&OUTCOMES, Outcome::as_str);
        let (kind, outcome) = (Some(Kind::Incident), Some(Outcome::Done));
        Ok(Self {
            map,
            rules,
            prefix,
            category: Resolver::new(map, "category", &file.category, categories, None)?,
            sector: Resolver::new(map, "sector", &file.sector, sectors, None)?,
            agency: Resolver::new(map, "agency", &file.agency, agencies, None)?,
            district: Resolver::new(map, "district", &file.district, districts, None)?,
            ward: Resolver::new(map, "ward", &file.ward, wards, None)?,
            channel: Resolver::new(map, "channel", &file.channel, channels, None)?,
            kind: Resolver::new(map, "kind", &file.kind, kinds, kind)?,
            outcome: Resolver::new(map, "outcome", &file.outcome, outcomes, outcome)?,
        })
    }

    /// The record of a row, as the source knows it: number and tracking code come later.
    ///
    /// # Errors
    /// Why the row cannot be taken.
    pub(super) fn record(&self, row: &Row) -> Result<Record, Reject> {
        let columns = &self.map.file.columns;
        let received_at = self
            .time(row, "received_at", Some(&columns.received_at))?
            .ok_or_else(|| row.reject("received_at", "is empty"))?;
        let number = CaseNumber::new(self.prefix, self.year(received_at), 1)
            .map_err(|error| row.reject("received_at", error.to_string()))?;
        let found = self.found(row)?;
        let ended = match self.time(row, "closed_at", columns.closed_at.as_ref())? {
            Some(at) => {
                Some(Ended { at, by: ClosedBy::Source, outcome: self.outcome.required(row)? })
            }
            None => None,
        };
        let channel = self.channel.required(row)?;
        let closing_note = self.words(row, "closing_note", columns.closing_note.as_ref())?;
        Ok(Record {
            number,
            source: SourceRef { system: self.map.file.system.clone(), id: row.id().to_owned() },
            channel,
            text: Private::new(self.text(row)?),
            location: self.location(row)?,
            reporter: self.reporter(row, channel)?,
            public: self.map.file.public && !found.confidential,
            agency: self.agency.resolve(row)?,
            received_at,
            target: self.time(row, "target", columns.target.as_ref())?,
            ended,
            closing_note: closing_note.map(Private::new),
            found,
        })
    }

    /// The record with the district and ward its coordinates lie in, where the source does not name
    /// them and imported boundaries leave no doubt. An estimate would look like what was recorded.
    pub(super) fn placed(&self, mut record: Record, boundaries: &Boundaries) -> Record {
        let found = &mut record.found;
        let location = record.location.as_ref();
        let point = location.and_then(|location| location.lat.zip(location.lon));
        let known = found.district.is_some() && found.ward.is_some();
        let Some(point) = point.filter(|_| !boundaries.is_empty() && !known) else { return record };
        found.rule_set = format!("{}+{}", self.rules.hash, boundaries.hash());
        let Some((district, ward)) = self.rules.located(point, record.received_at, boundaries)
        else {
            return record;
        };
        if found.district.is_none() && found.ward.is_none() {
            found.place_source = Some(PlaceSource::Boundary);
            (found.district, found.ward) = (Some(district), ward);
        } else if found.district.as_ref() == Some(&district) {
            found.ward = ward;
        }
        record
    }

    /// The calendar year of a number, in the city's own zone.
    pub(super) fn year(&self, at: Timestamp) -> i16 {
        at.to_zoned(self.rules.policy.calendars.zone().clone()).year()
    }

    fn given<'r>(&self, row: &'r Row, column: Option<&String>) -> &'r str {
        column.and_then(|column| self.map.place(column)).map_or("", |at| row.field(at))
    }

    fn time(
        &self,
        row: &Row,
        field: &'static str,
        column: Option<&String>,
    ) -> Result<Option<Timestamp>, Reject> {
        let given = self.given(row, column);
        if given.trim().is_empty() {
            return Ok(None);
        }
        self.map.dates.read(given).map(Some).map_err(|reason| row.reject(field, reason))
    }

    fn words(
        &self,
        row: &Row,
        field: &'static str,
        column: Option<&String>,
    ) -> Result<Option<String>, Reject> {
        let text = clean(self.given(row, column));
        if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT {
            return Err(row.reject(field, format!("is longer than {LONGEST_TEXT} characters")));
        }
        Ok((!text.is_empty()).then_some(text))
    }

    fn text(&self, row: &Row) -> Result<String, Reject> {
        let mut lines: Vec<String> = Vec::new();
        for column in &self.map.file.columns.text {
            let line = self.words(row, "text", Some(column))?;
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
        Ok(lines.join("\n"))
    }

    fn found(&self, row: &Row) -> Result<Found, Reject> {
        let kind = self.kind.required(row)?;
        let category = self.category.resolve(row)?;
        let known = category.as_ref().and_then(|code| self.rules.directory.category(code));
        let sector = self.sector.resolve(row)?.or_else(|| known.map(|known| known.sector.clone()));
        let sealed = self.rules.settings.sealed_kinds.contains(&kind);
        Ok(Found {
            kind,
            sector,
            priority: known.map(|known| known.priority),
            urgent: known.is_some_and(|known| known.urgent),
            confidential: sealed || known.is_some_and(|known| known.confidential),
            category,
            district: self.district.resolve(row)?,
            ward: self.ward.resolve(row)?,
            place_source: None,
            confidence: None,
            because: Private::default(),
            rule: None,
            rule_set: self.rules.hash.clone(),
        })
    }

    fn location(&self, row: &Row) -> Result<Option<Location>, Reject> {
        let columns = &self.map.file.columns;
        let point = match (self.point(row), self.map.file.coordinates) {
            (Ok(point), _) => point,
            (Err(_), Coordinates::Lenient) => None,
            (Err(reject), Coordinates::Strict) => return Err(reject),
        };
        let address = self.words(row, "address", columns.address.as_ref())?;
        let location = Location {
            lat: point.map(|(lat, _)| lat),
            lon: point.map(|(_, lon)| lon),
            address: address.map(Private::new),
            address_mark: None,
        };
        Ok((point.is_some() || location.address.is_some()).then_some(location))
    }

    fn point(&self, row: &Row) -> Result<Option<(f64, f64)>, Reject> {
        let columns = &self.map.file.columns;
        let lat = self.degrees(row, "lat", columns.lat.as_ref())?;
        let lon = self.degrees(row, "lon", columns.lon.as_ref())?;
        match (lat, lon) {
            (None, None) => Ok(None),
            (Some(lat), Some(lon)) => {
                let checked = self.rules.directory.check_point(lat, lon);
                checked.map_err(|error| row.reject("lat", error.to_string()))?;
                Ok(Some((lat, lon)))
            }
            (None, Some(_)) => Err(row.reject("lat", "is empty, but lon is given")),
            (Some(_), None) => Err(row.reject("lon", "is empty, but lat is given")),
        }
    }

    fn degrees(
        &self,
        row: &Row,
        field: &'static str,
        column: Option<&String>,
    ) -> Result<Option<f64>, Reject> {
        let given = self.given(row, column).trim();
        if given.is_empty() {
            return Ok(None);
        }
        let degrees = given.parse::<f64>().ok().filter(|degrees| degrees.is_finite());
        degrees.map(Some).ok_or_else(|| {
            let given: String = given.chars().take(60).collect();
            row.reject(field, format!("`{given}` is not a number"))
        })
    }

    fn reporter(&self, row: &Row, channel: Channel) -> Result<Party, Reject> {
        let columns = &self.map.file.columns;
        let part = |field, column| Ok(self.words(row, field, column)?.map(Private::new));
        let contact = Contact {
            name: part("reporter_name", columns.reporter_name.as_ref())?,
            phone: part("reporter_phone", columns.reporter_phone.as_ref())?,
            email: part("reporter_email", columns.reporter_email.as_ref())?,
        };
        Ok(Party {
            id: "party_1".to_owned(),
            anonymous: contact == Contact::default(),
            contact,
            channel,
            tracking_hash: String::new(),
        })
    }
}

/// Without outer white space, and with spaces in place of control characters that are no line
/// ends or tabs.
fn clean(text: &str) -> String {
    let plain = |c: char| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
    text.trim().chars().map(plain).collect::<String>().trim().to_owned()
}
