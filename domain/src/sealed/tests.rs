//! The group, what may be read by whom, and the frozen shapes of the events.

use jiff::{SignedDuration, Timestamp};
use serde::Deserializer;

use super::group::{self, GroupEvent};
use super::requests::{LONGEST, ROUTINE, WAITING, denied};
use super::reveal::{self, RevealEvent};
use super::*;
use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::case::codec::Stored;
use crate::golden::{Family, check_family};
use crate::kinds::Kind;
use crate::private::Private;

const LIMITS: ReadingLimits = ReadingLimits { approve_hours: 24, read_minutes: 60 };

macro_rules! family {
    ($name:ident, $module:ident, $event:ident, $prefix:literal, $fold:expr) => {
        struct $name;

        impl Family for $name {
            type Event = $event;
            const PREFIX: &'static str = $prefix;
            const KINDS: &'static [(&'static str, u16)] = $event::KINDS;

            fn read<'de, D: Deserializer<'de>>(
                kind: &str,
                from: D,
            ) -> Option<Result<$event, D::Error>> {
                $module::read(kind, from)
            }

            fn encode(event: &$event) -> Result<Stored, String> {
                $module::encode(event).map_err(|error| error.to_string())
            }

            fn decode(kind: &str, schema: u16, data: &str) -> Result<$event, String> {
                $module::decode(kind, schema, data).map_err(|error| error.to_string())
            }

            fn fold(event: $event) {
                $fold(&event);
            }
        }
    };
}

family!(Groups, group, GroupEvent, "seal_group.", |event| Group::default().apply(1, event));
family!(Readings, reveal, RevealEvent, "reveal.", |event| {
    Requests::default().apply(1, "an", Timestamp::UNIX_EPOCH, event);
});

#[test]
fn golden() {
    check_family::<Groups>();
    check_family::<Readings>();
}

const COORDINATOR: (Role, bool) = (Role::Coordinator, false);

fn grown(members: &[&str]) -> Group {
    let mut group = Group::default();
    for (nr, member) in (1..).zip(members) {
        let added = group.add("admin", member, COORDINATOR, None).unwrap().unwrap();
        group.apply(nr, &added);
    }
    group
}

#[test]
fn the_group_never_shrinks_below_two() {
    let group = grown(&["an", "binh"]);
    assert_eq!(group.remove("admin", "an", None), Err(GroupRejection::TooFew));
    let mut three = grown(&["an", "binh", "chi"]);
    let gone = three.remove("admin", "an", None).unwrap().unwrap();
    three.apply(4, &gone);
    assert_eq!(three.members.iter().map(String::as_str).collect::<Vec<_>>(), ["binh", "chi"]);
    assert_eq!(three.remove("admin", "an", None), Ok(None), "twice adds nothing");
    assert_eq!(three.add("admin", "chi", COORDINATOR, None), Ok(None));
}

