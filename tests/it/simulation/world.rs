//! The simulated city: nodes on one database, clients, a clock, and what may go wrong.

mod erase;
mod guests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use hoiam::log::CrashPoint;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::dice::Dice;
use super::judge::{Acknowledged, Before, Judge};
use super::machine::Machine;
use super::model::{Delivery, Model};
use super::people;
use super::request::{Ask, Outcome, Request};
use super::town::Town;
use crate::support::Bed;
use crate::support::city::{MORNING, at};

/// What was done, for whoever has to find out why a run failed.
pub type Story = Arc<Mutex<VecDeque<String>>>;

/// Lines of a story that are kept.
const STORY: usize = 60;
/// Requests with a key that may be delivered again.
const REMEMBERED: usize = 40;

pub struct World<'a> {
    pub bed: &'a Bed,
    pub dice: Dice,
    pub town: Town,
    pub machines: Vec<Machine>,
    pub model: Model,
    pub acknowledged: Acknowledged,
    pub now: Timestamp,
    desks: usize,
    /// Requests with a key, delivered before.
    sent: VecDeque<Request>,
    deliveries: u32,
    names: u32,
    story: Story,
    /// Where the journal of erasures is, apart from the database.
    folder: TempDir,
}

/// A node and one of its desks.
pub type Place = (usize, usize);

impl<'a> World<'a> {
    /// Two nodes with a desk each, or one with two.
    pub async fn begin(bed: &'a Bed, seed: u64, story: Story) -> Self {
        let mut dice = Dice::new(seed);
        let town = Town::new();
        let (nodes, desks) = if dice.percent(70) { (2, 1) } else { (1, 2) };
        let mut machines = Vec::new();
        for _ in 0..nodes {
            let skew = dice.between(-60, 60);
            machines.push(Machine::start(bed, &town.rules(), desks, skew, &mut dice).await);
        }
        Self {
            bed,
            dice,
            town,
            machines,
            model: Model::default(),
            acknowledged: Acknowledged::default(),
            now: at(MORNING),
            desks,
            sent: VecDeque::new(),
            deliveries: 0,
            names: 0,
            story,
            folder: TempDir::with_prefix("hoiam-sim-").unwrap(),
        }
    }

    fn tell(&self, line: String) {
        let mut story = self.story.lock().unwrap();
        if story.len() == STORY {
            story.pop_front();
        }
        story.push_back(format!("{} {line}", self.now));
    }

    /// One thing happens.
    pub async fn step(&mut self) {
        let few = self.model.order.len() < 3;
        match self.dice.weighed(&[if few { 30 } else { 6 }, 40, 14, 6, 12, 2, 8, 3, 3, 3, 3]) {
            0 => self.alone(Self::new_feedback).await,
            1 => self.alone(Self::new_command).await,
            2 => self.together().await,
            3 => self.again().await,
            4 => self.pass_time(),
            5 => self.step_back(),
            6 => self.tick().await,
            7 => self.crash().await,
            8 => self.restart().await,
            10 => self.erase().await,
            _ => {
                let what = self.town.change(&mut self.dice);
                self.tell(format!("rules: {what}"));
            }
        }
    }

    fn new_feedback(&mut self) -> Request {
        self.names += 1;
        let name = format!("tin {}", self.names);
        let request = people::feedback(&mut self.dice, &name, self.now);
        if self.dice.percent(75) { self.keyed(request) } else { request }
    }

    fn new_command(&mut self) -> Request {
        if self.model.order.is_empty() {
            return self.new_feedback();
        }
        let id = *self.dice.pick(&self.model.order);
        self.command_on(id)
    }

    fn command_on(&mut self, id: Uuid) -> Request {
        let others: Vec<_> = self.model.order.iter().map(|id| self.model.case(*id)).collect();
        let request = people::command(&mut self.dice, self.model.case(id), &others, self.now);
        if self.dice.percent(40) { self.keyed(request) } else { request }
    }

    /// Gives a request a key: mostly a new one, sometimes one that was used for another.
    fn keyed(&mut self, request: Request) -> Request {
        self.names += 1;
        let request = request.keyed(&format!("khóa {}", self.names));
        self.sent.push_back(request.clone());
        if self.sent.len() > REMEMBERED {
            self.sent.pop_front();
        }
        if !self.dice.percent(4) {
            return request;
        }
        let other = &self.sent[self.dice.below(self.sent.len())];
        let mut stolen = request.clone();
        if let (Some(key), Some(of)) = (&mut stolen.key, &other.key) {
            (key.scope, key.key) = (of.scope.clone(), of.key.clone());
        }
        stolen
    }

    pub fn place(&mut self) -> Place {
        (self.dice.below(self.machines.len()), self.dice.below(self.desks))
    }

