//! `detente report`: one page of a run, from its files alone, that asks for nothing.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{detente, detente_in};

/// The page of a run in a directory of its own.
fn page(run: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let run: Vec<&str> = run.iter().copied().chain(["--out", "one", "--quiet"]).collect();
    detente_in(directory.path(), &run).with_code(0);
    detente_in(directory.path(), &["report", "one"]).with_code(0);
    fs::read_to_string(directory.path().join("one.html")).unwrap()
}

/// The page without the libraries that it carries.
fn own(page: &str) -> &str {
    page.split("<script nonce=").next().unwrap()
}

/// Every specification on a page, by its id.
fn specifications(page: &str) -> Vec<(String, Value)> {
    let parts = own(page).split("<script type=\"application/json\" id=\"").skip(1);
    parts
        .map(|part| {
            let (id, rest) = part.split_once("\">").unwrap();
            (id.to_owned(), serde_json::from_str(rest.split("</script>").next().unwrap()).expect(id))
        })
        .collect()
}

/// What must hold of any page.
#[track_caller]
fn must_be_sound(page: &str, figures: &[&str]) {
    let own = own(page);
    for attribute in ["src=", "url(", "@import", "<link", "<iframe", "<img", "href=\"http", "href=\"//"] {
        assert!(!own.contains(attribute), "the page has `{attribute}`");
    }
    assert!(own.contains("default-src 'none'") && !page.contains("unsafe-eval"));
    assert!(own.contains("Not a forecast."));
    let found = specifications(page);
    for (id, spec) in &found {
        assert_eq!(spec["$schema"], "https://vega.github.io/schema/vega-lite/v6.json", "{id}");
        assert!(spec["data"]["values"].as_array().is_some_and(|rows| !rows.is_empty()), "{id} has no data");
        let figure = id.strip_suffix("-spec").unwrap();
        let text = own.split(&format!("<figure id=\"{figure}\"")).nth(1).unwrap().split("</figure>").next().unwrap();
        for part in ["class=\"sentence\"", "data-copy=\"detente ", "<details open>", "<caption>", "role=\"img\""] {
            assert!(text.contains(part), "{id} has no `{part}`");
        }
    }
    for figure in figures {
        assert!(found.iter().any(|(id, _)| *id == format!("{figure}-spec")), "no figure {figure}");
    }
    assert!(page.len() < 1_200_000, "{} bytes", page.len());
}

#[test]
fn the_report_of_a_run_is_the_same_twice_and_asks_for_nothing() {
    let run = ["run", "peace-survival", "--reps", "30", "--trace", "moves"];
    let first = page(&run);
    assert_eq!(first, page(&run), "two equal runs have different pages");
    must_be_sound(&first, &["outcome-shares", "months", "survival", "zone", "strength", "hazard"]);
    let command =
        "detente run peace-survival --reps 30 --seed 2025 --trace moves --out run &amp;&amp; detente report run";
    for text in [command, "<dd>2025</dd>", "Model hash", "What this cannot say"] {
        assert!(first.contains(text), "no `{text}`");
    }
}

#[test]
fn a_chart_that_needs_a_table_the_run_did_not_write_names_the_command_that_writes_it() {
    let text = page(&["run", "fearon", "--reps", "40"]);
    must_be_sound(&text, &["outcome-shares", "who-refused"]);
    let absent = own(&text).split("class=\"absent\"").skip(1);
    let named = absent.filter(|part| part.contains("detente run fearon --reps 40 --seed 2025 --trace moves"));
    assert_eq!(named.count(), 3);
}

