use super::*;

fn problems(text: &str) -> Vec<(&'static str, String)> {
    let mut problems = Problems::default();
    read(FileId(0), text, &mut problems);
    problems.list.into_iter().map(|problem| (problem.code, problem.path)).collect()
}

const GOOD: &str = r#"
[signs]
replications = 10
[[contrast]]
id = "more-cost-more-deals"
mechanism = "M-01"
kind = "structural"
scope = "game"
path = "params.x"
low = 0
high = { set = ["params.x=2"] }
of = "u_a"
direction = "+"
views = [{ id = "null", set = ["params.y=0"], direction = "0" }]
along = { path = "params.y", values = [0, 1] }
"#;

#[test]
fn a_table_is_read_with_all_its_parts() {
    let mut problems = Problems::default();
    let table = read(FileId(0), GOOD, &mut problems);
    assert_eq!(problems.list, []);
    assert_eq!((table.replications, table.draws), (Some(10), None));
    let contrast = &table.contrasts[0];
    assert_eq!(contrast.low.value, Some(0.0));
    assert_eq!(contrast.high.place.sets[0].text, "params.x=2");
    assert_eq!(contrast.views[0].direction.as_ref().map(|word| word.text.as_str()), Some("0"));
    assert_eq!(contrast.along.as_ref().map(|along| along.values.len()), Some(2));
}

#[test]
fn mistakes_are_all_reported_where_they_stand() {
    let changed = |from: &str, to: &str| problems(&GOOD.replace(from, to));
    assert_eq!(changed("kind = \"structural\"", "kind = \"obvious\""), [("E0109", "contrast.0.kind".to_owned())]);
    assert_eq!(changed("direction = \"+\"", "direction = \"up\""), [("E0109", "contrast.0.direction".to_owned())]);
    assert_eq!(changed("path = \"params.x\"\n", ""), [("E0701", "contrast.0".to_owned())]);
    assert_eq!(changed("low = 0\n", "package = \"p\"\nlow = 0\n"), [("E0701", "contrast.0".to_owned())]);
    assert_eq!(changed("of = \"u_a\"\n", ""), [("E0701", "contrast.0".to_owned())]);
    assert_eq!(changed("[0, 1]", "[1, 0]"), [("E0701", "contrast.0.along.values".to_owned())]);
    assert_eq!(
        changed("of = ", "off = "),
        [("E0701", "contrast.0".to_owned()), ("E0101", "contrast.0.off".to_owned())]
    );
    assert_eq!(problems("[signs]\nreplications = 1\n").len(), 2);
}
