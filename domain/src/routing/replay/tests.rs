//! Past cases of the demonstration city under a hand-made change of its rules.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::compare::{Compared, Ground, compare};
use super::past::{Destination, Past};
use super::sums::{Agreement, Sums, ranked};
use crate::actor::{Actor, Role};
use crate::case::command::Found;
use crate::case::event::{
    Accepted, Classified, Dispatched, HandedOff, Received, Returned, Ruled, SentToArbitration,
    StepCorrected,
};
use crate::case::party::{Contact, Party, SourceRef};
use crate::case::stage::ArbitrationCause;
use crate::case::{CaseNumber, Event, Meta};
use crate::kinds::{Channel, Kind};
use crate::private::Private;
use crate::routing::RuleSet;
use crate::routing::boundaries::Boundaries;
use crate::routing::ruleset::tests::{city, files};
use crate::routing::verdict::RouteInput;

const AT: &str = "2024-05-13T09:00:00+07:00";
const POTHOLE: &str = "hẻm 47 Bùi Đình Túy quận Bình Thạnh có ổ gà sâu";

/// The city's rules with alleys given to the city's road unit.
fn changed() -> &'static RuleSet {
    static CHANGED: OnceLock<RuleSet> = OnceLock::new();
    CHANGED.get_or_init(|| {
        let mut files = files();
        let table = files.iter_mut().find(|(path, _)| path == "rules/road-class.toml").unwrap();
        let (from, to) = ("then = { agency = \"UBND@AREA\" }", "then = { primary = 1 }");
        assert!(table.1.contains(from));
        table.1 = table.1.replacen(from, to, 1);
        RuleSet::load(&files).unwrap()
    })
}

/// A case as the city's own rules received it, told what `input` says.
struct Story(Vec<(Event, Meta)>);

impl Story {
    fn received(input: &RouteInput) -> Self {
        let verdict = city().explain(input);
        let found = Found {
            kind: verdict.kind,
            sector: verdict.sector.clone(),
            category: verdict.category.clone(),
            priority: verdict.priority,
            urgent: verdict.urgent,
            confidential: verdict.confidential,
            district: verdict.district.clone(),
            ward: verdict.ward.clone(),
            place_source: None,
            confidence: Some(900),
            because: Private::new(verdict.because.clone()),
            rule: verdict.rule.clone(),
            rule_set: verdict.rule_set.clone(),
        };
        let reporter = Party {
            id: "party_1".to_owned(),
            contact: Contact::default(),
            anonymous: false,
            channel: Channel::App,
            tracking_hash: String::new(),
        };
        let mut story = Self(Vec::new());
        let received = Received {
            number: CaseNumber::new("HCM", 2024, 1).unwrap(),
            channel: Channel::App,
            text: Private::new(input.text.clone()),
            location: None,
            reporter,
            public: true,
            source: None,
            deadlines: Vec::new(),
        };
        story.add("desk", 0, received);
        story.add("desk", 0, Classified { found, reason: None, deadlines: Vec::new() });
        if let Some(service) = verdict.handoff {
            story.add("desk", 0, HandedOff { service, note: None, window_until: None });
        } else if let Some(agency) = verdict.agency {
            story.add("desk", 0, dispatched(agency.as_str(), verdict.rule.as_deref()));
        }
        story
    }

    fn add(&mut self, who: &str, minutes: i64, event: impl Into<Event>) -> &mut Self {
        let version = self.0.len() as u64 + 1;
        let occurred_at = AT.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes);
        let actor = Actor::new(Role::Coordinator, who);
        self.0.push((event.into(), Meta { stream: Uuid::nil(), version, occurred_at, actor }));
        self
    }

    fn past(&self) -> Past {
        Past::read(&self.0).unwrap()
    }

    fn compared(&self) -> Compared {
        compare(&self.past(), changed(), Some(city()), &Boundaries::default())
    }
}

fn text(text: &str) -> RouteInput {
    RouteInput::text(text, AT.parse().unwrap())
}

fn dispatched(agency: &str, rule: Option<&str>) -> Dispatched {
    Dispatched {
        agency: agency.into(),
        focal_point: None,
        reason: None,
        rule: rule.map(str::to_owned),
        rule_set: String::new(),
        deadlines: Vec::new(),
    }
}

fn returned(agency: &str) -> Returned {
    Returned { agency: agency.into(), reason: Private::default(), proposed_agency: None }
}

fn arbitration() -> SentToArbitration {
    SentToArbitration { cause: ArbitrationCause::Returned, reason: None, deadlines: Vec::new() }
}

fn ruled(agency: &str) -> Ruled {
    Ruled {
        agency: agency.into(),
        focal_point: None,
        reason: Private::default(),
        rule_set: String::new(),
        deadlines: Vec::new(),
    }
}

#[test]
fn an_alley_would_go_elsewhere_by_the_changed_rule() {
    let one = Story::received(&text(POTHOLE)).compared();
    assert_eq!(one.old.destination.to_string(), "UBND-BTH");
    assert_eq!(one.new.destination.to_string(), "TTHTGT");
    assert_eq!(one.new.rule.as_deref(), Some("road-class.alley"));
    assert!(one.moved() && !one.reread() && one.ground == Ground::Sure);
    let street = Story::received(&text("đường Phan Văn Trị quận Bình Thạnh có ổ gà sâu"));
    assert!(!street.compared().moved());
}

