//! Merging two cases of one matter, and undoing it. Both histories change in one transaction.

use super::super::command::{Merge, Unmerge};
use super::super::event::{self, Event};
use super::super::party::{Contact, Party};
use super::super::policy::CasePolicy;
use super::super::rejection::Rejection;
use super::super::stage::{Stage, StageName};
use super::super::state::Case;
use super::text::{TEXT_LIMIT, optional, required};
use super::{Intent, enter};

/// Events of the case that was merged, and of the case that goes on.
pub(super) type Pair = (Vec<Event>, Vec<Event>);

/// Stages into which nothing can be merged.
const CLOSED_TO_MERGES: &[StageName] = &[
    StageName::Answered,
    StageName::Closed,
    StageName::Refused,
    StageName::HandedOff,
    StageName::Merged,
    StageName::Withdrawn,
];

/// Merges `duplicate` into `primary`. Everybody who reported either is a party of the primary.
///
/// # Errors
/// A [`Rejection`]; both cases are unchanged.
pub fn decide_merge(
    duplicate: &Case,
    primary: &Case,
    _policy: &dyn CasePolicy,
    intent: &Intent,
    command: &Merge,
) -> Result<Pair, Rejection> {
    if let Stage::Merged { into, .. } = &duplicate.work.stage
        && *into == primary.id
    {
        super::authorise(duplicate, &intent.actor, "merge")?;
        return Ok((Vec::new(), Vec::new()));
    }
    enter(duplicate, intent, "merge")?;
    super::authorise(primary, &intent.actor, "merge")?;
    optional("reason", command.reason.as_ref(), TEXT_LIMIT)?;
    if duplicate.id == primary.id {
        return Err(Rejection::MergeIntoItself);
    }
    if duplicate.confidential != primary.confidential || duplicate.accused != primary.accused {
        return Err(Rejection::MergeSealed);
    }
    let stage = primary.work.stage.name();
    if CLOSED_TO_MERGES.contains(&stage) {
        return Err(Rejection::MergeTarget { stage });
    }
    // How to reach them stays in the case they reported, under its key: erasing them there is enough.
    let parties = duplicate
        .parties
        .iter()
        .map(|party| Party {
            id: format!("{}/{}", duplicate.number, party.id),
            contact: Contact::default(),
            ..party.clone()
        })
        .collect();
    Ok((
        vec![
            event::Merged {
                into: primary.id,
                number: primary.number.clone(),
                reason: command.reason.clone(),
            }
            .into(),
        ],
        vec![
            event::Absorbed { from: duplicate.id, number: duplicate.number.clone(), parties }
                .into(),
        ],
    ))
}

/// Undoes the merge of `duplicate` into `primary`: the duplicate goes on where it stood, with its
/// own clocks as promised, and its reporters leave the primary.
///
/// # Errors
/// A [`Rejection`]; both cases are unchanged.
pub fn decide_unmerge(
    duplicate: &Case,
    primary: &Case,
    intent: &Intent,
    command: &Unmerge,
) -> Result<Pair, Rejection> {
    enter(duplicate, intent, "unmerge")?;
    super::authorise(primary, &intent.actor, "unmerge")?;
    required("reason", &command.reason, TEXT_LIMIT)?;
    if !matches!(&duplicate.work.stage, Stage::Merged { into, .. } if *into == primary.id) {
        return Err(Rejection::NotMergedHere);
    }
    // The reporters went on with it and would stay behind.
    if let Stage::Merged { number, .. } = &primary.work.stage {
        return Err(Rejection::MergedOn { number: number.to_string() });
    }
    Ok((
        vec![event::Unmerged { reason: command.reason.clone() }.into()],
        vec![event::Released { from: duplicate.id, number: duplicate.number.clone() }.into()],
    ))
}
