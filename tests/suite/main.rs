//! Tests of the program as a whole.

mod command;
mod commands;
mod examples;
mod layers;
mod shipped;
mod start;
mod streams;
