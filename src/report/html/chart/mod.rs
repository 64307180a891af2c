//! Vega-Lite specifications. Colours are those of Okabe and Ito, which people with any colour vision tell apart, and nothing
//! is told by colour alone: bars and lines carry their names and numbers.

mod forest;
mod shade;
mod twice;

use serde_json::{Value, json};

use super::words::seen;

pub(super) use forest::{Mean, forest};
pub(super) use shade::{Month, Shade, shades};
pub(super) use twice::{Twice, twice};

/// Version of the language.
const SCHEMA: &str = "https://vega.github.io/schema/vega-lite/v6.json";
/// Blue: the first colour, and that of everything that has only one.
pub(super) const BLUE: &str = "#0072B2";
/// Vermilion: what is set against blue.
pub(super) const VERMILION: &str = "#D55E00";
/// The palette, in order of use.
pub(super) const PALETTE: [&str; 8] =
    [BLUE, VERMILION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C", "#B8A000"];
/// Lighter ones, on which dark text can be read.
const LIGHT: [&str; 8] = ["#8FC3E8", "#F2B66D", "#8ED1B5", "#E3A6C6", "#F3E08A", "#CFCFCF", "#BDB8EA", "#D9BC98"];
/// Sequence of a heat map, from little to much.
const SEQUENCE: [&str; 6] = ["#EFF5FA", "#C6DCEC", "#92BFDD", "#559CC9", "#1F78B0", "#084B83"];

/// From below zero to above it.
const DIVERGING: [&str; 5] = ["#A33B0A", "#EDB48F", "#F7F7F7", "#9CC6E2", "#0B5C96"];

/// A specification over these rows: height, then what is drawn. As wide as its place.
pub(super) fn chart(values: Vec<Value>, height: Value, drawn: Value) -> Value {
    let mut spec = json!({ "$schema": SCHEMA, "width": "container", "height": 0, "data": { "values": [] },
        "autosize": { "type": "fit-x", "contains": "padding" } });
    (spec["height"], spec["data"]["values"]) = (height, Value::Array(values));
    if let (Some(spec), Value::Object(drawn)) = (spec.as_object_mut(), drawn) {
        spec.extend(drawn);
    }
    spec
}

/// What numbers on an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// Shares, told as percentages.
    Share,
    /// Plain numbers.
    Number,
}

impl Scale {
    /// An axis of this kind.
    pub fn axis(self, title: &str) -> Value {
        match self {
            Self::Share => json!({ "title": title, "format": ".0%", "tickCount": 6 }),
            Self::Number => json!({ "title": title, "tickCount": 6 }),
        }
    }
}

/// A bar with its interval.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    pub label: String,
    pub value: f64,
    /// Ends of its interval; none if it has none.
    pub ends: Option<(f64, f64)>,
    /// What is written behind it.
    pub text: String,
}

