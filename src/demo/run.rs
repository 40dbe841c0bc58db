//! Taking a step: the right person gives the right command.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::command::{self, Outcome};
use hoiam_domain::case::stage::StageName;
use hoiam_domain::case::{Case, CaseNumber, Command};
use hoiam_domain::codes::AgencyCode;
use hoiam_domain::kinds::{Channel, Clock};
use hoiam_domain::private::Private;
use hoiam_domain::routing::RouteInput;
use jiff::{SignedDuration, Timestamp};

use super::entry::{Entry, Story};
use super::story::Step;
use crate::desk::{Circumstances, Desk, DeskError, Feedback, Reporter};

type Numbers = BTreeMap<String, CaseNumber>;

/// What the crew reports where the story has no words of its own for it.
const MADE_SAFE: &str = "Đã rào chắn, đặt cảnh báo và xử lý tạm để bảo đảm an toàn.";

/// The photograph every demo step refers to where the rules ask for one.
fn photos(entry: &Entry) -> Vec<String> {
    vec![format!("demo/{}.jpg", entry.id)]
}

fn text(value: &Option<String>) -> Private<String> {
    Private::new(value.clone().unwrap_or_default())
}

/// Somebody of the desk; the demo's coordinators are of the group of the sealed stream.
fn staff(role: Role) -> Actor {
    Actor::new(role, format!("demo_{role}")).in_group(role == Role::Coordinator)
}

fn of_lead(role: Role, case: &Case) -> Actor {
    match case.agency() {
        // No agency sees a denunciation: the group does its part.
        Some(_) if case.is_denunciation() => staff(Role::Coordinator),
        Some(agency) => Actor::of_agency(role, format!("demo_{role}_{agency}"), agency.clone()),
        None => staff(Role::Coordinator),
    }
}

/// Takes one step of an entry.
pub(super) async fn take(
    desk: &Desk,
    entry: &Entry,
    step: &Step,
    numbers: &mut Numbers,
    now: Timestamp,
) -> Result<(), DeskError> {
    if *step == Step::Receive {
        let number = receive(desk, entry).await?;
        numbers.insert(entry.id.clone(), number);
        return Ok(());
    }
    let number = numbers.get(&entry.id).ok_or(DeskError::NotFound)?.clone();
    let case = desk.case(desk.find(&number).await?).await?;
    match step {
        Step::Place => place(desk, entry, &case).await,
        Step::Merge => {
            let into = entry.merge_into.as_ref().and_then(|id| numbers.get(id));
            let into = into.ok_or(DeskError::NotFound)?.clone();
            let command = command::Merge { into, reason: None };
            let coordinator = staff(Role::Coordinator);
            desk.merge(&coordinator, &number, &command, &Circumstances::default()).await.map(drop)
        }
        Step::Unmerge => {
            let command = command::Unmerge { reason: text(&entry.unmerge_reason) };
            let coordinator = staff(Role::Coordinator);
            desk.unmerge(&coordinator, &number, &command, &Circumstances::default()).await.map(drop)
        }
        step => {
            let Some((actor, command)) = command_of(entry, step, &case, now) else {
                return Ok(());
            };
            give(desk, &actor, &case, command).await
        }
    }
}

async fn give(desk: &Desk, actor: &Actor, case: &Case, command: Command) -> Result<(), DeskError> {
    desk.command(actor, &case.number, &command, &Circumstances::default()).await.map(drop)
}

async fn receive(desk: &Desk, entry: &Entry) -> Result<CaseNumber, DeskError> {
    let person = entry.reporter.clone().unwrap_or_default();
    let feedback = Feedback {
        channel: entry.channel,
        kind: entry.kind,
        category: None,
        attributes: BTreeMap::new(),
        text: entry.text.clone(),
        point: entry.lat.zip(entry.lon),
        address: entry.address.clone(),
        reporter: Reporter {
            name: person.name,
            phone: person.phone,
            email: person.email,
            anonymous: entry.anonymous,
        },
        public: entry.public,
        occurred_at: None,
    };
    let actor = match entry.channel {
        Channel::Phone => staff(Role::Operator),
        _ => Actor::new(Role::Citizen, "anonymous"),
    };
    let (received, _) = desk.receive(&actor, feedback, None).await?;
    received.number.parse().map_err(|_| DeskError::NotFound)
}

