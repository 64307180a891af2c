//! How far a run is: a bar on a terminal, a line every two seconds elsewhere, nothing when quiet.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::talk::Talk;
use crate::run::Progress;

/// Nothing is silent for longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells how far a run is.
pub struct Meter {
    how: How,
}

enum How {
    Silent,
    Bar(ProgressBar),
    Lines { talk: Talk, done: Arc<AtomicU64>, ticker: Mutex<Option<Ticker>> },
}

/// A thread that prints a line from time to time until its sender is dropped.
struct Ticker {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Meter {
    /// A meter that fits standard error.
    #[must_use]
    pub fn new(talk: Talk) -> Self {
        let how = if talk.quiet {
            How::Silent
        } else if std::io::stderr().is_terminal() {
            How::Bar(bar(talk))
        } else {
            How::Lines { talk, done: Arc::default(), ticker: Mutex::default() }
        };
        Self { how }
    }
}

fn bar(talk: Talk) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let template = if talk.color {
        "{bar:40.cyan/blue} {human_pos}/{human_len} replications, {per_sec}, {eta} left"
    } else {
        "{bar:40} {human_pos}/{human_len} replications, {per_sec}, {eta} left"
    };
    let style = ProgressStyle::with_template(template).expect("the template is fixed and well formed");
    bar.with_style(style.progress_chars("━━╌"))
}

impl Progress for Meter {
    fn started(&self, before: u64, total: u64) {
        match &self.how {
            How::Silent => {}
            How::Bar(bar) => {
                bar.set_length(total);
                bar.set_position(before);
                bar.reset_eta();
                bar.enable_steady_tick(Duration::from_millis(200));
            }
            How::Lines { talk, done, ticker } => {
                done.store(before, Ordering::Relaxed);
                let started = tick(*talk, Arc::clone(done), before, total);
                *ticker.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
            }
        }
    }

    fn advanced(&self, now: u64) {
        match &self.how {
            How::Silent => {}
            // Workers report in any order; the bar never goes back.
            How::Bar(bar) => bar.set_position(now.max(bar.position())),
            How::Lines { done, .. } => {
                done.fetch_max(now, Ordering::Relaxed);
            }
        }
    }

    fn finished(&self) {
        match &self.how {
            How::Silent => {}
            How::Bar(bar) => bar.finish_and_clear(),
            How::Lines { ticker, .. } => {
                if let Some(Ticker { stop, thread }) = ticker.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    drop(stop);
                    // A ticker that panicked has nothing to add.
                    let _ = thread.join();
                }
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "rates are talk on standard error and never reach a result")]
fn now() -> Instant {
    Instant::now()
}

fn tick(talk: Talk, done: Arc<AtomicU64>, before: u64, total: u64) -> Ticker {
    let (stop, stopped) = channel();
    let began = now();
    let thread = std::thread::spawn(move || {
        while stopped.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            talk.note(&status(before, done.load(Ordering::Relaxed), total, now() - began));
        }
    });
    Ticker { stop, thread }
}

/// `250/1000 replications, 120 a second, 6 s left`
fn status(before: u64, done: u64, total: u64, elapsed: Duration) -> String {
    let rate = done.saturating_sub(before) as f64 / elapsed.as_secs_f64().max(1e-9);
    if done <= before {
        return format!("{done}/{total} replications, {} s gone", elapsed.as_secs());
    }
    let left = (total.saturating_sub(done) as f64 / rate).ceil();
    format!("{done}/{total} replications, {rate:.1} a second, {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_rate_and_time_left() {
        let elapsed = Duration::from_secs(4);
        assert_eq!(status(0, 200, 1000, elapsed), "200/1000 replications, 50.0 a second, 16 s left");
        assert_eq!(status(600, 800, 1000, elapsed), "800/1000 replications, 50.0 a second, 4 s left");
        assert_eq!(status(0, 0, 1000, elapsed), "0/1000 replications, 4 s gone");
    }

    #[test]
    fn a_ticker_ends_with_its_run() {
        let meter = Meter {
            how: How::Lines {
                talk: Talk { quiet: true, color: false },
                done: Arc::default(),
                ticker: Mutex::default(),
            },
        };
        meter.started(0, 3);
        meter.advanced(3);
        meter.finished();
    }
}