#[test]
fn the_report_of_a_sweep_has_its_curves_maps_and_changes() {
    let grid =
        ["sweep", "fearon", "--vary", "params.cost_high=0.2:0.8:0.3", "--vary", "params.p=0.4,0.6", "--reps", "30"];
    let first = page(&grid);
    assert_eq!(first, page(&grid), "two equal sweeps have different pages");
    must_be_sound(&first, &["spread", "response-0", "tornado-agreement", "map-0-1-agreement", "flips"]);
    let command =
        "detente sweep fearon --vary params.cost_high=0.2:0.8:0.3 --vary params.p=0.4,0.6 --reps 30 --seed 2025";
    assert!(first.contains(command), "no `{command}`");

    let sampled = ["sweep", "fearon", "--vary", "params.cost_high=0.1,0.9", "--vary", "params.p=0.3,0.7"];
    let sobol: Vec<&str> =
        sampled.into_iter().chain(["--design", "saltelli", "--points", "8", "--reps", "8"]).collect();
    must_be_sound(&page(&sobol), &["total-order-agreement"]);
    let morris: Vec<&str> = sampled.into_iter().chain(["--design", "morris", "--points", "4", "--reps", "8"]).collect();
    must_be_sound(&page(&morris), &["mu-star-agreement"]);
}

#[test]
fn the_largest_bar_of_a_page_is_the_share_in_the_summary() {
    let text = page(&["run", "fearon", "--reps", "80"]);
    let shares = &specifications(&text)[0];
    assert_eq!(shares.0, "outcome-shares-spec");
    let rows = shares.1["data"]["values"].as_array().unwrap();
    let printed = detente(&["run", "fearon", "--reps", "80", "--format", "csv", "--quiet"]).with_code(0).out;
    let mut largest = 0.0_f64;
    for line in printed.lines().filter(|line| line.starts_with("outcome,") && line.contains(",share,")) {
        largest = largest.max(line.split(',').nth(4).unwrap().parse().unwrap());
    }
    assert!((rows[0]["value"].as_f64().unwrap() - largest).abs() < 1e-6, "{rows:?} {largest}");
    assert!(largest > 0.0);
}

#[test]
fn a_page_is_made_of_finished_runs_only_and_never_written_over() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let report = |args: &[&str]| detente_in(directory.path(), &[&["report"], args].concat());
    fs::create_dir(at("empty")).unwrap();
    for missing in ["nowhere", "empty"] {
        let answer = report(&[missing]).with_code(4);
        assert!(answer.err.contains(&format!("{missing} holds no run")), "{}", answer.err);
    }
    detente_in(directory.path(), &["run", "fearon", "--reps", "20", "--out", "talks", "--quiet"]).with_code(0);
    report(&["talks"]).with_code(0);
    let before = fs::read(at("talks.html")).unwrap();
    let answer = report(&["talks"]).with_code(4);
    assert!(answer.err.contains("`talks.html` exists already"), "{}", answer.err);
    report(&["talks", "--force"]).with_code(0);
    assert_eq!(before, fs::read(at("talks.html")).unwrap());
    let printed = report(&["talks", "--out", "-"]).with_code(0).out;
    assert_eq!(before, printed.into_bytes());
    let answer = report(&["talks", "--out", "no/where.html"]).with_code(4);
    assert!(answer.err.contains("no"), "{}", answer.err);
    damage(&at("talks"));
    let answer = report(&["talks", "--force"]).with_code(4);
    assert!(answer.err.contains("talks is not finished: a result file is missing"), "{}", answer.err);

    detente_in(directory.path(), &["run", "fearon", "--reps", "20", "--out", "part", "--quiet"]).with_code(0);
    let manifest = fs::read_to_string(at("part/run.json")).unwrap();
    fs::write(at("part/run.json"), manifest.replace("\"done\": 20", "\"done\": 7")).unwrap();
    let answer = report(&["part"]).with_code(4);
    assert!(answer.err.contains("7 of 20 replications are done"), "{}", answer.err);
}

#[test]
fn every_command_of_the_page_on_reports_runs_in_the_order_given() {
    let text = include_str!("../../docs/report.md");
    let lines = text.lines().filter_map(|line| line.strip_prefix("detente "));
    let commands: Vec<Vec<&str>> =
        lines.map(|line| line.split('#').next().unwrap().split_whitespace().collect()).collect();
    assert_eq!(commands.len(), 4, "{commands:?}");
    let directory = tempfile::tempdir().unwrap();
    for words in commands {
        detente_in(directory.path(), &words).with_code(0);
    }
    assert!(directory.path().join("costs.html").is_file());
}

/// Cuts a result file short.
fn damage(run: &Path) {
    let file = run.join("steps.csv");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, &text[..text.len() / 2]).unwrap();
}
