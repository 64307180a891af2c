//! `detente import genius`.

use crate::command::detente_in;

const LAPTOP: &str = include_str!("../cases/genius/laptop.xml");
const BUYER: &str = include_str!("../cases/genius/buyer.xml");
const SELLER: &str = include_str!("../cases/genius/seller.xml");

fn directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [("laptop.xml", LAPTOP), ("buyer.xml", BUYER), ("seller.xml", SELLER)] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

const IMPORT: [&str; 7] = ["import", "genius", "laptop.xml", "--profile", "buyer.xml", "--profile", "seller.xml"];

#[test]
fn an_imported_domain_is_a_model_that_runs() {
    let directory = directory();
    let printed = detente_in(directory.path(), &IMPORT).with_code(0).out;
    let into = [&IMPORT[..], &["--out", "laptop.toml"]].concat();
    detente_in(directory.path(), &into).with_code(0);
    assert_eq!(std::fs::read_to_string(directory.path().join("laptop.toml")).unwrap(), printed);
    let check = detente_in(directory.path(), &["check", "laptop.toml"]).with_code(0);
    assert!(!check.err.contains("warning"), "{}", check.err);
    let trace = detente_in(directory.path(), &["trace", "laptop.toml"]).with_code(0).out;
    assert!(trace.contains("agreement"), "{trace}");
    // A file is never overwritten.
    let again = detente_in(directory.path(), &into).with_code(4);
    assert!(again.err.contains("exists already"), "{}", again.err);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_and_a_remedy() {
    let directory = directory();
    std::fs::write(directory.path().join("buyer.xml"), BUYER.replace("evaluation=\"2\"", "evaluation=\"two\""))
        .unwrap();
    let answer = detente_in(directory.path(), &IMPORT).with_code(3);
    assert!(answer.err.contains("buyer.xml:12:7: `evaluation` is `two`, a number is needed"), "{}", answer.err);
    assert!(answer.err.contains("hint: write digits with a point"), "{}", answer.err);
    detente_in(directory.path(), &["import", "genius", "none.xml", "--profile", "a.xml", "--profile", "b.xml"])
        .with_code(4);
    let one = detente_in(directory.path(), &IMPORT[..5]).with_code(2);
    assert!(one.err.contains("1 profiles make no negotiation"), "{}", one.err);
}
