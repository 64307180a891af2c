//! Détente: a reproducible, agent-based simulator of negotiations, agreements and the years after them.
pub mod engine;
pub mod id;
pub mod model;
pub mod num;
pub mod rng;
pub mod spec;
