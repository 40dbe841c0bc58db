//! Importing boundaries.
