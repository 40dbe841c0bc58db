//! Questions to the read models, one a file. With the log, the only place that speaks SQL.

mod case_id;
mod case_list;
mod due_cases;
pub mod figures;
mod has_cases;
mod look_alike;
mod open_of_agency;
mod precedents;
mod received_cases;
mod sealed;
mod to_erase;
mod tracked;
mod workload;

pub use case_id::case_id_by_number;
pub use case_list::{
    After, CaseRow, Given, Key, ListQuery, OpenPart, Order, Page, Reach, SortKey, list_cases,
    public_cases,
};
pub use due_cases::{DueCase, due_cases};
pub use has_cases::has_cases;
pub use look_alike::{LookAlike, LookUp, look_alike, visible_numbers};
pub use open_of_agency::{Involved, OpenCase, open_of_agency};
pub use precedents::{PrecedentRow, precedents};
pub use received_cases::{ReceivedCase, received_cases};
pub use sealed::{
    RevealAfter, RevealRow, has_seal_row, in_seal_group, is_open_number, put_member, put_reveal,
    revealed_at, reveals, sealed_streams,
};
pub use to_erase::{ToErase, cases_to_erase, count_to_erase};
pub use tracked::{Tracked, tracked};
pub use workload::{Load, Loads, workload};
