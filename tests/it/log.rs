//! What the log promises, checked the same on both databases.

mod append_only;
mod batches;
mod crash;
mod crash_points;
mod expected;
mod full_disk;
mod idempotency;
mod nodes;
mod order;
mod refusals;
mod rows;
mod schema;
mod stored;
