//! Numbers: a literal, a distribution, an expression, or any of them with annotations.

use crate::spec::field::Field;
use crate::spec::ids::{ELEMENT, RESERVED};
use crate::spec::model::{ByType, Dist, Family, Form, Map, Notes, Number};
use crate::spec::reader::Reader;
use crate::spec::suggest;
use crate::spec::tree::{Span, Table, Value};

/// Families with the counts of arguments they take and how they are written.
const FAMILIES: [(&str, Family, &[usize], &str); 8] = [
    ("pert", Family::Pert, &[3], "pert = [low, mode, high]"),
    ("triangular", Family::Triangular, &[3], "triangular = [low, mode, high]"),
    ("uniform", Family::Uniform, &[2], "uniform = [low, high]"),
    ("normal", Family::Normal, &[4], "normal = [mean, sd, low, high]"),
    ("lognormal", Family::Lognormal, &[4], "lognormal = [median, sd_log, low, high]"),
    ("beta", Family::Beta, &[2, 4], "beta = [a, b] or [a, b, low, high]"),
    ("gamma", Family::Gamma, &[4], "gamma = [shape, scale, low, high]"),
    ("choice", Family::Choice, &[], "choice = [[value, weight], ..]"),
];

const EXPECTED: &str = "a number, a distribution or an expression";
const ARGUMENT: &str = "a number or an expression";

/// Whether a table is written as a distribution: a family is its only key.
#[must_use]
pub fn is_distribution(table: &Table) -> bool {
    table.entries.len() == 1 && table.keys().all(is_family)
}

/// Whether a table stands for a number: annotated or a distribution, rather than a table of named numbers. Ids that
/// stand where a number could stand are none of these keys.
#[must_use]
pub fn is_number_table(table: &Table) -> bool {
    table.keys().any(|key| RESERVED.contains(&key))
}

fn is_family(key: &str) -> bool {
    FAMILIES.iter().any(|(name, ..)| *name == key)
}

fn placeholder(span: Span, path: String) -> Number {
    Number { form: Form::Const(0.0), span, path, range: None, notes: Notes::default() }
}

impl<'a> Field<'a> {
    fn plain(&self, form: Form) -> Number {
        Number { form, ..placeholder(self.span(), self.path().to_owned()) }
    }

    /// Whether it is a table of named numbers.
    #[must_use]
    pub fn is_group(&self) -> bool {
        self.value().as_table().is_some_and(|table| !is_number_table(table))
    }

    /// A number in any of its forms.
    #[must_use]
    pub fn number(&self) -> Number {
        match self.value() {
            Value::Table(table) if is_distribution(table) => self.distribution(table),
            Value::Table(table) if table.position("value").is_some() => self.annotated(),
            Value::Table(table) => {
                self.odd_table(table);
                self.plain(Form::Const(0.0))
            }
            _ => self.simple_number(EXPECTED, "write 0.3, { uniform = [0, 1] } or \"1 - p\""),
        }
    }

    /// A literal or an expression.
    fn simple_number(&self, expected: &str, hint: &str) -> Number {
        if let Some(number) = self.literal() {
            return self.plain(Form::Const(number));
        }
        if self.value().as_text().is_some() {
            return self.plain(Form::Expr(self.text().text));
        }
        self.wrong(expected, Some(hint.to_owned()));
        self.plain(Form::Const(0.0))
    }

    /// `{ value = .., range, unit, source, about, inventory }`
    fn annotated(&self) -> Number {
        let path = self.path().to_owned();
        self.table(|r| {
            let value = r.required("value").map(|field| field.renamed(path));
            let range = r.opt_range("range");
            let notes = r.notes();
            let mut number = match value {
                Some(field) if field.value().as_table().is_some_and(|t| t.position("value").is_some()) => {
                    field.wrong(EXPECTED, Some("write one `value` only".to_owned()));
                    field.plain(Form::Const(0.0))
                }
                Some(field) => field.number(),
                None => placeholder(r.span(), r.path_of("value")),
            };
            number.range = range;
            number.notes = notes;
            number
        })
    }

