//! Where a simulation may end a node: the moments at which a machine that loses power leaves
//! something different behind.
//!
//! A node ended here answers nobody any more, exactly like one whose process was killed, except
//! that the process goes on and can look at what is left. In service nobody sets this.

/// A moment in the life of a batch of appends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CrashPoint {
    /// Taken from the queue, nothing sent to the database.
    BeforeAppend,
    /// Everything written, not committed.
    InTransaction,
    /// Committed, nobody told.
    AfterCommit,
}

/// Decides at which moments a node ends.
pub trait CrashPoints: Send + Sync + std::fmt::Debug {
    /// Whether the node ends at this moment.
    fn ends_at(&self, point: CrashPoint) -> bool;
}
