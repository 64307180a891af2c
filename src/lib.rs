//! Détente: a reproducible, agent-based simulator of negotiations, agreements and the years after them.
pub mod design;
pub mod engine;
pub mod id;
pub mod model;
pub mod num;
pub mod rng;
pub mod run;
pub mod sink;
pub mod spec;
