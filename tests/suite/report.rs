//! `detente report`: one page of a run, from its files alone, that asks for nothing.

use std::collections::BTreeMap;
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
    assert_eq!(named.count(), 4);
    let shared = own(&text).split("class=\"absent\"").skip(1);
    let shared: Vec<&str> = shared.filter(|part| part.contains("The interval over assumptions")).collect();
    assert!(
        shared.len() == 1 && shared[0].contains("detente run fearon --reps 40 --seed 2025 --per-draw 2 --out run"),
        "{shared:?}"
    );
}

/// Rows of a CSV file of a run.
fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
}

#[test]
fn histories_that_share_their_draws_have_two_intervals_on_each_bar() {
    let directory = tempfile::tempdir().unwrap();
    let run = ["run", "fearon", "--reps", "120", "--per-draw", "4", "--out", "one", "--quiet"];
    detente_in(directory.path(), &run).with_code(0);
    detente_in(directory.path(), &["report", "one"]).with_code(0);
    let text = fs::read_to_string(directory.path().join("one.html")).unwrap();
    must_be_sound(&text, &["outcome-shares"]);
    assert!(own(&text).contains("id=\"between-draws\"") && !own(&text).contains("The interval over assumptions"));
    let written = rows(&directory.path().join("one/summary.csv"));
    let (_, spec) = &specifications(&text)[0];
    let bars = spec["data"]["values"].as_array().unwrap();
    let mut wide = 0;
    for row in written.iter().filter(|row| row["quantity"] == "outcome" && row["statistic"] == "assumptions") {
        let bar = bars.iter().find(|bar| bar["label"] == row["category"].replace('_', " ")).unwrap();
        for (end, column) in [("least", "low"), ("greatest", "high")] {
            let number: f64 = row[column].parse().unwrap();
            assert!((bar[end].as_f64().unwrap() - number).abs() < 1e-6, "{bar} {row:?}");
        }
        wide += u32::from(bar["greatest"].as_f64() > bar["least"].as_f64());
    }
    assert!(wide > 0, "no share differs between draws");
}

