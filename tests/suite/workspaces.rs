//! Buffers that one replication leaves behind are nothing to the next.

use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::source;
use detente::source::embedded;

#[test]
fn no_classic_remembers_the_replication_before() {
    for file in embedded::models().filter(|file| file.name.contains('/')) {
        let model = source::load(file.name, &[], &[]).unwrap_or_else(|error| panic!("{}: {error:?}", file.name)).model;
        let mut workspace = Workspace::new(&model);
        for replication in 0..3 {
            let at = Coordinates { seed: 5, replication };
            let alone = play(&model, at, &mut Workspace::new(&model), &mut Nobody).clone();
            let after = play(&model, at, &mut workspace, &mut Nobody);
            assert_eq!(format!("{alone:?}"), format!("{after:?}"), "{}, replication {replication}", file.name);
        }
    }
}