#[test]
fn what_was_told_and_is_not_recorded_is_found_out_by_the_old_set() {
    // The district was asked for: without it the case would not have reached an agency.
    let mut told = text("hẻm trước nhà có ổ gà sâu");
    told.attributes.insert("district".to_owned(), "BTH".to_owned());
    let story = Story::received(&told);
    let one = story.compared();
    assert_eq!((one.old.destination.to_string().as_str(), one.ground), ("UBND-BTH", Ground::Sure));
    assert_eq!(one.new.destination.to_string(), "TTHTGT");
    // Without the old set the place is taken as given, and that is said.
    let one = compare(&story.past(), changed(), None, &Boundaries::default());
    assert_eq!((one.new.destination.to_string().as_str(), one.ground), ("TTHTGT", Ground::Assumed));

    // A kind somebody chose, against what the words say.
    let chosen = RouteInput { kind: Some(Kind::Question), ..text(POTHOLE) };
    let one = Story::received(&chosen).compared();
    assert_eq!((one.new.kind, one.ground), (Kind::Question, Ground::Sure));
    // A category somebody chose is recorded as chosen.
    let chosen = RouteInput { category: Some("TT03".into()), ..text(POTHOLE) };
    let story = Story::received(&chosen);
    assert_eq!(story.past().input.category, Some("TT03".into()));
    assert!(!story.compared().moved());

    // The class of the road was told, which nothing recorded says.
    let mut told = text("đường trước nhà quận Bình Thạnh có ổ gà sâu");
    told.attributes.insert("road_class".to_owned(), "alley".to_owned());
    let one = Story::received(&told).compared();
    assert_eq!((one.ground, one.moved()), (Ground::Unknown, false));
}

#[test]
fn people_are_read_from_their_steps_and_what_they_took_back_is_not() {
    let mut story = Story::received(&text(POTHOLE));
    assert_eq!(story.past().recorded.destination, Destination::Agency("UBND-BTH".into()));
    story.add("agency", 5, Accepted { agency: "UBND-BTH".into() });
    story.add("agency", 6, StepCorrected { version: 4, reason: Private::default() });
    story.add("agency", 7, returned("UBND-BTH")).add("agency", 7, arbitration());
    let people = story.past().people;
    assert_eq!((people.accepted.len(), people.returned.len()), (0, 1));
    story.add("agency", 8, StepCorrected { version: 7, reason: Private::default() });
    assert_eq!(story.past().people.returned, []);
    story.add("agency", 9, returned("UBND-BTH")).add("agency", 9, arbitration());
    story.add("coordinator", 10, dispatched("UDC", None));
    story.add("coordinator", 11, ruled("TTHTGT"));
    let people = story.past().people;
    assert_eq!(people.agency, Some("TTHTGT".into()));
    assert_eq!(people.returned, ["UBND-BTH".into()]);
}

#[test]
fn imported_cases_were_not_routed() {
    let mut story = Story::received(&text(POTHOLE));
    let Event::Received(received) = &mut story.0[0].0 else { panic!() };
    received.source = Some(SourceRef { system: "old".to_owned(), id: "1".to_owned() });
    assert_eq!(Past::read(&story.0), None);
    assert_eq!(Past::read(&story.0[..1]), None);
}

#[test]
fn sums_say_from_where_to_where_and_on_which_side_people_were() {
    let mut sums = Sums::default();
    let mut agreed = Story::received(&text(POTHOLE));
    agreed.add("a", 5, returned("UBND-BTH")).add("a", 5, arbitration()).add(
        "c",
        6,
        ruled("TTHTGT"),
    );
    sums.add(&agreed.compared());
    let mut lost = Story::received(&text(POTHOLE));
    lost.add("a", 5, Accepted { agency: "UBND-BTH".into() });
    sums.add(&lost.compared());
    let mut other = Sums::default();
    let mut confirmed = Story::received(&text(POTHOLE));
    confirmed.add("c", 6, dispatched("UBND-BTH", None));
    other.add(&confirmed.compared());
    other.add_imported();
    sums.merge(other);
    assert_eq!((sums.compared, sums.moved, sums.reread, sums.imported), (3, 3, 0, 1));
    assert_eq!(ranked(&sums.agencies), [("UBND-BTH", "TTHTGT", 3)]);
    assert_eq!(ranked(&sums.rules), [("road-class.alley", "road-class.alley", 3)]);
    assert_eq!(
        sums.agency_corrections,
        Agreement { people: 2, old: 1, new: 1, ..Default::default() }
    );
    assert_eq!((sums.returns.returned, sums.returns.avoided), (1, 1));
    assert_eq!((sums.accepted.accepted, sums.accepted.lost), (1, 1));
    let json = serde_json::to_value(&sums).unwrap();
    assert_eq!(json["agencies"][0]["cases"], 3);
}
