//! The same matter nearby: how alike two feedbacks are by text, place and time, and why.
//!
//! - [`Print`]: what is kept of a text and an address for comparing: hashed words and names of
//!   places, a few hundred bytes, whatever the length of the text.
//! - [`keys`]: under what a feedback is filed, so that looking up its like costs the same however
//!   many there are.
//! - [`compare`]: how alike two are, 0 to 1, with the reasons.
//! - [`grounds`], [`alike`]: the same for disputes over competence, whose rulings are precedents.
//!
//! Everything is a function of its arguments. Words are hashed by whoever calls ([`WordHash`]), with
//! a key; what is made of those hashes is our own and never changes, because rows made so are stored.

mod hash;
mod keys;
mod names;
mod precedent;
mod print;
mod reason;
mod score;
mod words;

pub use hash::{WordHash, unkeyed};
pub use keys::{Filing, WINDOW, around, filing};
pub use precedent::{Ground, Grounds, NEAR, alike, confidence, grounds};
pub use print::{PlaceName, Print};
pub use reason::Reason;
pub use score::{LIKELY, Likeness, Sight, alike_words, compare, metres};

#[cfg(test)]
mod tests;
