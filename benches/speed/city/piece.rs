//! An envelope in pieces: what stays, and what every copy has of its own.

use std::fmt::Write;

use hoiam_domain::case::CaseNumber;
use hoiam_domain::private::Key;
use jiff::Timestamp;
use uuid::Uuid;

/// The prefix of the city's numbers.
pub const PREFIX: &str = "HCM";
/// The century of two-digit years.
pub const CENTURY: i16 = 2_000;

pub enum Piece {
    Text(String),
    /// A stream or a chain of causes.
    Id(Uuid),
    /// Microseconds since 1970.
    At(i64),
    /// The number of the case with this index.
    Number(u64),
    /// The tracking code's hash of the party with this index.
    TrackingHash(u64),
    /// A private text, in clear as the JSON of its value; a house number is put before that of the
    /// case with this index.
    Private(Key, String, Option<u64>),
    /// A coordinate.
    Degrees(f64),
}

/// What one copy writes into the pieces.
pub struct Stamp {
    pub copy: u64,
    /// Added to every instant, in microseconds.
    pub shift: i64,
    /// The index of the copy's first case in the whole city.
    pub first_case: u64,
}

/// Gives cases and parties their indices.
pub trait Indices {
    fn case(&mut self, number: &CaseNumber) -> u64;
    fn party(&mut self) -> u64;
}

/// Opens a sealed text.
pub type Open<'a> = &'a dyn Fn(&str) -> Option<(Key, String)>;
/// Seals a clear one.
pub type SealWith<'a> = &'a dyn Fn(Key, String) -> String;

/// Takes an envelope apart. What stands between quotation marks and has the shape of an id, an
/// instant or a number is one: nobody writes such a thing into a text and nothing else.
pub fn pieces(kind: &str, payload: &str, indices: &mut impl Indices, open: Open<'_>) -> Vec<Piece> {
    let mut cut = Cut { pieces: Vec::new(), payload, kept: 0 };
    let mut case = 0;
    for (at, _) in payload.match_indices('"') {
        if at < cut.kept {
            continue;
        }
        let (before, value) = (&payload[..at], &payload[at + 1..]);
        let quoted = value.split('"').next().unwrap_or_default();
        if before.ends_with("\"tracking_hash\":") {
            let party = indices.party();
            cut.replace(at + 1, quoted.len(), Piece::TrackingHash(party));
        } else if let Ok(id) = Uuid::try_parse(quoted)
            && quoted.len() == 36
        {
            cut.replace(at + 1, 36, Piece::Id(id));
        } else if let Some(instant) = instant(quoted) {
            cut.replace(at + 1, quoted.len(), Piece::At(instant));
        } else if let Some(number) = number(quoted) {
            case = indices.case(&number);
            cut.replace(at + 1, quoted.len(), Piece::Number(case));
        } else if quoted.starts_with('~')
            && let Some((key, clear)) = open(quoted)
        {
            let house = kind == "case.received" && before.ends_with("\"text\":");
            let private = Piece::Private(key, clear, house.then_some(case));
            cut.replace(at + 1, quoted.len(), private);
        } else if let Some(value) = value.strip_prefix("lat\":").or(value.strip_prefix("lon\":")) {
            let length = value.find([',', '}']).unwrap_or(0);
            if let Ok(degrees) = value[..length].parse() {
                cut.replace(at + "\"lat\":".len(), length, Piece::Degrees(degrees));
            }
        }
    }
    cut.finish()
}

fn instant(text: &str) -> Option<i64> {
    let looks = text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T';
    text.parse::<Timestamp>().ok().filter(|_| looks).map(Timestamp::as_microsecond)
}

fn number(text: &str) -> Option<CaseNumber> {
    text.strip_prefix(PREFIX)?.strip_prefix('-')?;
    text.parse().ok()
}

struct Cut<'a> {
    pieces: Vec<Piece>,
    payload: &'a str,
    kept: usize,
}

impl Cut<'_> {
    fn replace(&mut self, at: usize, length: usize, piece: Piece) {
        self.pieces.push(Piece::Text(self.payload[self.kept..at].to_owned()));
        self.pieces.push(piece);
        self.kept = at + length;
    }

    fn finish(mut self) -> Vec<Piece> {
        self.pieces.push(Piece::Text(self.payload[self.kept..].to_owned()));
        self.pieces
    }
}

impl Stamp {
    pub fn write(&self, pieces: &[Piece], seal: SealWith<'_>, text: &mut String) {
        for piece in pieces {
            // Writing to a string cannot fail.
            let _ = match piece {
                Piece::Text(kept) => text.write_str(kept),
                Piece::Id(id) => write!(text, "{}", self.id(*id)),
                Piece::At(at) => {
                    let at = Timestamp::from_microsecond(at + self.shift);
                    write!(text, "{}", at.expect("some years back"))
                }
                Piece::Number(case) => text.write_str(&self.number(*case)),
                Piece::TrackingHash(party) => text.write_str(&self.tracking_code(*party).hash()),
                Piece::Private(key, clear, house) => {
                    let clear = match (house, clear.strip_prefix('"')) {
                        (Some(case), Some(rest)) => {
                            format!("\"Nhà số {}: {rest}", self.house(*case))
                        }
                        _ => clear.clone(),
                    };
                    text.write_str(&seal(*key, clear))
                }
                Piece::Degrees(degrees) => write!(text, "{:.6}", degrees + self.nudge()),
            };
        }
    }

    /// The same id for the same id of the same copy; as sortable by time as before.
    pub fn id(&self, id: Uuid) -> Uuid {
        let (mut high, low) = id.as_u64_pair();
        if id.get_version_num() == 7 {
            let millis = (high >> 16).saturating_add_signed(self.shift / 1_000);
            high = (millis << 16) | (high & 0xffff);
        }
        // The two highest bits are the variant.
        let of_copy = (self.copy + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 2;
        Uuid::from_u64_pair(high, low ^ of_copy)
    }

    pub fn number(&self, case: u64) -> String {
        let year = CENTURY + 26;
        let number = CaseNumber::new(PREFIX, year, self.first_case + case + 1);
        number.expect("a serial in range").to_string()
    }

    pub fn house(&self, case: u64) -> u64 {
        1_000_000 + self.first_case + case
    }

    /// Up to some two hundred metres, so that copies do not lie on each other.
    fn nudge(&self) -> f64 {
        (self.copy.wrapping_mul(2_654_435_761) % 4_000) as f64 / 1e6 - 0.002
    }
}
