//! One negotiation, told: an observer that writes down every move, and the account made of it.

mod html;
mod json;
mod moves;
mod recorder;
mod scenes;
mod sides;
mod text;
mod timeline;

pub use html::{both_html, html};
pub use json::json;
pub use recorder::{Account, Recorder};
pub use sides::{Told, WhatIf, both};
pub use text::text;