/// Horizontal bars in the order given, each with interval and text.
pub(super) fn bars(bars: &[Bar], title: &str, scale: Scale) -> Value {
    let most = bars.iter().map(|bar| bar.ends.map_or(bar.value, |(_, high)| high)).fold(0.0, f64::max);
    let least = bars.iter().map(|bar| bar.ends.map_or(bar.value, |(low, _)| low)).fold(0.0, f64::min);
    // About seven pixels a letter on a plot of eight hundred.
    let longest = bars.iter().map(|bar| bar.text.chars().count()).max().unwrap_or(0);
    let room = (most - least) * (0.03 + 0.011 * longest as f64).min(0.5);
    let (low, high) =
        if most > least { (if least < 0.0 { least * 1.06 } else { 0.0 }, most + room) } else { (0.0, 1.0) };
    let values = bars.iter().map(|bar| {
        let (low, high) = bar.ends.unwrap_or((bar.value, bar.value));
        json!({ "label": bar.label, "value": seen(bar.value), "low": seen(low), "high": seen(high),
            "end": seen(high.max(bar.value).max(0.0)), "text": bar.text })
    });
    let x = |field: &str| json!({ "field": field, "type": "quantitative" });
    let mut bar = x("value");
    bar["axis"] = scale.axis(title);
    bar["scale"] = json!({ "domain": [seen(low), seen(high)], "nice": false });
    chart(
        values.collect(),
        json!(26 * bars.len()),
        json!({
            "encoding": { "y": { "field": "label", "type": "nominal", "sort": null, "axis": { "title": null, "labelLimit": 300 } } },
            "layer": [
                { "mark": { "type": "bar", "height": 14, "color": BLUE }, "encoding": { "x": bar } },
                { "mark": { "type": "rule", "strokeWidth": 1.5 }, "encoding": { "x": x("low"), "x2": { "field": "high" } } },
                { "mark": { "type": "tick", "size": 8, "thickness": 1.5 }, "encoding": { "x": x("low") } },
                { "mark": { "type": "tick", "size": 8, "thickness": 1.5 }, "encoding": { "x": x("high") } },
                { "mark": { "type": "text", "align": "left", "dx": 7 }, "encoding": { "x": x("end"), "text": { "field": "text" } } },
            ],
        }),
    )
}

/// Place, height, and the band around it.
pub(super) type Place = (f64, f64, Option<(f64, f64)>);

/// A line: its name and its points, with the ends of a band around each.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub name: String,
    /// Its points, from left to right.
    pub points: Vec<Place>,
}

/// How lines run between their points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Straight.
    Straight,
    /// As steps that hold until the next point.
    Steps,
}

/// Titles of the two axes.
pub(super) struct Axes<'a> {
    pub x: &'a str,
    pub y: &'a str,
    pub scale: Scale,
    /// Bounds of the vertical axis; none where they follow the numbers.
    pub domain: Option<[f64; 2]>,
}

/// Lines with bands, told apart by colour, dashes and the name at their end.
pub(super) fn lines(lines: &[Line], axes: &Axes<'_>, run: Run) -> Value {
    let mut values = Vec::new();
    for (line, ends) in lines.iter().zip(apart(lines, axes)) {
        let last = line.points.len().saturating_sub(1);
        for (at, (x, y, band)) in line.points.iter().enumerate() {
            let mut value = json!({ "line": line.name, "x": seen(*x), "y": seen(*y) });
            if let Some((low, high)) = band {
                (value["low"], value["high"]) = (json!(seen(*low)), json!(seen(*high)));
            }
            if at == last {
                (value["end"], value["label_y"]) = (json!(true), json!(seen(ends)));
            }
            values.push(value);
        }
    }
    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    let colours: Vec<&str> = PALETTE.into_iter().cycle().take(names.len()).collect();
    let dashes: Vec<Vec<u8>> =
        [vec![], vec![7, 3], vec![2, 2], vec![9, 3, 2, 3], vec![4, 4]].into_iter().cycle().take(names.len()).collect();
    let shape = if run == Run::Steps { "step-after" } else { "linear" };
    let colour = json!({ "field": "line", "type": "nominal", "sort": null, "legend": null, "scale": { "domain": names, "range": colours } });
    let dash = json!({ "field": "line", "type": "nominal", "sort": null, "legend": null, "scale": { "domain": names, "range": dashes } });
    let mut y = json!({ "field": "y", "type": "quantitative", "axis": axes.scale.axis(axes.y) });
    if let Some(domain) = axes.domain {
        y["scale"] = json!({ "domain": domain });
    } else {
        y["scale"] = json!({ "zero": false });
    }
    let x = json!({ "field": "x", "type": "quantitative", "axis": { "title": axes.x, "tickCount": 8 }, "scale": { "nice": false } });
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut spec = chart(
        values,
        json!(280),
        json!({
            "encoding": { "x": x, "color": colour },
            "layer": [
                { "transform": [{ "filter": "isValid(datum.low)" }],
                  "mark": { "type": "area", "opacity": if lines.len() > 2 { 0.09 } else { 0.16 }, "interpolate": shape },
                  "encoding": { "y": { "field": "low", "type": "quantitative", "title": axes.y }, "y2": { "field": "high" } } },
                { "mark": { "type": "line", "strokeWidth": 2, "interpolate": shape }, "encoding": { "y": y, "strokeDash": dash } },
                { "transform": [{ "filter": "datum.end" }],
                  "mark": { "type": "text", "align": "left", "dx": 6, "fontWeight": 600 },
                  "encoding": { "y": { "field": "label_y", "type": "quantitative" }, "text": { "field": "line" } } },
            ],
        }),
    );
    // The names stand outside of the plot, to the right of the lines.
    spec["padding"] = json!({ "left": 5, "top": 5, "bottom": 5, "right": 12 + 7 * longest });
    spec
}

