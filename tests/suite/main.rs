//! Tests of the program as a whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod command;
mod commands;
mod deterrence;
mod examples;
mod fearon;
mod layers;
mod shipped;
mod start;
mod streams;
