use super::*;

const GOOD: &str = r#"
[experiment]
name = "guarantees"
title = "Force, backstop, will"
about = "A paragraph"
expected = "A pattern"
inventory = ["G-06"]
model = "ukraine-2025"
scenarios = ["us-walks-away"]
set = ["params.p_sham=0.2"]
design = "grid"
replications = 50
seed = 7
pairing = "shared"
responses = ["renewed_war"]

[[factor]]
path = "params.backstop"
from = 0
to = 1
step = 0.25

[[factor]]
path = "attacks.renewed_invasion.combine"
values = ["pooled", "weakest_link"]

[[factor]]
name = "order"
levels = [{ id = "base" }, { id = "walks", scenarios = ["us-walks-away"], set = ["params.x=1"] }]
"#;

fn problems(text: &str) -> Vec<String> {
    let mut problems = Problems::default();
    let _ = read(FileId(0), text, &mut problems);
    problems.list.iter().map(|p| format!("{} {}: {}", p.code, p.path, p.message)).collect()
}

#[test]
fn a_whole_experiment_is_read() {
    let mut problems = Problems::default();
    let found = read(FileId(0), GOOD, &mut problems).unwrap();
    assert_eq!(problems.list, []);
    assert!(is_experiment(GOOD) && !is_experiment("[model]\nname = \"x\""));
    assert_eq!((found.replications, found.seed, found.factors.len()), (Some(50), Some(7), 3));
    assert_eq!(found.factors[0].values, Values::Steps { from: 0.0, to: 1.0, count: 5 });
    let Values::Levels(levels) = &found.factors[1].values else { panic!("words are levels") };
    assert_eq!(levels[1].sets, ["attacks.renewed_invasion.combine=weakest_link"]);
    let Values::Levels(levels) = &found.factors[2].values else { panic!("levels are levels") };
    assert_eq!((levels[1].id.as_str(), levels[1].scenarios.len()), ("walks", 1));
}

#[test]
fn every_mistake_is_reported_at_once() {
    let bad = GOOD
        .replace("design = \"grid\"", "design = \"gird\"")
        .replace("replications = 50", "replications = 0")
        .replace("seed = 7", "sead = 7")
        .replace("step = 0.25", "step = 0.3")
        .replace("id = \"walks\"", "id = \"base\"")
        .replace("[\"pooled\", \"weakest_link\"]", "[]");
    assert_eq!(
        problems(&bad),
        [
            "E0109 experiment.design: `gird` is not known here",
            "E0103 experiment.replications: expected a whole number of at least 1, found the number 0",
            "E0101 experiment.sead: unknown key `sead`",
            "E0601 factor.0: no steps of 0.3 lead from 0 to 1",
            "E0108 factor.1.values: the list is empty",
            "E0107 factor.2.levels.1: the id `base` is used twice",
        ]
    );
}

#[test]
fn a_design_needs_its_keys_and_refuses_those_of_others() {
    let file = |rest: &str| format!("[experiment]\nname = \"x\"\ntitle = \"t\"\nmodel = \"fearon\"\n{rest}\n");
    let factor = "[[factor]]\npath = \"params.p\"\nlow = 0\nhigh = 1\n";
    let cases = [
        ("design = \"sobol\"", "E0102 experiment: `points` is missing, which a `sobol` needs"),
        ("design = \"grid\"\npoints = 3", "E0603 experiment: a `grid` has no use for `points`"),
        ("design = \"lhs\"\npoints = 3\nlevels = 4", "E0603 experiment: a `lhs` has no use for `levels`"),
        ("design = \"table\"", "E0102 experiment: `table` is missing, which a `table` needs"),
    ];
    for (keys, message) in cases {
        assert_eq!(problems(&file(&format!("{keys}\n{factor}"))), [message]);
    }
    let twice = format!("design = \"lhs\"\npoints = 3\n{factor}{factor}");
    assert_eq!(problems(&file(&twice)), ["E0602 factor.1: `params.p` is varied twice"]);
    let both = "design = \"grid\"\n[[factor]]\npath = \"params.p\"\nvalues = [1]\nlow = 0\nhigh = 1\n";
    assert_eq!(problems(&file(both)), ["E0111 factor.0.low: `values` and `low` exclude each other"]);
    let unnamed = "design = \"grid\"\n[[factor]]\nname = \"p\"\nvalues = [1]\n";
    assert_eq!(problems(&file(unnamed)), ["E0601 factor.0: a factor with a name needs named levels"]);
}

#[test]
fn a_vary_is_a_range_a_list_words_or_a_distribution() {
    let values = |text: &str| vary(text).unwrap().values;
    assert_eq!(values("params.p=0:1:0.1"), Values::Steps { from: 0.0, to: 1.0, count: 11 });
    assert_eq!(values("params.p=1:0:-0.5"), Values::Steps { from: 1.0, to: 0.0, count: 3 });
    assert_eq!(values("params.p=0, 0.5"), Values::List(vec![0.0, 0.5]));
    assert_eq!(values("params.p"), Values::Declared);
    let Values::Levels(levels) = values("scenario=base,a,a+b") else { panic!("scenarios are levels") };
    assert_eq!(levels.iter().map(|l| l.scenarios.join("|")).collect::<Vec<_>>(), ["", "a", "a|b"]);
    let Values::Levels(levels) = values("attacks.x.combine=pooled,additive") else { panic!("words are levels") };
    assert_eq!(levels[0].sets, ["attacks.x.combine=pooled"]);
}

#[test]
fn a_vary_that_says_nothing_is_refused() {
    let message = |text: &str| vary(text).unwrap_err().to_string();
    assert_eq!(message("=1,2"), "`=1,2` does not say what is varied over which values");
    assert_eq!(message("a=1,,2"), "`a=1,,2` does not say what is varied over which values");
    assert_eq!(message("a=0:1:0.3"), "no steps of 0.3 lead from 0 to 1");
    assert_eq!(message("a=0:1:0"), "no steps of 0 lead from 0 to 1");
    assert_eq!(message("a=0:1:-0.5"), "no steps of -0.5 lead from 0 to 1");
    assert_eq!(message("a=0:inf:1"), "`inf` is not a number");
    assert_eq!(message("a=1,1"), "`1` is given twice");
}

#[test]
fn a_trillion_steps_are_counted_and_not_listed() {
    assert_eq!(
        vary("a=1:1000000000000:1").unwrap().values,
        Values::Steps { from: 1.0, to: 1e12, count: 1_000_000_000_000 }
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}", cut in 0usize..900) {
        let _ = problems(&text);
        let cut = GOOD.floor_char_boundary(cut.min(GOOD.len()));
        let _ = problems(&format!("{}{text}", &GOOD[..cut]));
        let _ = vary(&text);
    }
}

#[test]
fn the_file_in_the_readme_of_the_experiments_reads_without_a_problem() {
    let text = include_str!("../../../runs/README.md");
    let block = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(problems(block), Vec::<String>::new());
}
