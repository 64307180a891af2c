//! A negotiation that goes on differently from a step on, and the transcripts that show both.

use serde_json::Value;

use crate::command::{Answer, detente, detente_in};

/// The starting model, with a parameter that nobody reads.
fn talks() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let text = detente(&["new", "-"]).with_code(0).out;
    let spare = "\n[params.spare]\nvalue = 0.5\nrange = [0, 1]\nsource = \"assumption\"\n";
    std::fs::write(directory.path().join("talks.toml"), text + spare).unwrap();
    directory
}

/// A trace of talks with few offers, so that many histories are still talking when something changes.
fn trace(directory: &tempfile::TempDir, rep: u64, more: &[&str]) -> Answer {
    let rep = rep.to_string();
    let args = ["trace", "talks.toml", "--rep", &rep, "--set", "protocol.offers_per_month=0.15"];
    detente_in(directory.path(), &[&args[..], more].concat())
}

/// Both histories of a replication.
fn both(directory: &tempfile::TempDir, rep: u64, what_if: &str) -> [Value; 2] {
    let out = trace(directory, rep, &["--what-if", what_if, "--format", "json"]).with_code(0).out;
    let mut document: Value = serde_json::from_str(&out).unwrap();
    [document["as_it_was"].take(), document["otherwise"].take()]
}

fn steps(history: &Value, keep: impl Fn(u64) -> bool) -> Vec<&Value> {
    history["steps"].as_array().unwrap().iter().filter(|step| keep(step["step"].as_u64().unwrap())).collect()
}

#[test]
fn before_the_fork_nothing_is_different_and_after_it_something_is() {
    let directory = talks();
    for change in ["4:params.war_weariness=0.09", "4:state.strain_b=0.9", "4:actors.A.patience=0.8"] {
        let mut moved = 0;
        for rep in 0..6 {
            let [was, other] = both(&directory, rep, change);
            assert_eq!(steps(&was, |step| step < 4), steps(&other, |step| step < 4), "{change}, replication {rep}");
            assert_eq!(was["types"], other["types"], "nobody is drawn again");
            moved += usize::from(steps(&was, |step| step >= 4) != steps(&other, |step| step >= 4));
        }
        assert!(moved >= 3, "{change} changes {moved} of 6 histories");
    }
}

#[test]
fn a_history_without_what_if_is_the_left_one() {
    let directory = talks();
    let alone: Value = serde_json::from_str(&trace(&directory, 2, &["--format", "json"]).with_code(0).out).unwrap();
    let [was, _] = both(&directory, 2, "3:state.strain_b=1");
    assert_eq!(alone, was);
}

#[test]
fn what_nobody_reads_and_what_is_so_already_change_nothing() {
    let directory = talks();
    // The first is valued anew from the fork on, the second is noticed to be the same.
    for change in ["4:params.spare=0.9", "4:params.recovery=0.05", "2:terms.trade=closed"] {
        for rep in 0..4 {
            let [was, other] = both(&directory, rep, change);
            assert_eq!(was["steps"], other["steps"], "{change}, replication {rep}");
            assert_eq!(was["outcome"], other["outcome"], "{change}, replication {rep}");
        }
        let told = trace(&directory, 1, &["--what-if", change]).with_code(0).out;
        let nothing = told.contains("nothing comes out differently") || told.contains("the talks were over before");
        assert!(nothing && !told.contains(" │ what if"), "{told}");
    }
}

#[test]
fn terms_in_force_and_office_holders_can_be_others_from_a_step_on() {
    for change in ["6:terms.posture=reduced", "6:actors.RU.type=security_seeker"] {
        let args = ["trace", "ukraine-2025", "--rep", "26", "--format", "json", "--what-if", change];
        let document: Value = serde_json::from_str(&detente(&args).with_code(0).out).unwrap();
        let [was, other] = [&document["as_it_was"], &document["otherwise"]];
        assert_eq!(steps(was, |step| step < 6), steps(other, |step| step < 6), "{change}");
        assert_ne!(steps(was, |step| step == 6), steps(other, |step| step == 6), "{change}");
    }
}

