//! People whose cases were merged speak in the one that goes on; then one of them is erased, or
//! whoever reported that one.

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::stage::StageName;
use serde_json::json;
use uuid::Uuid;

use super::World;
use crate::simulation::people;

/// How often.
const ROUNDS: usize = 3;
/// Cases spoken in each time.
const HOSTS: usize = 3;

impl World<'_> {
    /// At the end of a run, whatever became of the cases in it.
    pub async fn guests(&mut self) {
        let operator = Actor::new(Role::Operator, "tok_operator_0");
        for _ in 0..ROUNDS {
            for _ in 0..HOSTS {
                // Into one where the agency may be asking, if there is one.
                let mut into = self.model.order.clone();
                into.retain(|id| self.model.case(*id).work.stage.name() == StageName::InProgress);
                let into = if into.is_empty() { self.model.order.clone() } else { into };
                let pair = [*self.dice.pick(&self.model.order), *self.dice.pick(&into)];
                let [one, two] = pair.map(|id| self.model.case(id).number.clone());
                self.deliver_alone(people::merging(one, two, operator.clone())).await;
            }
            let mut hosts: Vec<Uuid> = self.model.order.clone();
            hosts.retain(|id| {
                let case = self.model.case(*id);
                !case.absorbed.is_empty() && case.work.stage.name() != StageName::Merged
            });
            hosts.truncate(HOSTS);
            for host in &hosts {
                self.speaks(*host).await;
            }
            if hosts.is_empty() {
                continue;
            }
            let host = self.model.case(*self.dice.pick(&hosts)).clone();
            let guest = self.dice.pick(&host.absorbed).case;
            let id = if self.dice.percent(30) { host.id } else { guest };
            self.erase_of(id).await;
        }
    }

    /// Everybody who came with a merge says whatever they may.
    async fn speaks(&mut self, host: Uuid) {
        let case = self.model.case(host).clone();
        for party in case.parties.iter().filter(|party| party.id.contains('/')) {
            for (role, word, body) in [
                (Role::Operator, "ask", json!({ "question": "Ở đâu?" })),
                (Role::Citizen, "reply", json!({ "text": format!("ở nhà {}", party.id) })),
                (Role::Citizen, "reopen", json!({ "reason": "chưa xong" })),
                (Role::Citizen, "appeal", json!({ "reason": "không đúng" })),
                (Role::Citizen, "rate", json!({ "score": 2, "comment": "chậm" })),
            ] {
                let id = if role == Role::Citizen { &party.id } else { "tok_operator_0" };
                let request = people::saying(&case.number, word, &body, Actor::new(role, id));
                self.deliver_alone(request).await;
            }
        }
    }
}
