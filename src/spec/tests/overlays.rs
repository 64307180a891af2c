//! Overlays and settings.

use super::{lines, read_over_sample};
use crate::spec::model::*;
use crate::spec::tree::{Table, Value};

fn at<'t>(tree: &'t Table, path: &str) -> &'t Value {
    let mut keys = path.split('.');
    let mut value = &tree.get(keys.next().expect("a path")).expect("the first key is there").value;
    for key in keys {
        value = match value {
            Value::Table(table) => &table.get(key).unwrap_or_else(|| panic!("`{key}` of `{path}` is there")).value,
            Value::Array(items) => &items[key.parse::<usize>().expect("an index")].value,
            other => panic!("`{key}` of `{path}` lies in {}", other.describe()),
        };
    }
    value
}

fn set(setting: &str) -> Table {
    let reading = read_over_sample("", &[setting]);
    assert_eq!(lines(&reading), Vec::<String>::new(), "{setting}");
    reading.tree
}

#[test]
fn an_overlay_merges_tables_and_replaces_the_rest() {
    let overlay = "[model]\ntitle = \"Other\"\n[actors.A]\nvalues.land = [0.2, 0, 1]\n[levers.cut.cost]\nkind = \"once\"\n\
                   [params.extra]\nvalue = 1\n[[outcomes]]\nid = \"only\"\nwhen = true\n";
    let reading = read_over_sample(overlay, &[]);
    assert_eq!(lines(&reading), Vec::<String>::new());
    let tree = &reading.tree;
    assert_eq!(at(tree, "model.title").as_text(), Some("Other"));
    assert_eq!(at(tree, "model.name").as_text(), Some("sample-1"));
    assert_eq!(at(tree, "levers.cut.cost.value"), &Value::Float(0.08));
    assert_eq!(at(tree, "levers.cut.cost.kind").as_text(), Some("once"));
    assert_eq!(at(tree, "outcomes").as_array().map(<[_]>::len), Some(1));
    assert_eq!(at(tree, "params.extra.value"), &Value::Int(1));
}

#[test]
fn a_number_over_an_annotated_number_keeps_its_range_and_source() {
    let reading = read_over_sample("[state.strain]\nstart = { uniform = [0.2, 0.3] }\n[params]\np_hard = 0.6\n", &[]);
    assert_eq!(lines(&reading), Vec::<String>::new());
    let spec = reading.spec.expect("no problems");
    let start = &spec.states[0].1.start;
    assert!(matches!(&start.form, Form::Dist(d) if d.family == Family::Uniform));
    assert_eq!(start.range.map(|r| (r.low, r.high)), Some((0.2, 0.5)));
    assert_eq!(spec.params[0].1.value.form, Form::Const(0.6));
    assert!(spec.params[0].1.range.is_some());
}

#[test]
fn a_distribution_replaces_a_distribution_of_another_family() {
    let tree = set("params.p_hard.value={ uniform = [0, 1] }");
    assert_eq!(at(&tree, "params.p_hard.value").as_table().map(|t| t.entries.len()), Some(1));
}

#[test]
fn settings_take_toml_values_and_bare_words() {
    assert_eq!(at(&set("model.horizon_months=24"), "model.horizon_months"), &Value::Int(24));
    assert_eq!(at(&set("actors.A.role=mediator"), "actors.A.role").as_text(), Some("mediator"));
    assert_eq!(at(&set("derived.balance.value=strain/2"), "derived.balance.value").as_text(), Some("strain/2"));
    assert_eq!(
        at(&set("hazards.collapse.per_month = 'x == 1'"), "hazards.collapse.per_month").as_text(),
        Some("x == 1")
    );
    assert_eq!(
        at(&set("rules.no_free_land.forbid=price == 1"), "rules.no_free_land.forbid").as_text(),
        Some("price == 1")
    );
    assert_eq!(at(&set("\"model\".'title'=T"), "model.title").as_text(), Some("T"));
}

#[test]
fn a_parameter_is_set_by_its_own_path() {
    assert_eq!(at(&set("params.p_hard=0.4"), "params.p_hard.value"), &Value::Float(0.4));
    assert_eq!(at(&set("params.p_hard={ uniform = [0, 1] }"), "params.p_hard.range.1"), &Value::Int(1));
    assert_eq!(at(&set("params.p_hard={ value = 0.4, about = \"b\" }"), "params.p_hard.about").as_text(), Some("b"));
    assert_eq!(at(&set("state.strain.start=0.4"), "state.strain.start.value"), &Value::Float(0.4));
    assert_eq!(at(&set("levers.cut.cost=0.1"), "levers.cut.cost.value"), &Value::Float(0.1));
}

