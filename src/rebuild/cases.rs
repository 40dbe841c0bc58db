//! The states of the cases a rebuild folds: those lately touched, at most so many. One that was
//! dropped and is touched again is folded anew from its own stream, so memory has a limit and the
//! rows do not depend on it.

use hashbrown::HashMap;
use hoiam_domain::case::Case;
use uuid::Uuid;

/// Two generations: when the young one is full it becomes the old one, and what was old is dropped.
#[derive(Debug)]
pub(crate) struct Cases {
    young: HashMap<Uuid, Box<Case>>,
    old: HashMap<Uuid, Box<Case>>,
    /// Cases a generation.
    capacity: usize,
}

impl Cases {
    /// Room for so many cases.
    pub(crate) fn new(cases: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), capacity: (cases / 2).max(1) }
    }

    /// Makes room; between two calls nothing is dropped.
    pub(crate) fn tidy(&mut self) {
        if self.young.len() >= self.capacity {
            self.old = std::mem::take(&mut self.young);
        }
    }

    /// Whether a case is known; if so it is young again.
    pub(crate) fn touch(&mut self, id: Uuid) -> bool {
        if self.young.contains_key(&id) {
            return true;
        }
        let Some(case) = self.old.remove(&id) else { return false };
        self.young.insert(id, case);
        true
    }

    pub(crate) fn take(&mut self, id: Uuid) -> Option<Box<Case>> {
        self.young.remove(&id).or_else(|| self.old.remove(&id))
    }

    pub(crate) fn put(&mut self, case: Box<Case>) {
        self.young.insert(case.id, case);
    }
}