#[test]
fn the_report_of_the_war_draws_win_sets_and_the_cost_of_each_path() {
    let directory = tempfile::tempdir().unwrap();
    let run = ["run", "ukraine-2025", "--reps", "10", "--noise", "0", "--trace", "moves", "--out", "one", "--quiet"];
    detente_in(directory.path(), &run).with_code(0);
    detente_in(directory.path(), &["report", "one"]).with_code(0);
    let text = fs::read_to_string(directory.path().join("one.html")).unwrap();
    must_be_sound(&text, &["regions", "path-costs", "costs"]);

    // A win set lies within what is ratified, and where nothing is agreeable there is none.
    let (mut seen, number) = (0, |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().ok());
    for row in rows(&directory.path().join("one/rounds.csv")) {
        for side in ["ru", "ua"] {
            let ends = |region: &str| {
                number(&row, &format!("{region}_low_{side}")).zip(number(&row, &format!("{region}_high_{side}")))
            };
            let Some((low, high)) = ends("win_set") else { continue };
            let (outer_low, outer_high) = ends("ratified").expect("what is won is ratified");
            assert!(outer_low <= low && low <= high && high <= outer_high, "{row:?}");
            assert!(number(&row, "n_agreeable") > Some(0.0), "{row:?}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
    let (_, regions) = specifications(&text).into_iter().find(|(id, _)| id == "regions-spec").unwrap();
    let values = regions["data"]["values"].as_array().unwrap();
    for field in ["outer_low", "low", "y"] {
        assert!(values.iter().any(|value| value[field].is_number()), "nothing has {field}");
    }

    // Histories are told apart by path as in the summary.
    let costs = own(&text).split("id=\"path-costs\"").nth(1).unwrap();
    for row in rows(&directory.path().join("one/summary.csv")).iter().filter(|row| row["quantity"] == "path") {
        let n = row["value"].parse::<f64>().unwrap() * 10.0;
        let label = format!("{} ({n:.0})", row["category"].replace('_', " "));
        assert_eq!(costs.contains(&label), n > 0.0, "{label}");
    }
}

#[test]
fn a_sweep_that_samples_its_points_has_curves_maps_and_changes_too() {
    let directory = tempfile::tempdir().unwrap();
    for design in ["lhs", "sobol"] {
        let vary = ["--vary", "params.cost_high=0.1:0.9:0.01", "--vary", "params.p=0.3:0.7:0.01"];
        let layout = ["--design", design, "--points", "32", "--reps", "10", "--out", design, "--quiet"];
        detente_in(directory.path(), &[&["sweep", "fearon"], &vary[..], &layout].concat()).with_code(0);
        detente_in(directory.path(), &["report", design]).with_code(0);
        let text = fs::read_to_string(directory.path().join(format!("{design}.html"))).unwrap();
        must_be_sound(&text, &["sampled-0", "sampled-1", "tornado-agreement", "map-0-1-agreement", "flips"]);

        // Eight groups of four points, from the rows of the run.
        let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
        let mut points: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for row in rows(&directory.path().join(design).join("outcomes.csv")) {
            let point = points.entry(row["point"].clone()).or_insert((number(&row, "cost_high"), 0.0));
            point.1 += if row["agreement_month"].is_empty() { 0.0 } else { 0.1 };
        }
        let mut points: Vec<(f64, f64)> = points.into_values().collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let groups: Vec<f64> =
            points.chunks(4).map(|own| own.iter().map(|(_, share)| share).sum::<f64>() / 4.0).collect();
        let (_, curve) = specifications(&text).into_iter().find(|(id, _)| id == "sampled-0-spec").unwrap();
        let rows = curve["data"]["values"].as_array().unwrap().iter().filter(|at| at["line"] == "settlement");
        let drawn: Vec<[f64; 3]> = rows.map(|at| ["low", "y", "high"].map(|name| at[name].as_f64().unwrap())).collect();
        assert_eq!(drawn.len(), groups.len(), "{drawn:?}");
        for (at, [low, difference, high]) in drawn.into_iter().enumerate() {
            // Points with the same value may stand on either side of a border between groups.
            let tied = at > 0 && points[4 * at - 1].0 == points[4 * at].0
                || points.get(4 * at + 4).is_some_and(|next| next.0 == points[4 * at + 3].0);
            assert!(
                tied || (difference - (groups[at] - groups[0])).abs() < 1e-6,
                "{design} {at}: {difference} {groups:?}"
            );
            assert!(low <= difference && difference <= high && (at == 0 || low < high), "{low} {difference} {high}");
        }
    }
}

#[test]
fn the_command_of_a_sweep_makes_its_page_again_whatever_was_typed() {
    let directory = tempfile::tempdir().unwrap();
    let file = "[experiment]\nname = \"costs\"\ntitle = \"costs\"\nmodel = \"fearon\"\ndesign = \"grid\"\nreplications = 9\n\n[[factor]]\n\
                path = \"params.cost_high\"\nvalues = [0.2, 0.8]\n";
    fs::write(directory.path().join("costs.toml"), file).unwrap();
    fs::write(directory.path().join("points.csv"), "params.cost_high,params.p\n0.2,0.4\n0.8,0.6\n").unwrap();
    let typed: [&[&str]; 3] = [
        &[
            "costs.toml",
            "--vary",
            "params.cost_high=0.3,0.7",
            "--vary",
            "params.p=0.4,0.6",
            "--set",
            "params.cost_a=0.2",
            "--seed",
            "7",
        ],
        &["fearon", "--design", "table", "--table", "points.csv", "--reps", "8"],
        &[
            "fearon",
            "--vary",
            "params.p=0.3,0.7",
            "--design",
            "lhs",
            "--points",
            "6",
            "--pairing",
            "independent",
            "--reps",
            "5",
        ],
    ];
    for (at, words) in typed.into_iter().enumerate() {
        let out = format!("sweep{at}");
        detente_in(directory.path(), &[&["sweep"], words, &["--out", &out, "--quiet"]].concat()).with_code(0);
        let first = detente_in(directory.path(), &["report", &out, "--out", "-"]).with_code(0).out;
        let told = first.split("data-copy=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#39;", "'");
        let command = told.split(" --out run ").next().unwrap().strip_prefix("detente ").unwrap().to_owned();
        let again = format!("again{at}");
        let words: Vec<&str> =
            command.split(' ').map(|word| word.trim_matches('\'')).chain(["--out", &again, "--quiet"]).collect();
        detente_in(directory.path(), &words).with_code(0);
        let second = detente_in(directory.path(), &["report", &again, "--out", "-"]).with_code(0).out;
        assert_eq!(first, second, "{command}");
    }
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
