//! A month in which everything happens that figures must get right.

use hoiam::desk::{Circumstances, Feedback};
use hoiam::timers::fire_due;
use hoiam_domain::actor::Role;
use hoiam_domain::case::command::{Merge, Unmerge};
use hoiam_domain::case::{Case, CaseNumber};
use hoiam_domain::private::Private;
use jiff::SignedDuration;

use crate::support::city::{City, MORNING, POTHOLE, at, citizen, feedback, of, staff};

/// The agency the pothole goes to.
pub const AGENCY: &str = "UBND-BTH";
const DONE: &str = r#"{"outcome":"done","note":"Đã vá.","photos":["p1"]}"#;

pub struct Story {
    pub city: City,
    pub cases: Vec<CaseNumber>,
}

/// Hours since the beginning, and what happens then.
pub type Step = (i64, What);

/// What somebody does, with the case by its place in the story.
#[derive(Clone, Copy, Debug)]
pub enum What {
    Receive,
    Give(usize, Role, &'static str, &'static str),
    Merge(usize, usize),
    Unmerge(usize),
}

use What::{Give, Receive};

/// Returned and ruled, late and answered, reopened, merged and not, corrected, reclassified.
pub const STEPS: &[Step] = &[
    (0, Receive),
    (1, Give(0, Role::AgencyCoordinator, "return", r#"{"reason":"đường do TP quản lý"}"#)),
    (2, Give(0, Role::Coordinator, "rule", r#"{"agency":"UBND-BTH","reason":"hẻm thuộc quận"}"#)),
    (3, Receive),
    (4, Give(0, Role::AgencyCoordinator, "accept", "{}")),
    (5, Give(1, Role::AgencyCoordinator, "accept", "{}")),
    (20, What::Merge(1, 0)),
    (24, Receive),
    (30, What::Unmerge(1)),
    (31, Give(2, Role::AgencyCoordinator, "accept", "{}")),
    (50, Give(2, Role::UnitLeader, "resolve", DONE)),
    (51, Give(2, Role::UnitLeader, "correct", r#"{"reason":"nhầm hồ sơ"}"#)),
    (52, Give(2, Role::UnitLeader, "resolve", DONE)),
    (53, Give(2, Role::UnitLeader, "check-answer", r#"{"approved":true}"#)),
    (54, Give(2, Role::Operator, "answer", r#"{"text":"Đã vá xong."}"#)),
    (60, Give(1, Role::AgencyCoordinator, "ask", r#"{"question":"Trước nhà số mấy?"}"#)),
    (70, Give(2, Role::Coordinator, "reopen", r#"{"reason":"lại sụt"}"#)),
    (80, Give(1, Role::Operator, "reply", r#"{"text":"Trước số 47."}"#)),
    (90, Give(1, Role::Coordinator, "classify", r#"{"kind":"proposal"}"#)),
    (400, Give(0, Role::UnitLeader, "resolve", DONE)),
    (410, Give(0, Role::UnitLeader, "check-answer", r#"{"approved":false,"note":"thiếu ảnh"}"#)),
    (420, Give(0, Role::UnitLeader, "resolve", DONE)),
    (430, Give(0, Role::UnitLeader, "check-answer", r#"{"approved":true}"#)),
    (440, Give(0, Role::Operator, "answer", r#"{"text":"Đã vá xong."}"#)),
    (450, Receive),
    (460, Give(3, Role::Coordinator, "seal", r#"{"reason":"tố giác"}"#)),
    (700, Give(2, Role::UnitLeader, "resolve", DONE)),
];

impl Story {
    pub async fn on(bed: &crate::support::Bed) -> Self {
        Self { city: City::on(bed).await, cases: Vec::new() }
    }

    pub async fn take(&mut self, step: &Step) {
        let (hours, what) = step;
        self.city.clock.set(at(MORNING) + SignedDuration::from_hours(*hours));
        fire_due(&self.city.desk).await.unwrap();
        match *what {
            Receive => {
                let address = Some("47 Bùi Đình Túy, Bình Thạnh".to_owned());
                let said = Feedback { address, ..feedback(POTHOLE) };
                let (received, _) =
                    self.city.desk.receive(&citizen("anonymous"), said, None).await.unwrap();
                assert_eq!(received.agency.as_deref(), Some(AGENCY));
                self.cases.push(received.number.parse().unwrap());
            }
            Give(case, role, word, body) => {
                let actor = if role.belongs_to_agency() { of(role, AGENCY) } else { staff(role) };
                let given = self.city.give(&actor, &self.cases[case], word, body).await;
                given.unwrap_or_else(|no| panic!("{hours} {word}: {no}"));
            }
            What::Merge(case, into) => {
                let command = Merge { into: self.cases[into].clone(), reason: None };
                let (who, around) = (staff(Role::Coordinator), Circumstances::default());
                self.city.desk.merge(&who, &self.cases[case], &command, &around).await.unwrap();
            }
            What::Unmerge(case) => {
                let command = Unmerge { reason: Private::new("hai hố".to_owned()) };
                let (who, around) = (staff(Role::Coordinator), Circumstances::default());
                self.city.desk.unmerge(&who, &self.cases[case], &command, &around).await.unwrap();
            }
        }
    }

    pub async fn all(&self) -> Vec<Case> {
        let mut all = Vec::new();
        for number in &self.cases {
            all.push((*self.city.case(number).await).clone());
        }
        all
    }
}
