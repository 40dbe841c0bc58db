//! Questions to the read models, one a file. With the log, the only place that speaks SQL.

mod case_id;
mod case_list;
mod due_timers;
pub mod report;
mod tracked;

pub use case_id::case_id_by_number;
pub use case_list::{After, CaseRow, Key, ListQuery, Order, SortKey, list_cases};
pub use due_timers::{DueTimer, due_timers};
pub use tracked::{Tracked, tracked};
