//! Tests of the program as a whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacks;
mod command;
mod commands;
mod deterrence;
mod examples;
mod fearon;
mod language;
mod layers;
mod library;
mod memory;
mod reproducible;
mod scale;
mod shipped;
mod six_mistakes;
mod start;
mod streams;
mod unused;
