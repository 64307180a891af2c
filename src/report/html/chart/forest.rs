//! Means with their intervals, in small charts side by side.

use serde_json::{Value, json};

use super::{BLUE, SCHEMA};
use crate::report::html::words::seen;

/// A mean with its interval, in the chart of one actor.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report::html) struct Mean {
    /// The small chart it stands in.
    pub chart: String,
    pub row: String,
    pub value: f64,
    /// Ends of its interval; none of a single case.
    pub ends: Option<(f64, f64)>,
}

/// Small charts with the same rows, each with its own horizontal axis; the means of a chart come one after the other.
pub(in crate::report::html) fn forest(means: &[Mean], x: &str) -> Value {
    let mut rows: Vec<&str> = means.iter().map(|mean| mean.row.as_str()).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut charts: Vec<&str> = means.iter().map(|mean| mean.chart.as_str()).collect();
    charts.dedup();
    let values = means.iter().map(|mean| {
        let (low, high) = mean.ends.unwrap_or((mean.value, mean.value));
        json!({ "chart": mean.chart, "row": mean.row, "value": seen(mean.value), "low": seen(low), "high": seen(high),
            "text": format!("{:.3}", mean.value) })
    });
    let at = |field: &str| json!({ "field": field, "type": "quantitative" });
    let mut middle = at("value");
    middle["axis"] = json!({ "title": x, "tickCount": 3, "labelFlush": false });
    middle["scale"] = json!({ "zero": true });
    json!({
        "$schema": SCHEMA,
        "data": { "values": values.collect::<Vec<_>>() },
        "columns": 3,
        "spacing": { "row": 26, "column": 16 },
        "facet": { "field": "chart", "type": "nominal", "sort": charts, "title": null,
            "header": { "labelAnchor": "start", "labelLimit": 220, "labelPadding": 6, "labelFontWeight": 600 } },
        "spec": {
            "width": 205, "height": 24 * rows.len(),
            "encoding": { "y": { "field": "row", "type": "nominal", "sort": null, "axis": { "title": null, "labelLimit": 190 } } },
            "layer": [
                { "mark": { "type": "rule", "strokeWidth": 1.6 }, "encoding": { "x": at("low"), "x2": { "field": "high" } } },
                { "mark": { "type": "tick", "size": 8, "thickness": 1.6 }, "encoding": { "x": at("low") } },
                { "mark": { "type": "tick", "size": 8, "thickness": 1.6 }, "encoding": { "x": at("high") } },
                { "mark": { "type": "point", "filled": true, "size": 55, "opacity": 1, "color": BLUE }, "encoding": { "x": middle } },
                { "mark": { "type": "text", "dy": -9, "fontSize": 10.5 }, "encoding": { "x": at("value"), "text": { "field": "text" } } },
            ],
        },
        "resolve": { "scale": { "x": "independent" } },
    })
}
