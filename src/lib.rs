//! Détente: a reproducible, agent-based simulator of negotiations, agreements and the years after them.
//!
//! # Architecture
//!
//! Data flows one way: `argv -> Args -> Settings -> spec -> Model + Plan -> run(engine) -> ordered rows -> sinks + manifest
//! -> report`. A module imports only from its own layer and from lower ones; a test (`tests/suite/layers.rs`) holds it to that.
//!
//! | layer | modules | job | never |
//! |---|---|---|---|
//! | 0 words | [`id`], [`num`], [`rng`] | typed ids; portable maths; random streams by coordinates | |
//! | 1 spec | [`spec`] | model files exactly as written, with the place of every key | paths, I/O |
//! | 2 model | [`model`] | the validated, compiled, immutable model; the expression language; all problems at once | I/O |
//! | 3 engine | [`engine`], [`measure`] | one negotiation, pure; scores of outcomes | I/O, clock, threads, failure, allocation per step |
//! | 4 design | [`design`] | points and numbered jobs; streaming statistics | I/O |
//! | 5 work | [`run`], [`sink`], [`report`], [`source`], [`theory`] | threads, order, files; text; reading; published results | |
//! | 6 faces | [`cli`] | arguments, progress bars, exit codes | simulation logic |
//!
//! What happens in a step of a negotiation is listed at the top of [`engine`]. What a model file may say is fixed by the
//! structs of [`spec::model`]; what becomes of it by those of [`model`].
//!
//! # One negotiation
//!
//! ```
//! use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
//! use detente::{model, source};
//!
//! let loaded = source::load("fearon", &[], &[]).expect("the model ships with the program");
//! let mut workspace = Workspace::new(&loaded.model);
//! let record = play(&loaded.model, Coordinates { seed: 2025, replication: 0 }, &mut workspace, &mut Nobody);
//! assert_eq!(record.offers, 1);
//! # let _: &model::Model = &loaded.model;
//! ```

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
pub mod theory;
