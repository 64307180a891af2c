//! Layer 3: one negotiation.
pub mod observer;
pub mod record;
