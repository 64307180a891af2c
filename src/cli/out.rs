//! Standard output: data only, and never a panic.

use std::io::{ErrorKind, Write};

use super::failure::Failure;

/// Writes data to standard output and flushes it.
///
/// # Errors
/// [`Failure::ClosedPipe`] when the reader has gone, [`Failure::Stdout`] when the device is full or broken.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::Stdout(error),
    })
}