/// What the rules left open, the desk settles: the category first, then the agency.
async fn place(desk: &Desk, entry: &Entry, case: &Case) -> Result<(), DeskError> {
    let mut case = Arc::new(case.clone());
    let coordinator = staff(Role::Coordinator);
    let known = case.work.found.as_ref().and_then(|found| found.category.clone());
    if case.agency().is_none()
        && let Some(category) = entry.category.clone().filter(|code| known.as_ref() != Some(code))
    {
        let classify = command::Classify {
            category: Some(category),
            kind: None,
            priority: None,
            urgent: None,
            district: None,
            ward: None,
            reason: None,
        };
        give(desk, &coordinator, &case, Command::Classify(classify)).await?;
        case = desk.case(case.id).await?;
    }
    if case.agency().is_some() {
        return Ok(());
    }
    let Some(agency) = entry.agency.clone().or_else(|| proposed(desk, entry, &case)) else {
        return Ok(());
    };
    dispatch(desk, &coordinator, &case, agency).await
}

async fn dispatch(
    desk: &Desk,
    coordinator: &Actor,
    case: &Case,
    agency: AgencyCode,
) -> Result<(), DeskError> {
    let command = command::Dispatch { agency, focal_point: None, reason: None };
    give(desk, coordinator, case, Command::Dispatch(command)).await
}

/// The agency the rules name once the category is certain.
fn proposed(desk: &Desk, entry: &Entry, case: &Case) -> Option<AgencyCode> {
    let category = case.work.found.as_ref().and_then(|found| found.category.clone());
    let input = RouteInput {
        category,
        point: entry.lat.zip(entry.lon),
        address: entry.address.clone(),
        ..RouteInput::text(entry.text.clone(), case.received_at)
    };
    desk.rules().explain_with(&input, &desk.rules_handle().boundaries()).agency
}

fn in_days(now: Timestamp, days: Option<f64>) -> Timestamp {
    #[allow(clippy::cast_possible_truncation, reason = "some weeks at most")]
    let minutes = (days.unwrap_or(3.0) * 1440.0).round() as i64;
    now + SignedDuration::from_mins(minutes)
}

/// Who says what. None when the story has no text for the step.
fn command_of(entry: &Entry, step: &Step, case: &Case, now: Timestamp) -> Option<(Actor, Command)> {
    let desk = |command| Some((staff(Role::Coordinator), command));
    let agency = |command| Some((of_lead(Role::AgencyCoordinator, case), command));
    match step {
        Step::Accept => agency(Command::Accept(command::Accept {})),
        Step::Assign => {
            let lead = case.agency()?;
            let handler = Some(format!("demo_handler_{lead}"));
            agency(Command::Assign(command::Assign { focal_point: None, handler }))
        }
        Step::Arrive if case.work.clocks.contains_key(&Clock::OnSite) => {
            Some((of_lead(Role::Handler, case), Command::Arrive(command::Arrive {})))
        }
        Step::MakeSafe
            if entry.safe_note.is_some() || case.work.clocks.contains_key(&Clock::MakeSafe) =>
        {
            let note = entry.safe_note.clone().unwrap_or_else(|| MADE_SAFE.to_owned());
            let command = command::MakeSafe { note: Private::new(note), photos: photos(entry) };
            Some((of_lead(Role::Handler, case), Command::MakeSafe(command)))
        }
        Step::Progress => agency(Command::Progress(command::Progress {
            note: text(&entry.progress_note),
            committed_date: Some(in_days(now, entry.committed_in_days)),
            photos: photos(entry),
        })),
        Step::Ask => agency(Command::Ask(command::Ask { question: text(&entry.question) })),
        Step::Extend => {
            let due = case.due(Clock::Answer)?;
            let command = command::Extend {
                reason: text(&entry.extension_reason),
                new_due: in_days(due, entry.extension_days),
                photos: photos(entry),
            };
            Some((of_lead(Role::UnitLeader, case), Command::Extend(command)))
        }
        Step::Return(proposed, reason) => agency(Command::Return(command::Return {
            reason: text(reason),
            proposed_agency: proposed.clone(),
        })),
        Step::Redispatch(agency) => desk(Command::Dispatch(command::Dispatch {
            agency: agency.clone(),
            focal_point: None,
            reason: None,
        })),
        Step::Rule => desk(Command::Rule(command::Rule {
            agency: entry.ruled_agency.clone()?,
            focal_point: None,
            reason: text(&entry.ruling),
        })),
        Step::Involve => desk(Command::AddCoAgency(command::AddCoAgency {
            agency: entry.co_agency.clone()?,
            task: text(&entry.co_agency_task),
            mandatory: true,
            due: None,
        })),
        Step::Resolve => agency(Command::Resolve(resolve(entry, now))),
        Step::Check => {
            desk(Command::CheckAnswer(command::CheckAnswer { approved: true, note: None }))
        }
        Step::Answer => desk(Command::Answer(command::Answer { text: text(&entry.answer) })),
        _ => citizen_or_screening(entry, step, case),
    }
}

