//! Layer 5: where model files come from: the binary itself, or the disk.
//!
//! [`load()`] turns what was typed (a name or a path, scenarios, settings) into a compiled model together with the
//! resolved text that reproduces it.

pub mod beside;
pub mod embedded;
pub mod file;
pub mod fingerprint;
pub mod genius;
pub mod load;
pub mod pool;

pub use file::FileError;
pub use load::{LoadError, Loaded, Rejected, assemble, load, resolve};
