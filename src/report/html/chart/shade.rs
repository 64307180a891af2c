//! Shaded regions through time with points on them, in small charts side by side.

use serde_json::{Value, json};

use super::SCHEMA;
use crate::report::html::words::seen;

/// A month of one side's region.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::report::html) struct Month {
    /// Months since the start.
    pub at: f64,
    /// Lowest and highest of the outer region, and of the inner one.
    pub outer: Option<(f64, f64)>,
    pub inner: Option<(f64, f64)>,
    /// Points on it, of both kinds: height and how many cases.
    pub points: [Option<(f64, u64)>; 2],
}

/// One side through time.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report::html) struct Shade {
    pub name: String,
    pub months: Vec<Month>,
}

/// Words of the legend: the outer and the inner region; both kinds of points.
pub(in crate::report::html) type Legend<'a> = ([&'a str; 2], [&'a str; 2]);

/// Light and dark: told apart by lightness and by the outline of the inner region.
const FILLS: [&str; 2] = ["#56B4E9", "#009E73"];
const POINTS: [&str; 2] = ["#D55E00", "#0072B2"];

/// One chart a side, with its own vertical axis.
pub(in crate::report::html) fn shades(sides: &[Shade], (regions, kinds): Legend<'_>, (x, y): (&str, &str)) -> Value {
    let mut values = Vec::new();
    for side in sides {
        for at in &side.months {
            let mut value = json!({ "side": side.name, "x": seen(at.at) });
            for ((low, high), ends) in [("outer_low", "outer_high"), ("low", "high")].iter().zip([at.outer, at.inner]) {
                if let Some(ends) = ends {
                    (value[*low], value[*high]) = (json!(seen(ends.0)), json!(seen(ends.1)));
                }
            }
            values.push(value);
            for (kind, point) in kinds.iter().zip(at.points) {
                let Some((height, n)) = point else { continue };
                values.push(json!({ "side": side.name, "x": seen(at.at), "y": seen(height), "n": n, "kind": kind }));
            }
        }
    }
    let fill = |at: usize| {
        json!({ "datum": regions[at], "type": "nominal", "scale": { "domain": regions, "range": FILLS },
            "legend": { "title": null, "orient": "top", "columns": 1, "labelLimit": 420, "symbolOpacity": 0.6 } })
    };
    let of_kind = |range: Value| {
        json!({ "field": "kind", "type": "nominal", "sort": null, "scale": { "domain": kinds, "range": range },
            "legend": { "title": null, "orient": "top", "columns": 1, "labelLimit": 420 } })
    };
    let height =
        |field: &str| json!({ "field": field, "type": "quantitative", "axis": { "title": y, "tickCount": 5 } });
    let edge = |field: &str| {
        json!({ "transform": [{ "filter": "isValid(datum.low)" }], "mark": { "type": "line", "strokeWidth": 1.4, "color": FILLS[1] },
            "encoding": { "y": height(field) } })
    };
    let names: Vec<&str> = sides.iter().map(|side| side.name.as_str()).collect();
    let shown = |field: &str| json!([{ "filter": format!("isValid(datum.{field})") }]);
    json!({
        "$schema": SCHEMA,
        "data": { "values": values },
        "columns": 2,
        "spacing": { "row": 28, "column": 36 },
        "facet": { "field": "side", "type": "nominal", "sort": names, "title": null,
            "header": { "labelAnchor": "start", "labelPadding": 6, "labelFontWeight": 600 } },
        "spec": {
            "width": 372, "height": 260,
            "encoding": { "x": { "field": "x", "type": "quantitative", "axis": { "title": x, "tickCount": 6, "grid": false }, "scale": { "nice": false } } },
            "layer": [
                { "transform": shown("outer_low"), "mark": { "type": "area", "opacity": 0.3 },
                  "encoding": { "y": height("outer_low"), "y2": { "field": "outer_high" }, "fill": fill(0) } },
                { "transform": shown("low"), "mark": { "type": "area", "opacity": 0.5 },
                  "encoding": { "y": height("low"), "y2": { "field": "high" }, "fill": fill(1) } },
                edge("low"),
                edge("high"),
                { "mark": { "type": "rule", "strokeDash": [4, 3] }, "encoding": { "x": null, "y": { "datum": 0.0 } } },
                { "transform": shown("y"), "mark": { "type": "point", "filled": false, "strokeWidth": 1.7, "opacity": 1 },
                  "encoding": { "y": height("y"), "shape": of_kind(json!(["cross", "triangle-up"])), "stroke": of_kind(json!(POINTS)),
                    "size": { "field": "n", "type": "quantitative", "scale": { "range": [18, 130] }, "legend": null } } },
            ],
        },
        "resolve": { "scale": { "y": "independent" } },
    })
}