#[test]
fn only_coordinators_belong_and_nobody_by_their_own_word() {
    let group = Group::default();
    for role in Role::ALL.iter().filter(|role| **role != Role::Coordinator) {
        let refused = group.add("admin", "an", (*role, false), None);
        assert_eq!(refused, Err(GroupRejection::NotACoordinator(*role)));
    }
    let refuse = |by, account, who, note| group.add(by, account, who, note).err();
    assert_eq!(refuse("an", "an", COORDINATOR, None), Some(GroupRejection::Oneself));
    let disabled = (Role::Coordinator, true);
    assert_eq!(refuse("admin", "an", disabled, None), Some(GroupRejection::Disabled));
    let long = Some("x".repeat(501));
    assert_eq!(refuse("admin", "an", COORDINATOR, long), Some(GroupRejection::BadNote));
    let many: Vec<String> = (0..group::MOST).map(|nr| nr.to_string()).collect();
    let full = grown(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(full.add("admin", "an", COORDINATOR, None), Err(GroupRejection::TooMany));
}

const WHY: &str = "Xác minh nội dung tố cáo theo Điều 10";
const CONTACT: &[SealedField] = &[SealedField::Contact];
const CONTENT: &[SealedField] = &[SealedField::Content];

fn now() -> Timestamp {
    "2026-03-10T09:00:00+07:00".parse().unwrap()
}

fn member(id: &str) -> Actor {
    Actor::new(Role::Coordinator, id).in_group(true)
}

fn of_kind(kind: Kind, confidential: bool, anonymous: bool) -> Case {
    let mut case = crate::case::tests::any_case();
    case.confidential = confidential;
    case.work.found.as_mut().unwrap().kind = kind;
    for party in &mut case.parties {
        party.anonymous = anonymous;
        party.contact.name = Some(Private::new("Trần Thị Thử".to_owned()));
    }
    case
}

fn denunciation() -> Case {
    of_kind(Kind::Denunciation, true, false)
}

/// A request by "an", and the readings with it.
fn asked(case: &Case) -> Requests {
    let mut requests = Requests::default();
    let event = requests.ask(case, &member("an"), CONTACT, WHY, (now(), &LIMITS)).unwrap();
    assert!(matches!(event, RevealEvent::Asked(_)));
    requests.apply(1, "an", now(), &event);
    requests
}

#[test]
fn what_needs_a_reason_and_what_two_people() {
    let none = Requests::default();
    let ask = |case: &Case, who: &Actor, fields| none.ask(case, who, fields, WHY, (now(), &LIMITS));
    let operator = Actor::new(Role::Operator, "op");
    let outside = Actor::new(Role::Coordinator, "ngoai");
    let hidden = of_kind(Kind::Incident, false, true);
    assert!(matches!(ask(&hidden, &operator, CONTACT), Ok(RevealEvent::Read(_))));
    assert!(matches!(ask(&hidden, &outside, CONTACT), Ok(RevealEvent::Read(_))));
    let handler = Actor::of_agency(Role::Handler, "h", "GT".into());
    assert_eq!(ask(&hidden, &handler, CONTACT), Err(RevealRejection::NotAllowed));
    assert_eq!(
        ask(&hidden, &operator, CONTENT),
        Err(RevealRejection::NotSealed(SealedField::Content))
    );
    let open = of_kind(Kind::Incident, false, false);
    assert!(ask(&open, &operator, CONTACT).is_err());
    let complaint = of_kind(Kind::Complaint, true, false);
    assert!(matches!(ask(&complaint, &member("an"), CONTACT), Ok(RevealEvent::Read(_))));
    assert_eq!(ask(&complaint, &outside, CONTACT), Err(RevealRejection::NotAllowed));
    let case = denunciation();
    assert!(matches!(ask(&case, &member("an"), CONTENT), Ok(RevealEvent::Read(_))));
    assert!(matches!(ask(&case, &member("an"), CONTACT), Ok(RevealEvent::Asked(_))));
    let both = &[SealedField::Content, SealedField::Contact];
    assert!(matches!(ask(&case, &member("an"), both), Ok(RevealEvent::Asked(_))));
    assert_eq!(ask(&case, &outside, CONTENT), Err(RevealRejection::NotAllowed));
    assert_eq!(ask(&case, &member("an"), &[]), Err(RevealRejection::Fields));
    let twice = &[SealedField::Contact, SealedField::Contact];
    assert_eq!(ask(&case, &member("an"), twice), Err(RevealRejection::Fields));
}

#[test]
fn a_reason_says_something_and_nobodys_name() {
    let case = denunciation();
    let none = Requests::default();
    for wrong in ["", "vì sao", &"x".repeat(LONGEST + 1), "xác minh\u{0}noi dung"] {
        let refused = none.ask(&case, &member("an"), CONTENT, wrong, (now(), &LIMITS));
        assert_eq!(refused, Err(RevealRejection::Reason), "{wrong}");
    }
    let told = "Gọi lại cho trần thị thử, 0901234567, theo quy trình";
    let Ok(RevealEvent::Read(read)) =
        none.ask(&case, &member("an"), CONTENT, told, (now(), &LIMITS))
    else {
        panic!("read");
    };
    assert_eq!(read.reason, "Gọi lại cho ***, ***, theo quy trình");
}

#[test]
fn another_member_agrees_and_whoever_asked_reads_once() {
    let case = denunciation();
    let mut requests = asked(&case);
    let (an, binh) = (member("an"), member("binh"));
    let soon = now() + SignedDuration::from_mins(5);
    assert_eq!(requests.read(&case, &an, 1, soon), Err(RevealRejection::NotApproved));
    assert_eq!(requests.approve(&case, &an, 1, (soon, &LIMITS)), Err(RevealRejection::SamePerson));
    assert_eq!(requests.refuse(&case, &an, 1, WHY, soon), Err(RevealRejection::SamePerson));
    let outside = Actor::new(Role::Coordinator, "ngoai");
    assert_eq!(
        requests.approve(&case, &outside, 1, (soon, &LIMITS)),
        Err(RevealRejection::NotAllowed)
    );
    assert_eq!(
        requests.approve(&case, &binh, 7, (soon, &LIMITS)),
        Err(RevealRejection::NoSuchRequest)
    );
    let approved = requests.approve(&case, &binh, 1, (soon, &LIMITS)).unwrap();
    requests.apply(2, "binh", soon, &approved);
    assert_eq!(requests.approve(&case, &binh, 1, (soon, &LIMITS)), Err(RevealRejection::Decided));
    assert_eq!(requests.read(&case, &binh, 1, soon), Err(RevealRejection::NotYours));
    assert_eq!(
        requests.read(&case, &an, 1, soon + LIMITS.to_read()),
        Err(RevealRejection::Expired)
    );
    let left = Actor::new(Role::Coordinator, "an");
    assert_eq!(requests.read(&case, &left, 1, soon), Err(RevealRejection::NotAllowed));
    let read = requests.read(&case, &an, 1, soon).unwrap();
    requests.apply(3, "an", soon, &read);
    assert_eq!(requests.read(&case, &an, 1, soon), Err(RevealRejection::ReadAlready));
}

#[test]
fn a_request_that_was_refused_or_is_old_opens_nothing() {
    let case = denunciation();
    let mut requests = asked(&case);
    let late = now() + LIMITS.to_approve();
    assert_eq!(
        requests.approve(&case, &member("binh"), 1, (late, &LIMITS)),
        Err(RevealRejection::Expired)
    );
    let refused = requests.refuse(&case, &member("binh"), 1, WHY, now()).unwrap();
    requests.apply(2, "binh", now(), &refused);
    assert_eq!(
        requests.approve(&case, &member("chi"), 1, (now(), &LIMITS)),
        Err(RevealRejection::Decided)
    );
    assert_eq!(requests.read(&case, &member("an"), 1, now()), Err(RevealRejection::NotApproved));
    let why = RevealRejection::Decided;
    let event = denied(&case, "approve", Some(1), &why);
    let before = requests.asked.clone();
    requests.apply(3, "chi", now(), &event);
    assert_eq!((requests.asked, requests.version), (before, 3), "a refusal changes nothing");
}

#[test]
fn so_many_may_wait() {
    let case = denunciation();
    let mut requests = Requests::default();
    for nr in 1..=WAITING as u64 {
        let event = requests.ask(&case, &member("an"), CONTACT, WHY, (now(), &LIMITS)).unwrap();
        requests.apply(nr, "an", now(), &event);
    }
    let ask = |at| requests.ask(&case, &member("an"), CONTACT, WHY, (at, &LIMITS));
    assert_eq!(ask(now()), Err(RevealRejection::TooMany));
    assert!(ask(now() + LIMITS.to_approve()).is_ok(), "old ones do not count");
}

#[test]
fn a_case_taken_out_names_no_denouncer_unless_two_agreed() {
    let none = Requests::default();
    let out = |requests: &Requests, case: &Case, request, reason| match requests.hand_out(
        case,
        request,
        reason,
        now(),
    )? {
        RevealEvent::Read(read) => Ok((read.fields, read.reason)),
        other => panic!("{other:?}"),
    };
    let both = vec![SealedField::Contact, SealedField::Content];
    let open = of_kind(Kind::Incident, false, false);
    assert_eq!(out(&none, &open, None, None), Ok((both.clone(), ROUTINE.to_owned())));
    for sealed in [of_kind(Kind::Incident, false, true), of_kind(Kind::Complaint, true, false)] {
        assert_eq!(out(&none, &sealed, None, None), Err(RevealRejection::Reason));
        assert_eq!(out(&none, &sealed, None, Some(WHY)), Ok((both.clone(), WHY.to_owned())));
    }
    let case = denunciation();
    assert_eq!(out(&none, &case, None, None), Err(RevealRejection::Reason));
    assert_eq!(out(&none, &case, None, Some("x")), Err(RevealRejection::Reason));
    assert_eq!(out(&none, &case, None, Some(WHY)), Ok((CONTENT.to_vec(), WHY.to_owned())));
    assert_eq!(out(&none, &case, Some(1), Some(WHY)), Err(RevealRejection::NoSuchRequest));
    let mut requests = asked(&case);
    assert_eq!(out(&requests, &case, Some(1), Some(WHY)), Err(RevealRejection::NotApproved));
    let approved = requests.approve(&case, &member("binh"), 1, (now(), &LIMITS)).unwrap();
    requests.apply(2, "binh", now(), &approved);
    assert_eq!(out(&requests, &case, None, Some(WHY)), Ok((CONTENT.to_vec(), WHY.to_owned())));
    assert_eq!(out(&requests, &case, Some(1), None), Ok((both, WHY.to_owned())));
    let late = requests.hand_out(&case, Some(1), None, now() + LIMITS.to_read());
    assert_eq!(late, Err(RevealRejection::Expired));
    let read = requests.hand_out(&case, Some(1), None, now()).unwrap();
    requests.apply(3, "cli", now(), &read);
    assert_eq!(out(&requests, &case, Some(1), None), Err(RevealRejection::ReadAlready));
}