/// Heights at which the names of lines stand so that they do not cover each other.
fn apart(lines: &[Line], axes: &Axes<'_>) -> Vec<f64> {
    let ends: Vec<f64> = lines.iter().map(|line| line.points.last().map_or(0.0, |(_, y, _)| *y)).collect();
    let all = lines.iter().flat_map(|line| &line.points);
    let heights = all.flat_map(|(_, y, band)| band.map_or([*y, *y], |(low, high)| [low, high]));
    let (low, high) = axes.domain.map_or_else(
        || heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y))),
        |[low, high]| (low, high),
    );
    let room = (high - low) * 0.062;
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].total_cmp(&ends[*b]));
    let mut places = ends.clone();
    let mut lowest = f64::NEG_INFINITY;
    for at in order {
        places[at] = places[at].max(lowest);
        lowest = places[at] + room;
    }
    places
}

/// A cell of a heat map.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tile {
    pub row: String,
    pub column: String,
    pub value: Option<f64>,
    /// What is written on it.
    pub text: String,
}

/// Titles of a heat map.
pub(super) struct Sides<'a> {
    pub rows: &'a str,
    pub columns: &'a str,
    pub value: &'a str,
    pub scale: Scale,
}

/// Tiles with their numbers on them; rows and columns in order of appearance.
pub(super) fn heat(tiles: &[Tile], sides: &Sides<'_>) -> Value {
    let values = tiles.iter().map(
        |tile| json!({ "row": tile.row, "column": tile.column, "value": tile.value.map(seen), "text": tile.text }),
    );
    let mut rows: Vec<&str> = tiles.iter().map(|tile| tile.row.as_str()).collect();
    rows.sort_unstable();
    rows.dedup();
    let numbers = tiles.iter().filter_map(|tile| tile.value);
    let (low, high) = numbers.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let (range, domain, dark) = if low < 0.0 {
        let most = high.max(-low);
        (json!(DIVERGING), [-most, most], format!("abs(datum.value) > {}", seen(most * 0.66)))
    } else {
        let top = if high > 0.0 { high } else { 1.0 };
        (json!(SEQUENCE), [0.0, top], format!("datum.value > {}", seen(top * 0.58)))
    };
    let format = if sides.scale == Scale::Share { ".0%" } else { ".3~f" };
    let colour = json!({
        "field": "value", "type": "quantitative",
        "scale": { "range": range, "domain": domain.map(seen) },
        "legend": { "title": sides.value, "format": format, "orient": "top", "gradientLength": 220, "titleLimit": 420 },
    });
    chart(
        values.collect(),
        json!(30 * rows.len()),
        json!({
            "encoding": {
                "y": { "field": "row", "type": "nominal", "sort": null, "axis": { "title": title(sides.rows), "labelLimit": 240 } },
                "x": { "field": "column", "type": "nominal", "sort": null,
                    "axis": { "title": title(sides.columns), "labelAngle": 0, "labelLimit": 130, "orient": "top" } },
            },
            "layer": [
                { "mark": { "type": "rect", "stroke": "#FFFFFF", "strokeWidth": 1.5 }, "encoding": { "color": colour } },
                { "mark": { "type": "text", "fontSize": 11.5 }, "encoding": {
                    "text": { "field": "text" },
                    "color": { "condition": { "test": dark, "value": "#FFFFFF" }, "value": "#17202A" } } },
            ],
        }),
    )
}

