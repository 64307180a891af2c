//! The parameters of a model: every number that is drawn, computed or a handle for settings.

use crate::measure::central::Central;
use crate::model::kind::Kind;
use crate::model::{Model, Scalar, ScalarSource};
use crate::report::grid::{Cell, Grid};
use crate::spec::model::{Number, Range};
use crate::spec::tree::Table;

/// How a parameter gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// It is fixed.
    Constant,
    /// It is drawn once a replication.
    Distribution,
    /// It is computed from others.
    Expression,
}

impl ParameterKind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Distribution => "distribution",
            Self::Expression => "expression",
        }
    }
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Dotted path, as `--set` takes it.
    pub path: String,
    /// How it gets its value.
    pub kind: ParameterKind,
    /// Lowest value: of the distribution, else of the declared range or the bounds of its kind; none if unbounded.
    pub low: Option<f64>,
    /// The value that stands for it in tables.
    pub central: f64,
    /// Highest value, as `low`.
    pub high: Option<f64>,
    /// What it measures.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// One sentence.
    pub about: String,
    /// Inventory rows.
    pub inventory: Vec<String>,
}

/// All parameters, in order of evaluation. `tree` is the resolved model, whose annotations are quoted.
#[must_use]
pub fn parameters(model: &Model, tree: &Table) -> Vec<Parameter> {
    let central = Central::new(model);
    let bound = |bound: f64| bound.is_finite().then_some(bound);
    let describe = |(scalar, central): (&Scalar, f64)| {
        let (kind, low, high) = match &scalar.source {
            ScalarSource::Constant(_) => (ParameterKind::Constant, scalar.low, scalar.high),
            ScalarSource::Drawn(drawn) => (ParameterKind::Distribution, drawn.low(), drawn.high()),
            ScalarSource::Computed(_) => (ParameterKind::Expression, scalar.low, scalar.high),
        };
        let notes = annotations(tree, &scalar.path);
        let note = |key: &str| notes.and_then(|notes| notes.get(key)?.value.as_text()).map(str::to_owned);
        Parameter {
            path: scalar.path.clone(),
            kind,
            low: bound(low),
            central,
            high: bound(high),
            unit: note("unit").unwrap_or_else(|| unit(scalar.kind)),
            source: note("source").unwrap_or_default(),
            about: note("about").unwrap_or_default(),
            inventory: notes.map(inventory).unwrap_or_default(),
        }
    };
    model.scalars.iter().zip(central.scalars.iter().copied()).map(describe).collect()
}

/// The word for a kind; nothing for a number that fits everywhere.
fn unit(kind: Kind) -> String {
    if kind == Kind::Neutral { String::new() } else { kind.name().to_owned() }
}

/// The table that carries the annotations of a number: `params.x`, or an inline `{ value = .., source = .. }`.
fn annotations<'t>(tree: &'t Table, path: &str) -> Option<&'t Table> {
    path.split('.').try_fold(tree, |table, key| table.get(key)?.value.as_table())
}

fn inventory(notes: &Table) -> Vec<String> {
    let rows = notes.get("inventory").and_then(|node| node.value.as_array()).unwrap_or_default();
    rows.iter().filter_map(|row| row.value.as_text()).map(str::to_owned).collect()
}

/// The parameters as a table.
#[must_use]
pub fn grid(parameters: &[Parameter]) -> Grid {
    let mut grid = Grid::new(&["path", "kind", "low", "central", "high", "unit", "source", "inventory"]);
    for parameter in parameters {
        grid.push(vec![
            Cell::text(&parameter.path),
            Cell::text(parameter.kind.word()),
            Cell::text(parameter.low.map(least).unwrap_or_default()),
            Cell::text(short(parameter.central)),
            Cell::text(parameter.high.map(short).unwrap_or_default()),
            Cell::text(&parameter.unit),
            Cell::text(&parameter.source),
            Cell::text(parameter.inventory.join(" ")),
        ]);
    }
    grid
}

/// A lower bound; the least positive number means that zero itself is excluded.
fn least(low: f64) -> String {
    if low == f64::MIN_POSITIVE { "> 0".to_owned() } else { short(low) }
}

/// A number with four significant digits, or all digits before the point, without trailing zeros.
pub(crate) fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 1e15 || (size > 0.0 && size < 1e-9) => return format!("{number:.3e}"),
        size if size >= 1000.0 => return format!("{number:.0}"),
        _ => {}
    }
    let rounded: f64 = format!("{number:.3e}").parse().unwrap_or(number);
    // Negative zero is zero.
    (rounded + 0.0).to_string()
}

/// A number as written: itself, `low–central–high` of a distribution, or the text of an expression.
pub(crate) fn written(number: &Number) -> String {
    use crate::spec::model::{Family, Form};
    match &number.form {
        Form::Const(value) => short(*value),
        Form::Expr(text) => text.clone(),
        Form::Dist(dist) => {
            let args: Vec<String> = dist.args.iter().map(written).collect();
            let all = args.join(", ");
            match (dist.family, args.as_slice()) {
                (Family::Pert | Family::Triangular, [low, mode, high]) => format!("{low}–{mode}–{high}"),
                (Family::Uniform, [low, high]) => format!("{low}–{high}"),
                (Family::Normal | Family::Lognormal, [middle, _, low, high]) => format!("{low}–{middle}–{high}"),
                (Family::Choice, _) => format!("choice of {all}"),
                (family, _) => format!("{} {all}", format!("{family:?}").to_lowercase()),
            }
        }
    }
}

/// A range as `low to high`.
pub(crate) fn between(range: Range) -> String {
    format!("{} to {}", short(range.low), short(range.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(short(0.123_456), "0.1235");
        assert_eq!(short(0.5), "0.5");
        assert_eq!(short(12_345.6), "12346");
        assert_eq!(short(100.0), "100");
        assert_eq!(short(0.000_012_3), "0.0000123");
        assert_eq!(short(0.0), "0");
        assert_eq!(short(-2.0), "-2");
        assert_eq!(short(-0.0), "0");
        assert_eq!(short(1e20), "1.000e20");
        assert_eq!(least(f64::MIN_POSITIVE), "> 0");
    }
}
