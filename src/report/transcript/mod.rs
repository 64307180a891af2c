//! One negotiation, told: an observer that writes down every move, and the account made of it.

mod json;
mod moves;
mod recorder;
mod text;

pub use json::json;
pub use recorder::{Account, Recorder};
pub use text::text;