fn citizen_or_screening(entry: &Entry, step: &Step, case: &Case) -> Option<(Actor, Command)> {
    let operator = |command| Some((staff(Role::Coordinator), command));
    let citizen = |command| Some((Actor::new(Role::Citizen, "party_1"), command));
    match step {
        Step::Reply => citizen(Command::Reply(command::Reply { text: text(&entry.citizen_reply) })),
        Step::Rate => citizen(Command::Rate(command::Rate {
            score: entry.rating?,
            comment: entry.rating_comment.clone().map(Private::new),
        })),
        Step::Reopen => {
            citizen(Command::Reopen(command::Reopen { reason: text(&entry.rating_comment) }))
        }
        Step::Appeal => citizen(Command::Appeal(command::Appeal { reason: text(&entry.appeal) })),
        Step::Withdraw => citizen(Command::Withdraw(command::Withdraw {
            reason: entry.withdraw_reason.clone().map(Private::new),
        })),
        Step::Refuse => operator(Command::Refuse(command::Refuse {
            reason: text(&entry.refusal_reason),
            legal_ground: entry.legal_ground.clone(),
        })),
        Step::HandOff => operator(Command::HandOff(command::HandOff {
            service: entry.handoff?,
            note: entry.handoff_note.clone().map(Private::new),
        })),
        Step::Misclassify => operator(Command::Classify(command::Classify {
            category: entry.wrong_category.clone().or(entry.correct_category.clone()),
            kind: None,
            priority: None,
            urgent: None,
            district: None,
            ward: None,
            reason: None,
        })),
        Step::Correct if case.work.stage.name() != StageName::Closed => {
            operator(Command::Correct(command::Correct {
                version: None,
                reason: text(&entry.correction_reason),
            }))
        }
        _ => None,
    }
}

fn resolve(entry: &Entry, now: Timestamp) -> command::Resolve {
    let outcome = match entry.story {
        Story::Planned => Outcome::Planned,
        Story::Referred => Outcome::Referred,
        _ if entry.resolution.is_some() => Outcome::Done,
        _ => Outcome::Answered,
    };
    let note =
        entry.resolution.as_ref().or(entry.referral_reason.as_ref()).or(entry.answer.as_ref());
    command::Resolve {
        outcome,
        note: text(&note.cloned()),
        photos: photos(entry),
        committed_date: (outcome == Outcome::Planned)
            .then(|| in_days(now, entry.committed_in_days)),
        legal_ground: None,
        receiver: entry.referral_to.clone(),
        duplicate_of: None,
    }
}