fn title(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// A histogram from counts: lower edge, upper edge, count.
pub(super) fn histogram(bins: &[(f64, f64, u64)], x: &str, y: &str, mark: Option<f64>) -> Value {
    let values =
        bins.iter().map(|(low, high, count)| json!({ "low": seen(*low), "high": seen(*high), "count": count }));
    let mut layer = vec![json!({
        "mark": { "type": "bar", "color": BLUE },
        "encoding": {
            "x": { "field": "low", "type": "quantitative", "bin": { "binned": true }, "axis": { "title": x, "tickCount": 8 } },
            "x2": { "field": "high" },
            "y": { "field": "count", "type": "quantitative", "axis": { "title": y, "tickMinStep": 1, "tickCount": 5 } },
        },
    })];
    if let Some(at) = mark {
        layer.push(json!({
            "data": { "values": [{ "at": at }] },
            "mark": { "type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5 },
            "encoding": { "x": { "field": "at", "type": "quantitative" } },
        }));
    }
    chart(values.collect(), json!(220), json!({ "layer": layer }))
}

/// A part of a whole bar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub row: String,
    /// What the piece is, in the order in which pieces are stacked.
    pub kind: String,
    pub value: f64,
    /// What is written on it; empty on narrow ones.
    pub text: String,
}

/// Stacked horizontal bars; kinds take their colours in order of appearance, and a legend names them.
pub(super) fn stacks(pieces: &[Piece], x: &str, scale: Scale) -> Value {
    let mut kinds: Vec<&str> = Vec::new();
    for piece in pieces {
        if !kinds.contains(&piece.kind.as_str()) {
            kinds.push(&piece.kind);
        }
    }
    let colours: Vec<&str> = LIGHT.into_iter().cycle().take(kinds.len()).collect();
    let mut sums: Vec<(&str, f64)> = Vec::new();
    let values: Vec<Value> = pieces
        .iter()
        .map(|piece| {
            let at = sums.iter().position(|(row, _)| *row == piece.row).unwrap_or_else(|| {
                sums.push((&piece.row, 0.0));
                sums.len() - 1
            });
            let from = sums[at].1;
            sums[at].1 += piece.value;
            json!({ "row": piece.row, "kind": piece.kind, "from": seen(from), "to": seen(from + piece.value),
                "middle": seen(from + piece.value / 2.0), "value": seen(piece.value), "text": piece.text })
        })
        .collect();
    let y = json!({ "field": "row", "type": "nominal", "sort": null, "axis": { "title": null, "labelLimit": 260 } });
    chart(
        values,
        json!(27 * sums.len()),
        json!({
            "encoding": { "y": y },
            "layer": [
                { "mark": { "type": "bar", "height": 19, "stroke": "#FFFFFF", "strokeWidth": 1 }, "encoding": {
                    "x": { "field": "from", "type": "quantitative", "axis": scale.axis(x), "scale": { "nice": false } },
                    "x2": { "field": "to" },
                    "color": { "field": "kind", "type": "nominal", "sort": null, "scale": { "domain": kinds, "range": colours },
                        "legend": { "title": null, "orient": "top", "columns": 3, "labelLimit": 320 } } } },
                { "mark": { "type": "text", "fontSize": 11, "fontWeight": 600, "color": "#111111" }, "encoding": {
                    "x": { "field": "middle", "type": "quantitative" }, "text": { "field": "text" } } },
            ],
        }),
    )
}

/// Quantiles of one number through time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fan {
    /// Name, with its unit.
    pub name: String,
    /// Place, and the quantiles at 5, 25, 50, 75 and 95 %.
    pub points: Vec<(f64, [f64; 5])>,
}