    /// A table that is no number: says what is nearest.
    fn odd_table(&self, table: &Table) {
        let keys: Vec<&str> = table.keys().collect();
        let families: Vec<&str> = FAMILIES.iter().map(|(name, ..)| *name).collect();
        if let Some(family) = keys.iter().find(|key| is_family(key)) {
            let message = format!("a distribution stands alone, found {}", suggest::listing(&keys));
            self.error("E0103", message, Some(format!("write {{ value = {{ {family} = [..] }}, .. }}")));
            return;
        }
        let near = keys.iter().find_map(|key| suggest::nearest(key, families.iter().copied().chain(["value"])));
        let hint = near.map_or_else(
            || "write a number, an expression in quotes, { pert = [low, mode, high] } or { value = .., .. }".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let found = if keys.is_empty() {
            "an empty table".to_owned()
        } else {
            format!("a table of {}", suggest::listing(&keys))
        };
        self.error("E0103", format!("expected {EXPECTED}, found {found}"), Some(hint));
    }

    fn distribution(&self, table: &'a Table) -> Number {
        let (key, node) = &table.entries[0];
        let (_, family, counts, form) =
            FAMILIES.iter().find(|(name, ..)| *name == key.name).expect("`is_distribution` was asked before");
        let list = self.child(node, &key.name);
        let args = if *family == Family::Choice { list.choices() } else { list.arguments(counts, form) };
        self.plain(Form::Dist(Dist { family: *family, args }))
    }

    fn arguments(&self, counts: &[usize], form: &str) -> Vec<Number> {
        let items = self.items();
        if self.value().as_array().is_some() && !counts.contains(&items.len()) {
            let message = format!("{} arguments, expected {}", items.len(), words_of(counts));
            self.error("E0401", message, Some(format!("write {{ {form} }}")));
        }
        let mut args: Vec<Number> =
            items.iter().map(|item| item.simple_number(ARGUMENT, "write 0.3 or \"1 - p\"")).collect();
        // A placeholder keeps the promised count of arguments, so that later stages may rely on it.
        let count = if counts.contains(&args.len()) { args.len() } else { counts[0] };
        args.resize_with(count, || placeholder(self.span(), self.path().to_owned()));
        args
    }

    fn choices(&self) -> Vec<Number> {
        let mut args = Vec::new();
        for pair in self.some_items() {
            let items = pair.value().as_array().map_or(0, <[_]>::len);
            if items != 2 {
                pair.wrong("a pair of value and weight", Some("write { choice = [[value, weight], ..] }".to_owned()));
                continue;
            }
            args.extend(pair.items().iter().map(|item| item.simple_number(ARGUMENT, "write 0.3 or \"1 - p\"")));
        }
        args
    }

    /// A condition: an expression in quotes, `true` or `false`.
    #[must_use]
    pub fn condition(&self) -> Number {
        match self.value() {
            Value::Bool(flag) => self.plain(Form::Expr(flag.to_string())),
            Value::Text(_) => self.plain(Form::Expr(self.text().text)),
            _ => {
                self.wrong("a condition", Some("write an expression in quotes, such as \"month >= 3\"".to_owned()));
                self.plain(Form::Expr("true".to_owned()))
            }
        }
    }

    /// A table of numbers under ids.
    #[must_use]
    pub fn numbers(&self) -> Map<Number> {
        self.some_map(&ELEMENT, |_, field| field.number())
    }

    /// A number for all types, or one a type.
    #[must_use]
    pub fn by_type(&self) -> ByType {
        if self.is_group() { ByType::Each(self.numbers()) } else { ByType::All(self.number()) }
    }
}

impl Reader<'_> {
    /// A required number.
    pub fn number(&mut self, key: &'static str) -> Number {
        let (span, path) = (self.span(), self.path_of(key));
        self.required(key).map_or_else(|| placeholder(span, path), |field| field.number())
    }

    /// An optional number.
    pub fn opt_number(&mut self, key: &'static str) -> Option<Number> {
        self.field(key).map(|field| field.number())
    }

    /// A required condition.
    pub fn condition(&mut self, key: &'static str) -> Number {
        let (span, path) = (self.span(), self.path_of(key));
        let missing = || Number { form: Form::Expr("true".to_owned()), ..placeholder(span, path) };
        self.required(key).map_or_else(missing, |field| field.condition())
    }

    /// An optional condition.
    pub fn opt_condition(&mut self, key: &'static str) -> Option<Number> {
        self.field(key).map(|field| field.condition())
    }

    /// An optional number, or one a type.
    pub fn opt_by_type(&mut self, key: &'static str) -> Option<ByType> {
        self.field(key).map(|field| field.by_type())
    }

    /// An optional table of numbers; empty when absent.
    pub fn numbers(&mut self, key: &'static str) -> Map<Number> {
        self.field(key).map_or_else(Vec::new, |field| field.numbers())
    }

    /// The annotations that any element may carry.
    pub fn notes(&mut self) -> Notes {
        Notes {
            about: self.opt_text("about"),
            unit: self.opt_text("unit"),
            source: self.opt_text("source"),
            inventory: self.texts("inventory"),
        }
    }
}

fn words_of(counts: &[usize]) -> String {
    counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
