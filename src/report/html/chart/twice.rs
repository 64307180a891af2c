//! Bars with two intervals each.

use serde_json::{Value, json};

use super::{BLUE, Scale, VERMILION, chart};
use crate::report::html::words::seen;

/// A bar with an interval of sampling and one over the assumptions.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report::html) struct Twice {
    pub label: String,
    pub value: f64,
    pub sampling: (f64, f64),
    pub assumptions: (f64, f64),
    /// What is written behind it.
    pub text: String,
}

/// Names of the two intervals in the legend.
const NAMES: [&str; 2] = ["sampling (95 %): solid, ends upright", "assumptions (90 % of draws): dashed, ends diamonds"];
/// How far the lines stand above and below the middle of a bar, in pixels.
const APART: i32 = 6;

/// Horizontal bars of shares in the order given. The two intervals lie beside each other on each bar, told apart by place,
/// dashes and the form of their ends.
pub(in crate::report::html) fn twice(bars: &[Twice], title: &str) -> Value {
    let most = bars.iter().flat_map(|bar| [bar.value, bar.sampling.1, bar.assumptions.1]).fold(0.0, f64::max);
    let longest = bars.iter().map(|bar| bar.text.chars().count()).max().unwrap_or(0);
    let high = if most > 0.0 { most * (1.03 + 0.011 * longest as f64).min(1.5) } else { 1.0 };
    let values = bars.iter().map(|bar| {
        let ((low, high), (least, greatest)) = (bar.sampling, bar.assumptions);
        json!({ "label": bar.label, "value": seen(bar.value), "low": seen(low), "high": seen(high), "least": seen(least),
            "greatest": seen(greatest), "end": seen(bar.value.max(high).max(greatest)), "text": bar.text })
    });
    let x = |field: &str| json!({ "field": field, "type": "quantitative" });
    let mut bar = x("value");
    bar["axis"] = Scale::Share.axis(title);
    bar["scale"] = json!({ "domain": [0.0, seen(high)], "nice": false });
    let dash = |name: &str| {
        json!({ "datum": name, "type": "nominal", "scale": { "domain": NAMES, "range": [[1, 0], [4, 3]] },
            "legend": { "title": null, "orient": "top", "direction": "vertical", "symbolType": "stroke", "symbolSize": 600, "labelLimit": 420 } })
    };
    let [sampling, assumptions] = NAMES.map(dash);
    let diamond = json!({ "type": "point", "shape": "diamond", "size": 50, "filled": true, "opacity": 1, "color": VERMILION, "yOffset": APART });
    chart(
        values.collect(),
        json!(34 * bars.len()),
        json!({
            "encoding": { "y": { "field": "label", "type": "nominal", "sort": null, "axis": { "title": null, "labelLimit": 300 } } },
            "layer": [
                { "mark": { "type": "bar", "height": 24, "color": BLUE, "opacity": 0.45 }, "encoding": { "x": bar } },
                { "mark": { "type": "tick", "size": 24, "thickness": 2.5, "color": BLUE }, "encoding": { "x": x("value") } },
                { "mark": { "type": "rule", "strokeWidth": 1.6, "yOffset": -APART },
                  "encoding": { "x": x("low"), "x2": { "field": "high" }, "strokeDash": sampling } },
                { "mark": { "type": "tick", "size": 9, "thickness": 1.6, "yOffset": -APART }, "encoding": { "x": x("low") } },
                { "mark": { "type": "tick", "size": 9, "thickness": 1.6, "yOffset": -APART }, "encoding": { "x": x("high") } },
                { "mark": { "type": "rule", "strokeWidth": 1.8, "color": VERMILION, "yOffset": APART },
                  "encoding": { "x": x("least"), "x2": { "field": "greatest" }, "strokeDash": assumptions } },
                { "mark": diamond, "encoding": { "x": x("least") } },
                { "mark": diamond, "encoding": { "x": x("greatest") } },
                { "mark": { "type": "text", "align": "left", "dx": 7 }, "encoding": { "x": x("end"), "text": { "field": "text" } } },
            ],
        }),
    )
}