/// Small charts side by side, each with its own vertical axis: median, middle half, and all but the outer twentieths.
pub(super) fn fans(fans: &[Fan], x: &str) -> Value {
    let values = fans.iter().flat_map(|fan| {
        fan.points.iter().map(|(x, q)| {
            let [p05, p25, p50, p75, p95] = q.map(seen);
            json!({ "name": fan.name, "x": seen(*x), "p05": p05, "p25": p25, "p50": p50, "p75": p75, "p95": p95 })
        })
    });
    let names: Vec<&str> = fans.iter().map(|fan| fan.name.as_str()).collect();
    let band = |low: &str, high: &str, opacity: f64| {
        json!({ "mark": { "type": "area", "color": BLUE, "opacity": opacity }, "encoding": {
            "y": { "field": low, "type": "quantitative", "title": null, "scale": { "zero": false }, "axis": { "tickCount": 4 } },
            "y2": { "field": high } } })
    };
    json!({
        "$schema": SCHEMA,
        "data": { "values": values.collect::<Vec<_>>() },
        "columns": 3,
        "spacing": { "row": 28, "column": 26 },
        "facet": { "field": "name", "type": "nominal", "sort": names, "title": null,
            "header": { "labelAnchor": "start", "labelLimit": 250, "labelPadding": 6 } },
        "spec": {
            "width": 238, "height": 118,
            "encoding": { "x": { "field": "x", "type": "quantitative", "axis": { "title": x, "tickCount": 4, "grid": false }, "scale": { "nice": false } } },
            "layer": [
                band("p05", "p95", 0.18),
                band("p25", "p75", 0.30),
                { "mark": { "type": "line", "color": BLUE, "strokeWidth": 2 }, "encoding": { "y": { "field": "p50", "type": "quantitative" } } },
            ],
        },
        "resolve": { "scale": { "y": "independent" } },
    })
}

/// A point with the ends of a vertical line through it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dot {
    pub x: f64,
    pub y: f64,
    pub ends: Option<(f64, f64)>,
    /// How many cases it stands for.
    pub weight: u64,
    /// What is written beside it.
    pub text: String,
}

/// Points of two shares against each other, as large as their weight, with the line on which both are equal.
pub(super) fn against(dots: &[Dot], (x, y): (&str, &str), scale: Scale) -> Value {
    let values = dots.iter().map(|dot| {
        let (low, high) = dot.ends.unwrap_or((dot.y, dot.y));
        json!({ "x": seen(dot.x), "y": seen(dot.y), "low": seen(low), "high": seen(high), "weight": dot.weight, "text": dot.text })
    });
    let axis = |title: &str, field: &str| json!({ "field": field, "type": "quantitative", "axis": scale.axis(title), "scale": { "domain": [0, 1] } });
    chart(
        values.collect(),
        json!(340),
        json!({ "layer": [
            { "data": { "values": [{ "x": 0, "y": 0 }, { "x": 1, "y": 1 }] },
              "mark": { "type": "line", "color": "#8C8C8C", "strokeDash": [4, 3], "strokeWidth": 1.2 },
              "encoding": { "x": axis(x, "x"), "y": axis(y, "y") } },
            { "mark": { "type": "rule", "strokeWidth": 1.4 },
              "encoding": { "x": axis(x, "x"), "y": { "field": "low", "type": "quantitative" }, "y2": { "field": "high" } } },
            { "mark": { "type": "circle", "color": BLUE, "opacity": 0.75 },
              "encoding": { "x": axis(x, "x"), "y": axis(y, "y"),
                "size": { "field": "weight", "type": "quantitative", "scale": { "range": [30, 500] }, "legend": { "title": "settlements", "orient": "right", "tickCount": 4 } } } },
            { "mark": { "type": "text", "align": "left", "dx": 14, "dy": -8 },
              "encoding": { "x": axis(x, "x"), "y": axis(y, "y"), "text": { "field": "text" } } },
        ] }),
    )
}
