//! What commands answer, and the exit codes they answer with.

use crate::command::{detente, detente_in};

#[test]
fn a_usage_error_exits_with_2() {
    detente(&[]).with_code(2);
    detente(&["fly"]).with_code(2);
    detente(&["run"]).with_code(2);
    detente(&["run", "fearon", "--reps", "0"]).with_code(2);
    detente(&["run", "fearon", "--seed", "-1"]).with_code(2);
    detente(&["explain", "E9999"]).with_code(2);
    detente(&["man", "fly"]).with_code(2);
}

#[test]
fn a_missing_model_exits_with_4_and_says_what_is_near() {
    let answer = detente(&["check", "none.toml"]).with_code(4);
    assert!(answer.err.contains("no file `none.toml`"), "{}", answer.err);
    let answer = detente(&["check", "faeron"]).with_code(4);
    assert!(answer.err.contains("did you mean `fearon`?"), "{}", answer.err);
    detente(&["run", "none.toml"]).with_code(4);
    detente(&["describe", "."]).with_code(4);
}

#[test]
fn an_invalid_model_exits_with_3_and_every_problem_has_a_place() {
    let directory = tempfile::tempdir().unwrap();
    let text = "[model]\nname = \"x\"\ntitle = \"y\"\nstep = \"fortnight\"\nhorizon = 3\n";
    std::fs::write(directory.path().join("bad.toml"), text).unwrap();
    let answer = detente_in(directory.path(), &["check", "bad.toml"]).with_code(3);
    assert!(answer.err.contains("bad.toml:4:8"), "{}", answer.err);
    assert!(answer.err.contains("bad.toml:5:1"), "{}", answer.err);
    assert_eq!(answer.out, "");
    let answer = detente_in(directory.path(), &["check", "bad.toml", "--format", "json"]).with_code(3);
    let document: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(document[0]["ok"], false);
    let lines: Vec<_> = document[0]["problems"].as_array().unwrap().iter().map(|p| p["line"].as_u64()).collect();
    assert!(lines.contains(&Some(4)) && lines.contains(&Some(5)), "{lines:?}");
    detente_in(directory.path(), &["run", "bad.toml"]).with_code(3);
}

#[test]
fn a_wrong_setting_is_an_invalid_model() {
    let answer = detente(&["check", "fearon", "--set", "nonsense"]).with_code(3);
    assert!(answer.err.contains("--set:1:1"), "{}", answer.err);
}

#[test]
fn color_is_used_only_where_it_is_wanted() {
    assert!(!detente(&["check", "fearon", "--set", "nonsense"]).err.contains('\u{1b}'));
    assert!(!detente(&["check", "fearon", "--set", "nonsense", "--color", "never"]).err.contains('\u{1b}'));
    assert!(detente(&["check", "fearon", "--set", "nonsense", "--color", "always"]).err.contains('\u{1b}'));
}

#[test]
fn lists_are_printed_in_every_form() {
    let table = detente(&["models"]).with_code(0).out;
    assert!(table.contains("classics/fearon"), "{table}");
    let csv = detente(&["models", "--format", "csv"]).with_code(0).out;
    assert!(csv.starts_with("model,title,scenarios\n"), "{csv}");
    let json = detente(&["models", "--format", "json"]).with_code(0).out;
    let models: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(models.as_array().unwrap().iter().any(|model| model["model"] == "classics/fearon"));
    detente(&["scenarios", "fearon"]).with_code(0);
    detente(&["scenarios", "none"]).with_code(4);
}

#[test]
fn a_package_is_appraised_by_name_or_by_its_options() {
    let named = detente(&["appraise", "ukraine-2025", "--package", "force_30k", "--format", "csv"]).with_code(0).out;
    let spelled = ["appraise", "ukraine-2025", "--package", "guarantee=arms,force=k30", "--format", "csv"];
    assert_eq!(detente(&spelled).with_code(0).out, named);
    assert!(named.starts_with("quantity,who,detail,value\n"), "{named}");
    let drawn = [&spelled[..], &["--rep", "3"]].concat();
    assert_ne!(detente(&drawn).with_code(0).out, named);
    let text = detente(&["appraise", "ukraine-2025", "--package", "force_30k"]).with_code(0).out;
    assert!(text.starts_with("force_30k: guarantee arms, force k30\n") && text.contains("\nblocked by "), "{text}");
    assert!(detente(&["appraise", "ukraine-2025", "--package", "force_30"]).with_code(2).err.contains("did you mean"));
    assert!(detente(&["appraise", "ukraine-2025", "--package", "force=k3"]).with_code(2).err.contains("has no option"));
    assert!(detente(&["appraise", "ukraine-2025", "--package", "farce=k3"]).with_code(2).err.contains("no issue"));
    detente(&["appraise", "ukraine-2025"]).with_code(2);
}

#[test]
fn a_package_that_no_list_holds_is_appraised_all_the_same() {
    let forbidden = "guarantee=arms,army_cap=disarmed";
    let answer = detente(&["appraise", "ukraine-2025", "--package", forbidden, "--format", "csv"]).with_code(0).out;
    assert!(!answer.contains("\nratification,"), "nobody is asked about what may not be offered: {answer}");
}

#[test]
fn the_table_has_a_row_for_every_reference_package_and_form() {
    let csv = detente(&["appraise", "ukraine-2025", "--table", "--format", "csv"]).with_code(0).out;
    assert!(csv.starts_with("package,combine,g,g_hat,hazard_year1,attack_prob_60m,attack_prob_8y,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 9 * 5);
    let json = detente(&["appraise", "ukraine-2025", "--table", "--format", "json"]).with_code(0).out;
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows[0]["combine"], "pooled");
}

#[test]
fn every_code_is_explained() {
    let list = detente(&["explain"]).with_code(0).out;
    assert!(list.lines().count() > 20, "{list}");
    let answer = detente(&["explain", "e0302"]).with_code(0);
    assert!(answer.out.starts_with("E0302: "), "{}", answer.out);
}

#[test]
fn completions_and_manual_pages_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(detente(&["completions", shell]).with_code(0).out.contains("detente"));
    }
    assert!(detente(&["man"]).with_code(0).out.contains(".TH detente"));
    assert!(detente(&["man", "run"]).with_code(0).out.contains("detente"));
}
