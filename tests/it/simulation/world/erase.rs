//! Erasing, while nodes end and clocks are off.

use std::path::PathBuf;

use hoiam::log::CrashPoint;
use hoiam_domain::case::command::ErasedPart;
use uuid::Uuid;

use super::World;
use crate::simulation::people;

impl World<'_> {
    /// Who reported a case is erased. Perhaps the node ends meanwhile; then what was broken off is
    /// done when it starts again, as a server does.
    pub(super) async fn erase(&mut self) {
        if self.model.order.is_empty() {
            return;
        }
        let id = *self.dice.pick(&self.model.order);
        self.erase_of(id).await;
    }

    /// Who reported this case.
    pub(super) async fn erase_of(&mut self, id: Uuid) {
        let number = self.model.case(id).number.clone();
        let what = if self.dice.percent(30) { ErasedPart::Contact } else { ErasedPart::Everything };
        let (before, place) = (self.before(), self.place());
        if self.dice.percent(50) {
            let points =
                [CrashPoint::BeforeAppend, CrashPoint::InTransaction, CrashPoint::AfterCommit];
            let (point, more) = (*self.dice.pick(&points), self.dice.below(3));
            self.tell(format!("node {} will end at {point:?}, after {more}", place.0));
            self.machines[place.0].trap.arm(point, more);
        }
        let request = people::erasing(Some(number), what, self.journal());
        let (nr, answer) = self.send(place, request);
        let outcome = answer.await;
        let ended = self.machines[place.0].trap.disarm();
        if ended {
            self.start_again(place.0).await;
        }
        self.settle(&before, vec![(nr, outcome)], ended).await;
        if ended {
            self.reapply().await;
        }
        for machine in &self.machines {
            for desk in &machine.desks {
                for id in &self.model.order {
                    let case = desk.case(*id).await.unwrap();
                    assert!(*case == *self.model.case(*id), "a node sees another case");
                }
            }
        }
    }

    /// What was broken off is done.
    pub async fn reapply(&mut self) {
        let (before, place) = (self.before(), self.place());
        let request = people::erasing(None, ErasedPart::Everything, self.journal());
        let (nr, answer) = self.send(place, request);
        let outcome = answer.await;
        self.settle(&before, vec![(nr, outcome)], false).await;
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("erasures.jsonl")
    }
}
