//! Tests of the program as a whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacks;
mod classics;
mod coalition;
mod command;
mod commands;
mod commitments;
mod deterrence;
mod examples;
mod fearon;
mod genius;
mod imposed;
mod knowledge;
mod language;
mod layers;
mod levers;
mod library;
mod memory;
mod politics;
mod peers;
mod pool;
mod protocols;
mod regimes;
mod reproducible;
mod scale;
mod shipped;
mod signals;
mod six_mistakes;
mod start;
mod streams;
mod theory;
mod unused;
