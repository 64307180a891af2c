//! `[signs]` and `[[contrast]]`.

use super::{Along, ContrastSpec, DIRECTIONS, KINDS, PackageSpec, Place, SCOPES, Side, SignTable, Than, View};
use crate::spec::field::Field;
use crate::spec::ids::{IdRule, Seen};
use crate::spec::model::Name;
use crate::spec::reader::Reader;
use crate::spec::tree::Value;

/// Names of contrasts.
const CONTRAST: IdRule = IdRule { limit: 48, hyphens: true, reserved: false };
/// Most values of a grid.
const MOST: usize = 40;

pub(super) fn table(r: &mut Reader<'_>) -> SignTable {
    let mut table = r.opt_table("signs", "", header).unwrap_or_default();
    table.contrasts = r.required("contrast").map(|field| contrasts(&field)).unwrap_or_default();
    table
}

fn header(r: &mut Reader<'_>) -> SignTable {
    SignTable {
        replications: r.whole("replications", 2),
        draws: r.whole("draws", 2),
        seed: r.whole("seed", 0),
        contrasts: Vec::new(),
    }
}

fn contrasts(field: &Field<'_>) -> Vec<ContrastSpec> {
    let mut seen = Seen::default();
    let read = |item: Field<'_>| {
        let contrast = item.table_like("{ id = \"..\", mechanism = \"M-01\", .. }", contrast);
        if !contrast.id.text.is_empty() {
            item.check_id(&contrast.id, item.path(), &CONTRAST, &mut seen);
        }
        contrast
    };
    field.some_items().into_iter().map(read).collect()
}

fn contrast(r: &mut Reader<'_>) -> ContrastSpec {
    let span = r.span();
    let contrast = ContrastSpec {
        id: r.text("id"),
        mechanism: r.text("mechanism"),
        kind: r.word("kind", &KINDS),
        scope: r.word("scope", &SCOPES),
        about: r.opt_text("about"),
        path: r.opt_text("path"),
        both: place(r),
        low: side(r, "low").unwrap_or_default(),
        high: side(r, "high").unwrap_or_default(),
        than: r.opt_table("than", "{ package = \"..\" }", than),
        direction: r.word("direction", &DIRECTIONS),
        within: r.field("within").map(|field| number(&field)),
        views: r.field("views").map(|field| views(&field)).unwrap_or_default(),
        along: r.opt_table("along", "{ path = \"params.x\", values = [0, 1] }", along),
        span,
    };
    fits(r, &contrast);
    contrast
}

/// Reports sides that cannot differ, and keys that a scope has no use for.
fn fits(r: &Reader<'_>, contrast: &ContrastSpec) {
    let error = |message: &str, hint: &str| r.error("E0701", message, Some(hint.to_owned()));
    let numbers = contrast.low.value.is_some() || contrast.high.value.is_some();
    if numbers != contrast.path.is_some() {
        error("`path` goes with `low` or `high` as a number", "write path = \"params.x\", low = 0, high = 1");
    }
    if contrast.low == contrast.high {
        error("both sides are the same", "give `low`, `high`, or both something of their own");
    }
    let corners = [&contrast.both, &contrast.low.place, &contrast.high.place];
    let packages = corners.iter().any(|place| place.package.is_some());
    if contrast.scope.text == "game" && packages {
        error("a contrast on the game has no package", "leave `package` out, or write scope = \"package\"");
    }
    let sides = [&contrast.low.place, &contrast.high.place];
    let everywhere = |has: fn(&Place) -> bool| has(&contrast.both) || sides.iter().all(|place| has(place));
    if contrast.scope.text == "package" && !everywhere(|place| place.package.is_some()) {
        error("no package is named", "write package = \"..\" for the contrast or for both sides");
    }
    if !everywhere(|place| place.of.is_some()) {
        error("nothing is looked at", "write of = \"..\" for the contrast or for both sides");
    }
    if contrast.within.is_some() && contrast.direction.text != "0" {
        error("`within` goes with direction = \"0\"", "leave it out: a sign is judged by its standard error");
    }
}

fn place(r: &mut Reader<'_>) -> Place {
    Place {
        sets: r.texts("set"),
        scenarios: r.texts("scenarios"),
        package: r.field("package").map(|field| package(&field)),
        of: r.opt_text("of"),
    }
}

/// A number, or a table.
fn side(r: &mut Reader<'_>, key: &'static str) -> Option<Side> {
    let field = r.field(key)?;
    if let Some(value) = field.literal() {
        return Some(Side { value: Some(value), place: Place::default() });
    }
    Some(field.table_like("a number, or { set = [\"PATH=VALUE\"] }", |r| Side { value: None, place: place(r) }))
}

fn than(r: &mut Reader<'_>) -> Than {
    Than { place: place(r), low: side(r, "low"), high: side(r, "high") }
}

fn package(field: &Field<'_>) -> PackageSpec {
    if field.value().as_text().is_some() {
        return PackageSpec::Named(field.text());
    }
    let terms = field.entries().into_iter().map(|(issue, option)| {
        let word = match (option.value(), option.literal()) {
            (Value::Text(_), _) | (_, None) => option.text(),
            (_, Some(number)) => Name { text: number.to_string(), span: option.span() },
        };
        (Name { text: issue.name.clone(), span: issue.span }, word)
    });
    PackageSpec::Terms(terms.collect())
}

fn views(field: &Field<'_>) -> Vec<View> {
    let view = |item: Field<'_>| {
        item.table_like("{ id = \"..\", set = [\"PATH=VALUE\"] }", |r: &mut Reader<'_>| View {
            id: r.text("id"),
            sets: r.texts("set"),
            direction: r.opt_word("direction", &DIRECTIONS),
            within: r.field("within").map(|field| number(&field)),
        })
    };
    field.some_items().into_iter().map(view).collect()
}

fn along(r: &mut Reader<'_>) -> Along {
    let path = r.text("path");
    let Some(field) = r.required("values") else { return Along { path, values: Vec::new() } };
    let values: Vec<f64> = field.some_items().iter().map(number).collect();
    if values.len() > MOST || values.windows(2).any(|pair| pair[0] >= pair[1]) {
        field.error("E0701", format!("a grid has at most {MOST} values, each above the one before"), None);
    }
    Along { path, values }
}

fn number(field: &Field<'_>) -> f64 {
    field.literal().unwrap_or_else(|| {
        field.wrong("a number", Some("numbers of a table of contrasts are literal".to_owned()));
        0.0
    })
}
