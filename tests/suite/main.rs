//! Tests of the program as a whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacks;
mod audience;
mod classics;
mod coalition;
mod command;
mod commands;
mod commitments;
mod contingencies;
mod deterrence;
mod draws;
mod ends;
mod examples;
mod fearon;
mod frameworks;
mod genius;
mod imposed;
mod inventory;
mod knowledge;
mod language;
mod layers;
mod learning;
mod levers;
mod library;
mod measures;
mod memory;
mod peers;
mod politics;
mod pool;
mod protocols;
mod regimes;
mod reproducible;
mod scale;
mod seminar;
mod shipped;
mod signals;
mod signs;
mod six_mistakes;
mod start;
mod streams;
mod sweeps;
mod theory;
mod unused;
mod what_if;
mod workspaces;
