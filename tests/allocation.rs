//! The hot path allocates nothing per step: counted by an allocator of its own, in a binary of its own.
#![expect(unsafe_code, reason = "a global allocator that counts cannot be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::source;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call is passed on unchanged to the system allocator; only a counter is added.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: same contract as ours.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: same contract as ours.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: same contract as ours.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Most allocations of one replication: the terms of a settlement may be a fresh vector, nothing else may.
const PER_REPLICATION: u64 = 1;

#[test]
fn a_replication_allocates_nothing_per_step() {
    for (name, replications) in [("ukraine-2025", 20_u64), ("fearon", 50), ("no-zopa", 50)] {
        let loaded = source::load(name, &[], &[]).expect("the model ships with the program");
        let mut workspace = Workspace::new(&loaded.model);
        for replication in 0..replications {
            play(&loaded.model, Coordinates { seed: 2025, replication }, &mut workspace, &mut Nobody);
        }
        let mut steps = 0.0;
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        for replication in 0..replications {
            let at = Coordinates { seed: 2025, replication };
            steps += play(&loaded.model, at, &mut workspace, &mut Nobody).end_month.max(1.0);
        }
        let counted = ALLOCATIONS.load(Ordering::Relaxed) - before;
        assert!(counted <= PER_REPLICATION * replications, "{name}: {counted} allocations in {steps} steps");
        assert!(steps >= replications as f64, "{name}: nothing was played");
    }
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    drop(std::hint::black_box(vec![0_u8; 64]));
    assert!(ALLOCATIONS.load(Ordering::Relaxed) > before, "the counter counts");
}