    /// Makes a delivery known and starts it.
    fn send(
        &mut self,
        place: Place,
        request: Request,
    ) -> (u32, impl Future<Output = Outcome> + Send + use<>) {
        self.deliveries += 1;
        let nr = self.deliveries;
        let machine = &self.machines[place.0];
        let clock = machine.clock(self.now, nr);
        let desk = machine.desks[place.1].clone().with_clock(clock);
        let delivery =
            Delivery { request: request.clone(), rules: self.town.current(), now: desk.now() };
        self.model.deliveries.insert(nr, delivery);
        self.tell(format!("#{nr} at {place:?}: {}", brief(&request)));
        (nr, request.deliver(desk))
    }

    pub fn before(&self) -> Before {
        self.model.order.iter().map(|id| (*id, self.model.version(*id))).collect()
    }

    /// Reads what the log has now and judges the answers by it.
    pub async fn settle(&mut self, before: &Before, outcomes: Vec<(u32, Outcome)>, lenient: bool) {
        for (nr, outcome) in &outcomes {
            self.tell(format!("#{nr} -> {}", short(outcome)));
        }
        loop {
            let page = self.machines[0].log.read_all(self.model.head, 2_000).await.unwrap();
            if page.is_empty() {
                break;
            }
            let vault = self.machines[0].log.vault().clone();
            self.model.take(&vault, &page);
        }
        let first = outcomes.first().map_or(0, |(nr, _)| *nr);
        let judge = Judge { model: &self.model, before, lenient, first };
        for (nr, outcome) in &outcomes {
            judge.check(*nr, outcome, &mut self.acknowledged);
        }
    }

    async fn alone(&mut self, ask: fn(&mut Self) -> Request) {
        let request = ask(self);
        self.deliver_alone(request).await;
    }

    /// One request, answered before anything else happens; its writer reads it at every node.
    pub async fn deliver_alone(&mut self, request: Request) {
        let (before, place) = (self.before(), self.place());
        let (nr, answer) = self.send(place, request);
        let outcome = answer.await;
        let seen = match &outcome {
            Outcome::Done(done) => Some((done.case.id, done.case.version)),
            _ => None,
        };
        self.settle(&before, vec![(nr, outcome)], false).await;
        if let Some((id, version)) = seen {
            for machine in &self.machines {
                for desk in &machine.desks {
                    let case = desk.case(id).await.unwrap();
                    assert!(case.version >= version, "a node does not see what was acknowledged");
                    assert!(*case == *self.model.case(id), "a node sees another case");
                }
            }
        }
    }

    /// Several requests at once, many on one case, some of them twice.
    fn burst(&mut self) -> Vec<(Place, Request)> {
        let mut requests = Vec::new();
        let favourite = (!self.model.order.is_empty()).then(|| *self.dice.pick(&self.model.order));
        for _ in 0..self.dice.between(2, 5) {
            let request = match favourite {
                Some(id) if self.dice.percent(60) => self.command_on(id),
                _ if self.dice.percent(50) => self.new_feedback(),
                _ => self.new_command(),
            };
            let copies = if request.key.is_some() && self.dice.percent(40) { 2 } else { 1 };
            for _ in 0..copies {
                requests.push((self.place(), request.clone()));
            }
        }
        if self.dice.percent(20) {
            requests.push((self.place(), people::tick()));
        }
        requests
    }

    async fn together(&mut self) {
        let before = self.before();
        let requests = self.burst();
        let ticks = requests.iter().any(|(_, request)| matches!(request.ask, Ask::Tick));
        let gone = self.dice.percent(20);
        let outcomes = if gone { self.unheard(requests).await } else { self.all(requests).await };
        self.settle(&before, outcomes, ticks).await;
    }

    /// Delivers all at once, but the clients go away before they are answered: what they asked is
    /// done or not, never half.
    async fn unheard(&mut self, requests: Vec<(Place, Request)>) -> Vec<(u32, Outcome)> {
        let mut tasks = JoinSet::new();
        let mut outcomes = Vec::new();
        for (place, request) in requests {
            let (nr, answer) = self.send(place, request);
            tasks.spawn(answer);
            outcomes.push((nr, Outcome::Unheard));
        }
        for _ in 0..self.dice.below(200) {
            tokio::task::yield_now().await;
        }
        tasks.shutdown().await;
        // What is waiting at the nodes is written before they answer this.
        for machine in &self.machines {
            machine.log.ready().await.unwrap();
        }
        outcomes
    }