#[test]
fn changes_at_several_steps_add_up() {
    let directory = talks();
    let twice = ["--what-if", "5:state.strain_b=0.9", "--what-if", "3:params.war_weariness=0.09", "--format", "json"];
    let (mut early, mut late) = (false, false);
    for rep in 0..6 {
        let document: Value = serde_json::from_str(&trace(&directory, rep, &twice).with_code(0).out).unwrap();
        let [_, first] = both(&directory, rep, "3:params.war_weariness=0.09");
        let other = &document["otherwise"];
        assert_eq!(steps(other, |step| step < 5), steps(&first, |step| step < 5), "replication {rep}");
        early |= steps(other, |step| step < 5) != steps(&document["as_it_was"], |step| step < 5);
        late |= steps(other, |step| step >= 5) != steps(&first, |step| step >= 5);
    }
    assert!(early && late);
}

#[test]
fn both_transcripts_come_out_the_same_twice() {
    let directory = talks();
    for form in ["text", "html", "json"] {
        let args = ["--what-if", "4:state.strain_b=0.9", "--format", form];
        let out = trace(&directory, 2, &args).with_code(0).out;
        assert_eq!(out, trace(&directory, 2, &args).out, "{form}");
    }
    let text = trace(&directory, 2, &["--what-if", "4:state.strain_b=0.9"]).out;
    for part in ["what if: 4:state.strain_b=0.9", " │ what if", "outcome as it was: ", "outcome what if: "] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
}

#[test]
fn a_transcript_as_a_page_needs_no_script_and_every_mark_leads_somewhere() {
    let directory = talks();
    for more in [&["--format", "html"][..], &["--format", "html", "--what-if", "4:state.strain_b=0.9"]] {
        let page = trace(&directory, 2, more).with_code(0).out;
        for outside in ["<script", "http", "url(", "@import", " src="] {
            assert!(!page.contains(outside), "{outside}");
        }
        let targets: Vec<&str> = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(targets.len() > 3, "{targets:?}");
        for target in targets {
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
        let count = |tag: &str| page.matches(tag).count();
        for tag in ["section", "ul", "li", "div", "svg", "table", "details"] {
            assert_eq!(
                count(&format!("<{tag}")) - usize::from(tag == "li") * count("<line"),
                count(&format!("</{tag}>")),
                "{tag}"
            );
        }
    }
}

#[test]
fn a_change_that_cannot_be_made_is_refused_with_its_place_and_a_hint() {
    let directory = talks();
    let refused = |change: &str, code: i32| trace(&directory, 0, &["--what-if", change]).with_code(code).err;
    for (change, part) in [
        ("params.p=1", "no `:` behind the step"),
        ("x:params.p=1", "`x` is not a step"),
        ("3:params.p", "no `=` behind the path"),
        ("0:params.recovery=0.1", "`--set params.recovery=0.1`"),
        ("24:params.recovery=0.1", "steps 0 to 23"),
        ("3:state.strain_c=0.1", "did you mean `strain_a`?"),
        ("3:state.strain_a=2", "allowed: 0 to 1"),
        ("3:state.strain_a.start=0.5", "STEP:state.ID=VALUE"),
        ("3:terms.trade=opn", "did you mean `open`?"),
        ("3:terms.trad=open", "did you mean `trade`?"),
        ("3:actors.A.type=hard", "allowed: `moderate`, `hardline`"),
        ("3:actors.A.types.hardline.prior=0.5", "STEP:actors.ID.type=TYPE"),
        ("3:params.recovery=fast", "`fast` is not a number"),
        ("3:model.horizon_months=30", "cannot change midway"),
    ] {
        let said = refused(change, 2);
        assert!(said.contains(part), "{change}: {said}");
    }
    let said = refused("3:params.recovry=0.1", 3);
    assert!(said.contains("--what-if:1:8") && said.contains("did you mean `recovery`?"), "{said}");
    let said = refused("3:params.recovery=0.5", 3);
    assert!(said.contains("--what-if:1:"), "out of range: {said}");
    let said = detente(&["trace", "rubinstein", "--what-if", "1:params.delta_1=0.5"]).with_code(2).err;
    assert!(said.contains("cannot be changed midway") || said.contains("talks are over"), "{said}");
}

#[test]
fn a_transcript_can_be_read_aloud() {
    let told = detente(&["trace", "ukraine-2025", "--rep", "4"]).with_code(0).out;
    for sentence in [
        "state at the start:",
        "Share of Ukraine's area",
        " offers ",
        "; before, ",
        "Ukraine says ",
        "because of ",
        "confirms the signature of Ukraine",
        "signed: ",
        "year 1 of the settlement",
        "outcome: ",
    ] {
        assert!(told.contains(sentence), "`{sentence}` is missing in\n{told}");
    }
}
