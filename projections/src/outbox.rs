//! Whom to tell: one row a notice, written with the event that asks for it and delivered later.
//! Rows hold no personal data; the delivery reads the address when it sends.

use hoiam_domain::case::stage::StageName;
use hoiam_domain::case::{Case, Event};
use hoiam_domain::codes::AgencyCode;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type};

/// One row a notice.
pub static OUTBOX: Table = Table {
    name: "outbox",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("version", Type::Int),
        // `party:…`, `agency:…`, `coordinators`, `seal_group`, `service:…`.
        Column("recipient", Type::Text),
        Column("notice", Type::Text),
        Column("created_at", Type::Int),
        // 1 while it waits to be delivered.
        Column("waiting", Type::Int),
    ],
    key: 3,
    add: 0,
};

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    if change.after.source.is_some() {
        // Another system's citizens were told by that system.
        return;
    }
    for (event, meta) in change.events {
        let Some(notice) = event.kind().strip_prefix("case.") else { continue };
        for recipient in recipients(event, change.after) {
            rows.push(Row {
                table: &OUTBOX,
                values: vec![
                    change.after.id.into(),
                    i64::try_from(meta.version).unwrap_or(i64::MAX).into(),
                    recipient.into(),
                    notice.into(),
                    change.recorded_at.into(),
                    true.into(),
                ],
            });
        }
    }
}

fn recipients(event: &Event, case: &Case) -> Vec<String> {
    let parties = || case.parties.iter().map(|party| format!("party:{}", party.id)).collect();
    // Nobody at an agency hears of a denunciation.
    let open = !case.is_denunciation();
    let named = |code: &AgencyCode| -> Vec<String> {
        open.then(|| format!("agency:{code}")).into_iter().collect()
    };
    let agency = || case.agency().map(named).unwrap_or_default();
    let coordinators = || {
        let who = if case.confidential { "seal_group" } else { "coordinators" };
        vec![who.to_owned()]
    };
    match event {
        Event::Received(_)
        | Event::Refused(_)
        | Event::QuestionAsked(_)
        | Event::Extended(_)
        | Event::Answered(_)
        | Event::Reopened(_)
        | Event::AppealDismissed(_) => parties(),
        // Since September 2025 the citizen is told by SMS as soon as an agency has the case.
        Event::Dispatched(_) | Event::Ruled(_) | Event::MovedToSuccessor(_) => {
            let mut all: Vec<String> = parties();
            all.extend(agency());
            all
        }
        Event::ProgressReported(progress) if progress.committed_date.is_some() => parties(),
        Event::HandedOff(handed) => vec![format!("service:{}", handed.service)],
        Event::SentToArbitration(_) | Event::Sealed(_) => coordinators(),
        Event::CoAgencyAdded(added) => named(&added.agency),
        Event::PartMoved(moved) => named(&moved.to),
        Event::PartMissed(missed) => named(&missed.agency),
        Event::QuestionAnswered(_) | Event::PauseCapped(_) | Event::Withdrawn(_) => agency(),
        Event::AnswerChecked(checked) if !checked.approved => agency(),
        Event::DeadlineWarned(_) | Event::DeadlineMissed(_) => match case.work.stage.name() {
            StageName::Dispatched | StageName::InProgress | StageName::WaitingCitizen => agency(),
            _ => coordinators(),
        },
        _ => Vec::new(),
    }
}
