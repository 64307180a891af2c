//! Détente: a reproducible, agent-based simulator of negotiations, agreements and the years after them.
pub mod cli;
pub mod design;
pub mod engine;
pub mod id;
pub mod measure;
pub mod model;
pub mod num;
pub mod report;
pub mod rng;
pub mod run;
pub mod sink;
pub mod source;
pub mod spec;
