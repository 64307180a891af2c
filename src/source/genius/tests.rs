use super::*;
use crate::model::compile::compile;
use crate::spec::problem::Problems;
use crate::spec::tree::Sources;

const DOMAIN: &str = r#"<negotiation_template>
  <utility_space number_of_issues="3">
    <objective index="0" name="any" type="objective">
      <issue index="1" name="Delivery time" type="discrete">
        <item index="1" value="one week"/>
        <item index="2" value="2 weeks"/>
      </issue>
      <issue index="2" name="month" type="discrete">
        <item index="1" value="May"/>
        <item index="2" value="may!"/>
        <item index="3" value="value"/>
      </issue>
      <issue index="3" name="Price" type="integer" lowerbound="10" upperbound="12"/>
    </objective>
  </utility_space>
</negotiation_template>"#;

const BUYER: &str = r#"<utility_space number_of_issues="3">
  <objective index="0" name="any">
    <weight index="1" value="0.5"/>
    <weight index="2" value="0.2"/>
    <weight index="3" value="0.3"/>
    <issue index="1" name="Delivery time" type="discrete">
      <item index="1" value="one week" evaluation="4"/>
      <item index="2" value="2 weeks" evaluation="1"/>
    </issue>
    <issue index="2" name="month" type="discrete">
      <item index="3" value="value" evaluation="0"/>
      <item index="1" value="May" evaluation="2"/>
      <item index="2" value="may!" evaluation="5"/>
    </issue>
    <issue index="3" name="Price" type="integer" lowerbound="10" upperbound="12">
      <evaluator ftype="linear" offset="12" slope="-1"/>
    </issue>
  </objective>
  <reservation value="0.25"/>
  <discount_factor value="0.5"/>
</utility_space>"#;

fn text<'a>(name: &'a str, text: &'a str) -> Text<'a> {
    Text { name, text }
}

fn read() -> (Domain, Profile) {
    let domain = domain(text("d.xml", DOMAIN)).unwrap();
    let profile = profile(text("p.xml", BUYER), &domain).unwrap();
    (domain, profile)
}

#[test]
fn a_domain_and_a_profile_are_read_as_they_are_written() {
    let (domain, profile) = read();
    assert_eq!(domain.issues[0].options, ["one week", "2 weeks"]);
    assert_eq!(domain.issues[2].options, ["10", "11", "12"]);
    assert_eq!(profile.weights, [0.5, 0.2, 0.3]);
    // Items stand in the order of the domain, whatever that of the profile; prices on the line 12 - price.
    assert_eq!(profile.evaluations, [vec![4.0, 1.0], vec![2.0, 5.0, 0.0], vec![2.0, 1.0, 0.0]]);
    assert_eq!((profile.reservation, profile.discount), (0.25, 0.5));
}

#[test]
fn the_model_of_a_domain_compiles_and_values_outcomes_alike() {
    let (domain, profile) = read();
    let profiles = [("Buyer".to_owned(), profile.clone()), ("Seller \"&\" sons".to_owned(), profile)];
    let imported = Imported { name: "Goods & services", domain: &domain, profiles: &profiles };
    for normalize in [false, true] {
        let written = imported.to_model(Shape { rounds: 50, normalize });
        let reading = crate::spec::read(&Sources::single("m.toml", written.as_str()), &[]);
        assert_eq!(reading.problems.list, [], "{written}");
        let mut problems = Problems::default();
        let model =
            compile(reading.spec.unwrap(), &mut problems).unwrap_or_else(|| panic!("{:?}\n{written}", problems.list));
        assert_eq!(problems.list, []);
        let mut workspace = crate::engine::Workspace::new(&model);
        let at = crate::engine::Coordinates { seed: 1, replication: 0 };
        let found = crate::engine::survey::survey(&model, at, &mut workspace);
        assert_eq!(found.values[0].len(), 2 * 3 * 3);
        assert_eq!(found.reserves, [0.25, 0.25]);
        // (one week, may!, 10): .5 * 4 + .2 * 5 + .3 * 2 = 3.6; of the largest 4, 5 and 2: .5 + .2 + .3 = 1.
        let value = if normalize { 1.0 } else { 3.6 };
        assert!((found.values[0][3] - value).abs() < 1e-12, "{}", found.values[0][3]);
    }
}

/// What is changed in the domain or profile, into what, and the complaint.
const BAD: [(&str, &str, &str, &str); 12] = [
    ("d", "</negotiation_template>", "", "d.xml:15:20: this is no well-formed XML"),
    (
        "d",
        "type=\"discrete\">\n        <item index=\"1\" value=\"one",
        "type=\"real\">\n        <item index=\"1\" value=\"one",
        "d.xml:4:7: issues of type `real` are not supported (allowed: discrete, integer)",
    ),
    ("d", "upperbound=\"12\"", "upperbound=\"9\"", "d.xml:13:7: the bounds 10 to 9 hold no whole numbers, or too many"),
    ("d", "upperbound=\"12\"", "upperbound=\"11.5\"", "d.xml:13:7: `upperbound` is 11.5, a whole number is needed"),
    ("d", "name=\"month\"", "name=\"Price\"", "d.xml:13:7: there are two issues `Price` (index 3)"),
    ("d", "value=\"may!\"", "value=\"May\"", "d.xml:10:9: the value `May` is listed twice"),
    ("d", "objective index", "target index", "d.xml:3:5: "),
    ("p", "<weight index=\"2\" value=\"0.2\"/>", "", "p.xml:2:3: issue `month` has no <weight index=\"2\">"),
    ("p", "value=\"0.2\"", "value=\"NaN\"", "p.xml:4:5: `value` is `NaN`, a number is needed"),
    (
        "p",
        "value=\"may!\" evaluation=\"5\"",
        "value=\"June\" evaluation=\"5\"",
        "p.xml:13:7: the domain has no value `June` for issue `month`",
    ),
    (
        "p",
        "<item index=\"3\" value=\"value\" evaluation=\"0\"/>",
        "",
        "p.xml:10:5: the value `value` of issue `month` has no evaluation",
    ),
    (
        "p",
        "<discount_factor value=\"0.5\"/>",
        "<discount_factor value=\"1.5\"/>",
        "p.xml:20:3: the discount factor 1.5 is outside 0 to 1",
    ),
];

#[test]
fn every_complaint_has_a_place_and_a_remedy() {
    for (which, from, to, complaint) in BAD {
        let original = if which == "d" { DOMAIN } else { BUYER };
        assert!(original.contains(from), "{from}");
        let changed = original.replacen(from, to, 1);
        let error = if which == "d" {
            domain(text("d.xml", &changed)).unwrap_err()
        } else {
            profile(text("p.xml", &changed), &read().0).unwrap_err()
        };
        let place = complaint.split(": ").next().unwrap();
        if complaint.starts_with("d.xml:3:5") || complaint.contains("well-formed") {
            // Where the parser itself gives up is its own business.
            assert!(!error.message.is_empty() && error.line > 0);
        } else {
            assert_eq!(error.to_string(), complaint);
            assert!(error.to_string().starts_with(place));
        }
        assert!(!error.hint.is_empty() && !error.message.ends_with('.'), "{error}");
    }
}

#[test]
fn nothing_that_is_no_domain_is_read_as_one() {
    for wrong in [
        "",
        "text",
        "<a/>",
        "<utility_space/>",
        "<utility_space><objective/></utility_space>",
        "<?xml version=\"1.0\"?>",
    ] {
        let error = domain(text("d.xml", wrong)).unwrap_err();
        assert!(!error.message.is_empty() && !error.hint.is_empty(), "{wrong}");
    }
}
