//! What everybody may know of a case, and from when.
//!
//! The citizen says whether a case is public; sealed ones, complaints and denunciations never are,
//! nor is one that was erased, and nothing is before an agency has accepted it: until then nobody has
//! read what was sent.

use super::command::ErasedPart;
use super::party::{Contact, Party};
use super::stage::StageName;
use super::state::Case;
use crate::kinds::Kind;
use crate::private::Private;
use crate::text::mask::{Known, SIGN, mask, without};

/// The stages in which a case may be public.
pub const STAGES: &[StageName] = &[
    StageName::InProgress,
    StageName::WaitingCitizen,
    StageName::Resolved,
    StageName::Checked,
    StageName::Answered,
    StageName::Closed,
];

/// Kinds that are never public.
pub const NEVER: &[Kind] = &[Kind::Complaint, Kind::Denunciation];

/// Whether everybody may know of it.
pub fn is_public(case: &Case) -> bool {
    let erased = case.erased.as_ref().is_some_and(|erased| erased.covers(ErasedPart::Everything));
    case.public
        && !erased
        && !case.confidential
        && case.accused.is_none()
        && !NEVER.contains(&case.kind())
        && STAGES.contains(&case.work.stage.name())
}

/// The citizen's own words for whoever is not of the desk, where a reporter wishes to be hidden:
/// without their name, number and mail address. Where those were erased and could not be found,
/// without any words. None where nobody is hidden.
pub fn without_hidden(case: &Case, text: &str) -> Option<String> {
    let mut known = Known::default();
    let (mut hidden, mut erased) = (false, false);
    for Party { contact, .. } in case.parties.iter().filter(|party| party.anonymous) {
        hidden = true;
        erased |= is_forgotten(contact);
        contact.name.iter().for_each(|name| known.name(name.reveal()));
        contact.phone.iter().for_each(|phone| known.phone(phone.reveal()));
    }
    match (hidden, erased) {
        (false, _) => None,
        (true, true) => Some(SIGN.to_owned()),
        (true, false) => Some(without(text, &known)),
    }
}

/// Whether a name or number was erased: nobody can tell any more where it is written.
fn is_forgotten(contact: &Contact) -> bool {
    let name = contact.name.as_ref().is_some_and(Private::is_erased);
    name || contact.phone.as_ref().is_some_and(Private::is_erased)
}

/// A text of the case for everybody: personal data covered, and what is known of its reporters.
/// Where that was erased and could not be found in the words any more, without any words.
pub fn covered(case: &Case, text: &str) -> String {
    if !text.is_empty() && case.parties.iter().any(|party| is_forgotten(&party.contact)) {
        return SIGN.to_owned();
    }
    mask(text, &crate::sealed::requests::known(case)).text
}

/// A coordinate for everybody: thousandths of a degree, about 110 metres.
pub fn coarse(degrees: f64) -> f64 {
    (degrees * 1e3).round() / 1e3
}
