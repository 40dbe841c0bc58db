//! A case without the words that were erased. What replay makes of it, when the keys are gone, and
//! what is left of one that was in memory when they went are the same.

use super::Meta;
use crate::case::attachment::Attachment;
use crate::case::command::ErasedPart;
use crate::case::event;
use crate::case::state::{Case, Erased, Work};

pub(super) fn apply(case: &mut Case, event: &event::Erased, meta: &Meta) {
    let before = case.erased.as_ref().map(|erased| erased.what);
    let what =
        if before == Some(ErasedPart::Everything) { ErasedPart::Everything } else { event.what };
    case.erased = Some(Erased {
        what,
        at: meta.occurred_at,
        legal_ground: event.legal_ground.clone(),
        version: meta.version,
    });
    for party in &mut case.parties {
        let contact = &mut party.contact;
        for field in [&mut contact.name, &mut contact.phone, &mut contact.email] {
            field.iter_mut().for_each(|value| value.erase());
        }
    }
    if event.what == ErasedPart::Everything {
        case.text.erase();
        case.last_note.iter_mut().for_each(|note| note.erase());
        if let Some(location) = &mut case.location {
            location.address.iter_mut().for_each(|address| address.erase());
        }
        // What reporters of merged cases sent is theirs, under keys of theirs.
        case.attachments.iter_mut().filter(|file| file.by.reported.is_none()).for_each(forget);
        words(&mut case.work);
        if let Some(undo) = &mut case.undo {
            words(&mut undo.work);
        }
    }
}

/// What the reporter of a merged case wrote goes. Of that a case holds their files.
pub(super) fn of_party(case: &mut Case, event: &event::PartyErased) {
    let theirs = |file: &&mut Attachment| file.by.reported == Some(event.from);
    case.attachments.iter_mut().filter(theirs).for_each(forget);
}

fn forget(file: &mut Attachment) {
    file.name.iter_mut().for_each(|name| name.erase());
    file.taken_at.iter_mut().for_each(|at| at.erase());
    file.taken_where.iter_mut().for_each(|place| place.erase());
    file.sent.erase();
    file.key.erase();
}

fn words(work: &mut Work) {
    for text in [&mut work.question, &mut work.answer, &mut work.refusal] {
        text.iter_mut().for_each(|text| text.erase());
    }
    work.found.iter_mut().for_each(|found| found.because.erase());
    work.parts.iter_mut().for_each(|part| part.task.erase());
    work.progress.iter_mut().for_each(|progress| progress.note.erase());
    work.resolution.iter_mut().for_each(|resolution| resolution.note.erase());
}
