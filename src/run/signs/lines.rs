//! From contrasts as written to lines of the answer: which settings of the model each compares, and what it looks at there.

use crate::design::sign::{Documented, NOTHING};
use crate::sink::number;
use crate::spec::model::Name;
use crate::spec::signs::{ContrastSpec, PackageSpec, Place, Side, SignTable, View};
use crate::spec::tree::Span;

/// What is laid over the model.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlay {
    /// Scenarios, in order.
    pub scenarios: Vec<String>,
    /// Settings, in order.
    pub sets: Vec<String>,
}

/// One of the two or four places that a line compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Corner {
    /// What is laid over the model there.
    pub overlay: Overlay,
    /// The package, on packages.
    pub package: Option<PackageSpec>,
    /// What is looked at.
    pub of: Name,
    /// Whether it is added or subtracted.
    pub plus: bool,
}

/// A line of the answer before it is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Index of the contrast.
    pub contrast: usize,
    /// Its id, with the view or the value of the grid.
    pub name: String,
    /// The sign that is documented.
    pub documented: Documented,
    /// The value of the grid.
    pub at: Option<f64>,
    /// What is compared.
    pub corners: Vec<Corner>,
    /// Where the contrast stands.
    pub span: Span,
}

/// The lines of a table, of those contrasts that are wanted.
pub fn lines(table: &SignTable, wanted: impl Fn(&ContrastSpec) -> bool) -> Vec<Line> {
    let mut list = Vec::new();
    for (at, contrast) in table.contrasts.iter().enumerate().filter(|(_, contrast)| wanted(contrast)) {
        let expected = documented(&contrast.direction, contrast.within);
        let id = &contrast.id.text;
        let line = |name: String, documented: Documented, value: Option<f64>, sets: &[String]| Line {
            contrast: at,
            name,
            documented,
            at: value,
            corners: corners(contrast, sets),
            span: contrast.span,
        };
        list.push(line(id.clone(), expected, None, &[]));
        list.extend(contrast.views.iter().map(|view| {
            let sets: Vec<String> = view.sets.iter().map(|set| set.text.clone()).collect();
            line(format!("{id} @ {}", view.id.text), expected_by(view, contrast), None, &sets)
        }));
        if let Some(along) = &contrast.along {
            list.extend(along.values.iter().map(|value| {
                let set = format!("{}={}", along.path.text, number(*value));
                line(format!("{id} @ {set}"), expected, Some(*value), &[set])
            }));
        }
    }
    list
}

fn expected_by(view: &View, contrast: &ContrastSpec) -> Documented {
    let direction = view.direction.as_ref().unwrap_or(&contrast.direction);
    documented(direction, view.within.or(contrast.within))
}

fn documented(direction: &Name, within: Option<f64>) -> Documented {
    match direction.text.as_str() {
        "+" => Documented::Rises,
        "-" => Documented::Falls,
        _ => Documented::Stays(within.unwrap_or(NOTHING)),
    }
}

/// High less low; less the same elsewhere, where there is an elsewhere.
fn corners(contrast: &ContrastSpec, view: &[String]) -> Vec<Corner> {
    let nowhere = Place::default();
    let corner = |side: &Side, elsewhere: &Place, plus: bool| {
        let places = [&contrast.both, elsewhere, &side.place];
        let last = |get: fn(&Place) -> Option<&PackageSpec>| places.iter().rev().find_map(|place| get(place)).cloned();
        let texts = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
        let mut overlay = Overlay::default();
        overlay.scenarios.extend(places.iter().flat_map(|place| texts(&place.scenarios)));
        overlay.sets.extend(texts(&contrast.both.sets));
        overlay.sets.extend_from_slice(view);
        overlay.sets.extend(texts(&elsewhere.sets));
        let value = side.value.and_then(|value| contrast.path.as_ref().map(|path| (path, value)));
        overlay.sets.extend(value.map(|(path, value)| format!("{}={}", path.text, number(value))));
        overlay.sets.extend(texts(&side.place.sets));
        let of = places.iter().rev().find_map(|place| place.of.clone());
        Corner { overlay, package: last(|place| place.package.as_ref()), of: of.unwrap_or_default(), plus }
    };
    let mut list = vec![corner(&contrast.low, &nowhere, false), corner(&contrast.high, &nowhere, true)];
    if let Some(than) = &contrast.than {
        list.push(corner(than.low.as_ref().unwrap_or(&contrast.low), &than.place, true));
        list.push(corner(than.high.as_ref().unwrap_or(&contrast.high), &than.place, false));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::problem::Problems;
    use crate::spec::signs::read;
    use crate::spec::tree::FileId;

    fn of(text: &str) -> Vec<Line> {
        let mut problems = Problems::default();
        let table = read(FileId(0), text, &mut problems);
        assert_eq!(problems.list, []);
        lines(&table, |_| true)
    }

    const HEAD: &str = "[[contrast]]\nid = \"c\"\nmechanism = \"M\"\nkind = \"contested\"\nscope = \"package\"\npackage = \"p\"\nof = \"G\"\ndirection = \"-\"\n";

    #[test]
    fn what_a_side_sets_comes_after_what_a_view_sets() {
        let list = of(&format!(
            "{HEAD}set = [\"a=1\"]\npath = \"b\"\nlow = 2\nviews = [{{ id = \"v\", set = [\"b=3\"], direction = \"0\" }}]\n"
        ));
        assert_eq!(list.iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["c", "c @ v"]);
        let sets = |line: &Line, at: usize| line.corners[at].overlay.sets.clone();
        assert_eq!(sets(&list[0], 0), ["a=1", "b=2"]);
        assert_eq!(sets(&list[0], 1), ["a=1"]);
        assert_eq!(sets(&list[1], 0), ["a=1", "b=3", "b=2"]);
        assert_eq!(list[1].documented, Documented::Stays(NOTHING));
    }

    #[test]
    fn elsewhere_is_subtracted() {
        let list = of(&format!(
            "{HEAD}low = {{ of = \"P.A\" }}\nthan = {{ package = {{ i = \"x\" }}, set = [\"a=1\"] }}\nalong = {{ path = \"q\", values = [1, 2] }}\n"
        ));
        assert_eq!(list.len(), 3);
        let [low, high, less_low, less_high] = list[2].corners.as_slice() else { panic!("four corners") };
        assert_eq!((low.plus, high.plus, less_low.plus, less_high.plus), (false, true, true, false));
        assert_eq!((low.of.text.as_str(), high.of.text.as_str()), ("P.A", "G"));
        assert_eq!(less_low.overlay.sets, ["q=2", "a=1"]);
        assert!(matches!(less_low.package, Some(PackageSpec::Terms(_))));
        assert_eq!(list[2].at, Some(2.0));
    }
}