#[test]
fn entries_of_lists_go_by_id_option_or_index() {
    assert_eq!(at(&set("actors.A.values.land.cede=0.6"), "actors.A.values.land.1"), &Value::Float(0.6));
    assert_eq!(at(&set("actors.A.values.land.2=0.6"), "actors.A.values.land.2"), &Value::Float(0.6));
    assert_eq!(at(&set("issues.land.options.cede.position=0.9"), "issues.land.options.1.position"), &Value::Float(0.9));
    assert_eq!(at(&set("outcomes.rest.when=month > 3"), "outcomes.1.when").as_text(), Some("month > 3"));
    assert_eq!(at(&set("params.p_hard.value.pert.0=0.1"), "params.p_hard.value.pert.0"), &Value::Float(0.1));
}

#[test]
fn keys_and_tables_that_an_element_may_have_can_be_set() {
    assert_eq!(at(&set("actors.A.misjudgement.sigma=0"), "actors.A.misjudgement.sigma"), &Value::Int(0));
    assert_eq!(at(&set("actors.A.voice=0.3"), "actors.A.voice"), &Value::Float(0.3));
    let reading = read_over_sample("", &["levers.cut.cots=3"]);
    assert_eq!(
        lines(&reading),
        ["--set:1:12: E0101: levers.cut.cots: unknown key `cots` (hint: did you mean `cost`?)"]
    );
}

#[test]
fn the_last_setting_wins_and_points_into_its_own_text() {
    let reading = read_over_sample("", &["params.p_hard=0.4", "params.p_hard=[1]"]);
    assert_eq!(
        lines(&reading),
        [
            "--set:1:15: E0103: params.p_hard.value: expected a number, a distribution or an expression, found a list (hint: write 0.3, { uniform = [0, 1] } or \"1 - p\")"
        ]
    );
    assert_eq!(reading.sources.files.len(), 3);
}

#[test]
fn settings_that_lead_nowhere_are_refused() {
    let cases = [
        (
            "params.p_hrad=0.4",
            "--set:1:8: E0101: params.p_hrad: `params` has no `p_hrad` (hint: did you mean `p_hard`?)",
        ),
        (
            "actors.B.types.hrd.prior=1",
            "--set:1:16: E0101: actors.B.types.hrd: `actors.B.types` has no `hrd` (hint: did you mean `hard`?)",
        ),
        (
            "actors.A.values.land.ced=1",
            "--set:1:22: E0101: actors.A.values.land.ced: `actors.A.values.land` has no `ced` (hint: did you mean `cede`?)",
        ),
        (
            "actors.A.values.land.7=1",
            "--set:1:22: E0101: actors.A.values.land.7: `actors.A.values.land` has no `7` (hint: allowed: `freeze`, `cede`, `restore`)",
        ),
        ("parms.p_hard=1", "--set:1:1: E0101: parms: unknown section `parms` (hint: did you mean `params`?)"),
        (
            "actors.A.capability.x=1",
            "--set:1:21: E0113: actors.A.capability.x: `actors.A.capability` is the number 0.4 and has no keys (hint: set `capability` as a whole)",
        ),
        ("params.p_hard", "--set:1:1: E0007: the setting has no `=` (hint: write PATH=VALUE, such as params.p=0.4)"),
        ("params.p_hard=", "--set:1:1: E0007: the setting has no value (hint: write PATH=VALUE, such as params.p=0.4)"),
        ("a..b=1", "--set:1:1: E0007: `a..b` is not a dotted path (hint: write PATH=VALUE, such as params.p=0.4)"),
        ("params.p_hard={ pert = [1, 2", "--set:1:29: E0001: unclosed array, expected `]`"),
        (
            "params.p_hard=nan",
            "--set:1:15: E0004: `nan` is not a finite number (hint: write a finite number; leave out what has no bound)",
        ),
    ];
    for (setting, expected) in cases {
        assert_eq!(lines(&read_over_sample("", &[setting])), [expected], "{setting}");
    }
}
