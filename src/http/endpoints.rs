//! One endpoint a file.

pub(super) mod agencies;
pub(super) mod answers;
pub(super) mod case;
pub(super) mod case_duplicates;
pub(super) mod case_precedents;
pub(super) mod cases;
pub(super) mod categories;
pub(super) mod citizen_command;
pub(super) mod command;
pub(super) mod draft;
pub(super) mod duplicates;
pub(super) mod events;
pub(super) mod explain;
pub(super) mod feedback;
pub(super) mod health;
pub(super) mod home;
pub(super) mod ledger;
pub(super) mod metrics;
pub(super) mod ready;
pub(super) mod rules;
pub(super) mod sectors;
pub(super) mod specification;
pub(super) mod stats;
pub(super) mod track;
pub(super) mod workload;
