//! Interrupts: the first asks to stop, the second leaves at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit code after an interrupt: 128 + SIGINT.
pub const INTERRUPTED: u8 = 130;
/// Exit code after a termination: 128 + SIGTERM.
pub const TERMINATED: u8 = 143;

/// Flags that the signal handlers set.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    stop: Arc<AtomicBool>,
    code: Arc<AtomicUsize>,
}

impl Signals {
    /// Installs the handlers. The order matters: the check for a second signal runs before the flag is set.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn install() -> std::io::Result<Self> {
        let signals = Self::default();
        for (signal, code) in [(SIGINT, INTERRUPTED), (SIGTERM, TERMINATED)] {
            flag::register_conditional_shutdown(signal, i32::from(code), Arc::clone(&signals.stop))?;
            flag::register_usize(signal, Arc::clone(&signals.code), usize::from(code))?;
            flag::register(signal, Arc::clone(&signals.stop))?;
        }
        Ok(signals)
    }

    /// The flag that asks for a stop.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Whether it was SIGTERM that asked.
    #[must_use]
    pub fn terminated(&self) -> bool {
        self.code.load(Ordering::Relaxed) == usize::from(TERMINATED)
    }
}
