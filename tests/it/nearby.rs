//! Duplicates, precedents and workload: what the followers write, and what is asked of them.

mod duplicates;
mod precedents;
mod rows;
mod scopes;
mod workload;