    /// Delivers all at once.
    pub async fn all(&mut self, requests: Vec<(Place, Request)>) -> Vec<(u32, Outcome)> {
        let mut tasks = JoinSet::new();
        for (place, request) in requests {
            let (nr, answer) = self.send(place, request);
            tasks.spawn(async move { (nr, answer.await) });
        }
        let mut outcomes = tasks.join_all().await;
        outcomes.sort_by_key(|(nr, _)| *nr);
        outcomes
    }

    /// Something that was asked before is asked again.
    async fn again(&mut self) {
        if self.sent.is_empty() {
            return;
        }
        let request = self.sent[self.dice.below(self.sent.len())].clone();
        self.deliver_alone(request).await;
    }

    fn pass_time(&mut self) {
        let minutes = match self.dice.below(10) {
            0..6 => self.dice.between(0, 45),
            6..9 => self.dice.between(45, 900),
            _ => self.dice.between(900, 9_000),
        };
        self.now += SignedDuration::from_secs(60 * minutes + self.dice.between(0, 59));
    }

    /// The wall clock of a node is put back.
    fn step_back(&mut self) {
        let node = self.dice.below(self.machines.len());
        self.machines[node].skew = -self.dice.between(0, 900);
        self.tell(format!("the clock of node {node} is {} s off", self.machines[node].skew));
    }

    /// The workers for timers of one or of all nodes.
    async fn tick(&mut self) {
        let before = self.before();
        let mut requests = vec![(self.place(), people::tick())];
        if self.dice.percent(50) {
            requests.push((self.place(), people::tick()));
        }
        let outcomes = self.all(requests).await;
        self.settle(&before, outcomes, false).await;
    }

    /// A node ends at some point of some append, with whatever else is under way; and starts again.
    async fn crash(&mut self) {
        let node = self.dice.below(self.machines.len());
        let points = [CrashPoint::BeforeAppend, CrashPoint::InTransaction, CrashPoint::AfterCommit];
        let point = *self.dice.pick(&points);
        let more = self.dice.below(3);
        self.tell(format!("node {node} will end at {point:?}, after {more}"));
        let before = self.before();
        self.machines[node].trap.arm(point, more);
        let mut requests = self.burst();
        if self.dice.percent(30) {
            requests = vec![((node, 0), people::tick()), ((node, 0), self.new_command())];
        }
        let outcomes = self.all(requests).await;
        let sprung = self.machines[node].trap.disarm();
        self.tell(format!("node {node} {}", if sprung { "ended" } else { "lived" }));
        if sprung {
            self.start_again(node).await;
        }
        self.settle(&before, outcomes, true).await;
    }

    async fn restart(&mut self) {
        let node = self.dice.below(self.machines.len());
        self.tell(format!("node {node} starts anew"));
        self.start_again(node).await;
    }

    /// Every node starts anew, with clocks that are right.
    pub async fn restart_all(&mut self) {
        for node in 0..self.machines.len() {
            self.start_again(node).await;
            self.machines[node].skew = 0;
        }
    }

    async fn start_again(&mut self, node: usize) {
        let skew = self.dice.between(-60, 60);
        let rules = self.town.rules();
        let new = Machine::start(self.bed, &rules, self.desks, skew, &mut self.dice).await;
        let old = std::mem::replace(&mut self.machines[node], new);
        old.log.close().await;
    }
}

fn brief(request: &Request) -> String {
    let what = match &request.ask {
        Ask::Receive(feedback) => format!("receive {:.50}", feedback.text),
        Ask::Command { number, word, body } => format!("{number} {word} {body:.120}"),
        Ask::Merge { number, into } => format!("{number} merge into {into}"),
        Ask::Unmerge { number } => format!("{number} unmerge"),
        Ask::Tick => "tick".to_owned(),
        Ask::Erase { number, what, .. } => format!("erase {number:?} {what:?}"),
    };
    let (actor, key) = (&request.actor, request.key.as_ref().map(|key| &key.key));
    let agency = actor.agency.as_ref().map_or("", |agency| agency.as_str());
    let (expected, at) = (request.expected, request.occurred_at);
    format!(
        "{what} by {} {}@{agency}, expected {expected:?}, at {at:?}, key {key:?}",
        actor.role, actor.id
    )
}

fn short(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Received(received, replayed) => {
            format!("{} {} replayed {replayed}", received.number, received.status)
        }
        Outcome::Done(done) => {
            let (number, stage) = (&done.case.number, done.case.work.stage.name().as_str());
            format!("{number} {stage} at {} replayed {}", done.case.version, done.replayed)
        }
        Outcome::Ticked(fired) => format!("{fired} fired"),
        Outcome::Erased(done) => format!("erased: {done:?}"),
        Outcome::Refused(error) => format!("refused: {error:?}"),
        Outcome::Unheard => "nobody waited".to_owned(),
    }
}
