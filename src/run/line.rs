//! The assembly line: workers take chunks in order of their jobs, the caller gets the finished ones back in that order.
//!
//! A slow chunk holds nobody up but those who would run too far ahead: at most [`AHEAD`] chunks a worker are finished and
//! not yet handed over, so that memory is flat.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::chunk::Workshop;
use super::control::Play;
use super::part::Blocks;

/// Chunks a worker may be ahead of the slowest.
const AHEAD: u64 = 4;
/// Work that a chunk holds, about, where its size is not given.
const CHUNK_TIME: Duration = Duration::from_millis(100);
/// Most jobs of a chunk whose size is not given.
const MOST_JOBS: f64 = 4096.0;

/// A chunk that was played; without blocks it was given up.
struct Done {
    number: u64,
    jobs: Range<u64>,
    blocks: Option<Blocks>,
}

/// Hands out jobs.
struct Counter {
    left: Vec<Range<u64>>,
    /// Chunks handed out, and chunks that came back in order.
    given: u64,
    returned: u64,
    /// Nobody takes another chunk.
    closed: bool,
    /// Seconds a job takes, smoothed; 0 at first.
    pace: f64,
}

impl Counter {
    fn size(&self, fixed: Option<u64>, threads: u64) -> u64 {
        if let Some(fixed) = fixed {
            return fixed.max(1);
        }
        if self.pace <= 0.0 {
            return 1;
        }
        // Towards the end chunks get smaller, so that all workers finish together.
        let left: u64 = self.left.iter().map(|jobs| jobs.end - jobs.start).sum();
        let wanted = (CHUNK_TIME.as_secs_f64() / self.pace).clamp(1.0, MOST_JOBS) as u64;
        wanted.min(left / (2 * threads)).max(1)
    }

    fn take(&mut self, size: u64) -> Option<(u64, Range<u64>)> {
        let first = self.left.first_mut()?;
        let jobs = first.start..first.end.min(first.start.saturating_add(size));
        first.start = jobs.end;
        if first.start == first.end {
            self.left.remove(0);
        }
        self.given += 1;
        Some((self.given - 1, jobs))
    }
}

/// Plays the jobs of `ranges` on the pool and hands each finished chunk, in order, to `store`, which returns whether to go
/// on. Returns when all is stored, or early once somebody wants to stop: then chunks that were finished are still stored,
/// with holes where others were given up.
pub(super) fn run<P: Play, E: Send>(
    workshop: &Workshop<'_, P>,
    pool: &ThreadPool,
    ranges: Vec<Range<u64>>,
    mut store: impl FnMut(Range<u64>, Blocks) -> Result<(), E>,
) -> Result<(), E> {
    let threads = pool.current_num_threads() as u64;
    let counter = Mutex::new(Counter { left: ranges, given: 0, returned: 0, closed: false, pace: 0.0 });
    let turned = Condvar::new();
    let line = Line { workshop, counter: &counter, turned: &turned, threads };
    let (sender, receiver) = channel();
    pool.in_place_scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let line = &line;
            scope.spawn(move |_| line.work(&sender));
        }
        drop(sender);
        let result = line.hand_over(&receiver, &mut store);
        line.with(|counter| counter.closed = true);
        turned.notify_all();
        result
    })
}

struct Line<'a, 'w, P: Play> {
    workshop: &'a Workshop<'w, P>,
    counter: &'a Mutex<Counter>,
    turned: &'a Condvar,
    threads: u64,
}

impl<P: Play> Line<'_, '_, P> {
    fn with<T>(&self, body: impl FnOnce(&mut Counter) -> T) -> T {
        body(&mut self.counter.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next(&self) -> Option<(u64, Range<u64>)> {
        let mut counter = self.counter.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if counter.closed || self.workshop.control.is_stopped() {
                return None;
            }
            if counter.given - counter.returned < AHEAD * self.threads {
                let size = counter.size(self.workshop.control.chunk, self.threads);
                return counter.take(size);
            }
            counter = self.turned.wait(counter).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn work(&self, sender: &Sender<Done>) {
        while let Some((number, jobs)) = self.next() {
            let began = now();
            let blocks = self.workshop.play(jobs.clone());
            let each = began.elapsed().as_secs_f64() / (jobs.end - jobs.start) as f64;
            self.with(|counter| counter.pace = if counter.pace > 0.0 { 0.7 * counter.pace + 0.3 * each } else { each });
            // The receiver stays until all senders are gone.
            let _ = sender.send(Done { number, jobs, blocks });
        }
    }

    fn hand_over<E>(
        &self,
        receiver: &Receiver<Done>,
        store: &mut impl FnMut(Range<u64>, Blocks) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let mut expected = 0;
        let mut result = Ok(());
        for done in receiver {
            waiting.insert(done.number, done);
            while let Some(done) = waiting.remove(&expected) {
                expected += 1;
                if let (Some(blocks), Ok(())) = (done.blocks, &result) {
                    result = store(done.jobs, blocks);
                }
                let failed = result.is_err();
                self.with(|counter| {
                    counter.returned = expected;
                    counter.closed |= failed;
                });
                self.turned.notify_all();
            }
        }
        result
    }
}

#[expect(clippy::disallowed_methods, reason = "the size of chunks follows the clock; results do not depend on it")]
pub(super) fn now() -> Instant {
    Instant::now()
}
