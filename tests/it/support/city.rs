//! A desk on a bed: the project's own rules, a clock that stands where it is put, randomness that
//! repeats.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hoiam::clock::ManualClock;
use hoiam::desk::{Circumstances, Desk, DeskError, Done, Feedback, Received, Reporter};
use hoiam::random::SeededRandom;
use hoiam::rules::{Rules, Source};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::{Case, CaseNumber, Command};
use hoiam_domain::codes::AgencyCode;
use hoiam_domain::kinds::Channel;
use jiff::Timestamp;

use super::Bed;

/// Reading the rules takes a moment; one reading serves all tests.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("routing-rules");
    Rules::open(Source::Directory(directory)).unwrap()
});

/// A Tuesday morning in working hours, under the rules of September 2025.
pub const MORNING: &str = "2026-03-10T09:00:00+07:00";

#[derive(Clone)]
pub struct City {
    pub desk: Desk,
    pub clock: Arc<ManualClock>,
}

impl City {
    pub async fn on(bed: &Bed) -> Self {
        let clock = Arc::new(ManualClock::at(at(MORNING)));
        let random = Arc::new(SeededRandom::new(1));
        let desk = Desk::new(bed.open().await, RULES.clone(), "HCM", clock.clone(), random);
        Self { desk, clock }
    }

    pub async fn receive(&self, text: &str) -> Received {
        let (received, _) =
            self.desk.receive(&citizen("anonymous"), feedback(text), None).await.unwrap();
        received
    }

    pub async fn case(&self, number: &CaseNumber) -> Arc<Case> {
        self.desk.case(self.desk.find(number).await.unwrap()).await.unwrap()
    }

    pub async fn give(
        &self,
        actor: &Actor,
        number: &CaseNumber,
        word: &str,
        body: &str,
    ) -> Result<Done, DeskError> {
        let command = Command::read(word, body).unwrap();
        self.desk.command(actor, number, &command, &Circumstances::default()).await
    }
}

/// A pothole at a place that names one agency.
pub const POTHOLE: &str = "Hẻm 47 Bùi Đình Túy, phường 12, quận Bình Thạnh có ổ gà sâu, mặt đường hư hỏng, xe máy té hoài";

pub fn feedback(text: &str) -> Feedback {
    Feedback {
        channel: Channel::App,
        kind: None,
        category: None,
        attributes: BTreeMap::new(),
        text: text.to_owned(),
        point: None,
        address: None,
        reporter: Reporter {
            name: Some("Trần Thị Thử".to_owned()),
            phone: Some("0900 000 001".to_owned()),
            email: None,
            anonymous: false,
        },
        public: true,
        occurred_at: None,
    }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn citizen(id: &str) -> Actor {
    Actor::new(Role::Citizen, id)
}

pub fn staff(role: Role) -> Actor {
    Actor::new(role, format!("tok_{role}"))
}

pub fn of(role: Role, agency: &str) -> Actor {
    Actor::of_agency(role, format!("tok_{role}_{agency}"), AgencyCode::new(agency))
}
