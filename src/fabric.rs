//! Fabric: one configured fabric.

pub mod finding;
pub mod plan;
pub mod snapshot;
