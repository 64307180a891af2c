//! `[model]` and `[sources]`.

use crate::spec::ids::{MODEL, TITLE_LIMIT};
use crate::spec::model::{Header, Name, Source};
use crate::spec::reader::Reader;

/// Words of `step`.
pub const STEPS: [&str; 6] = ["week", "half_month", "month", "quarter", "year", "round"];
/// Words of `evaluator`.
pub const EVALUATORS: [&str; 5] = ["projection", "formula", "formula_delay", "induction", "stationary"];
/// Words of `confidence`.
pub const CONFIDENCES: [&str; 4] = ["public", "document", "recall", "assumption"];

pub(super) fn header(r: &mut Reader<'_>) -> Header {
    let span = r.span();
    Header {
        name: r.required("name").map_or_else(|| Name { text: String::new(), span }, |f| f.id(&MODEL)),
        title: title(r, "title"),
        about: r.opt_text("about"),
        step: r.word("step", &STEPS),
        start: r.date("start"),
        horizon_months: r.number("horizon_months"),
        aftermath_months: r.number("aftermath_months"),
        foresight_months: r.number("foresight_months"),
        evaluator: r.opt_word("evaluator", &EVALUATORS),
        span,
    }
}

/// A required text of at most 64 characters.
pub(in crate::spec) fn title(r: &mut Reader<'_>, key: &'static str) -> Name {
    let span = r.span();
    let Some(field) = r.required(key) else {
        return Name { text: String::new(), span };
    };
    let name = field.text();
    let length = name.text.chars().count();
    if length > TITLE_LIMIT {
        let message = format!("the title has {length} characters, at most {TITLE_LIMIT} are allowed");
        field.error("E0110", message, Some("put the rest into `about`".to_owned()));
    }
    name
}

pub(super) fn source(r: &mut Reader<'_>) -> Source {
    Source {
        title: r.text("title"),
        author: r.opt_text("author"),
        date: r.date("date"),
        confidence: r.opt_word("confidence", &CONFIDENCES),
    }
}
