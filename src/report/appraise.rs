//! One package appraised, and all reference packages under every way in which guarantees may combine.

use super::grid::{Cell, Grid};
use super::page::Page;
use crate::engine::Workspace;
use crate::engine::appraise::{Appraisal, Blocker, Start, appraise, package_with};
use crate::model::{Actor, Combine, Model, Types};

/// The forms in which guarantees may combine, in the order of the table.
pub const FORMS: [(&str, Combine); 5] = [
    ("pooled", Combine::Pooled),
    ("independent", Combine::Independent),
    ("weakest_link", Combine::WeakestLink),
    ("best_shot", Combine::BestShot),
    ("additive", Combine::Additive),
];

/// Summands of Z, in the order of the engine.
const PARTS: [&str; 5] = ["z_terms", "z_war", "z_endings", "z_terminal", "z_optimism"];

/// One row per reference package and form: G as it is and as believed, what becomes of it, and P of every actor.
#[must_use]
pub fn table(model: &Model, start: Start) -> Grid {
    let mut grid =
        Grid::new(&["package", "combine", "g", "g_hat", "hazard_year1", "attack_prob_60m", "attack_prob_8y"]);
    grid.columns.extend(model.actors.iter().map(|actor| format!("p_{}", actor.id.to_ascii_lowercase())));
    grid.columns.extend(model.ratifiers.iter().map(|ratifier| format!("vote_{}", ratifier.id)));
    grid.columns.push("blockers".to_owned());
    let forms = if model.attacks.is_empty() { &FORMS[..1] } else { &FORMS[..] };
    let valued: Vec<(Model, &str)> = forms.iter().map(|&(word, form)| (combined(model, form), word)).collect();
    let mut rooms: Vec<Workspace> = valued.iter().map(|(model, _)| Workspace::new(model)).collect();
    for named in model.named_packages.iter().filter(|named| named.reference) {
        for ((model, word), room) in valued.iter().zip(&mut rooms) {
            let package = package_with(model, &named.options).expect("named packages are valued");
            grid.push(row(model, &named.id, word, &appraise(model, start, package, room)));
        }
    }
    grid
}

/// The model with every attack answered in this form.
fn combined(model: &Model, form: Combine) -> Model {
    let mut model = model.clone();
    for attack in &mut model.attacks {
        attack.combine = form;
    }
    model
}

fn row(model: &Model, package: &str, combine: &str, appraisal: &Appraisal) -> Vec<Cell> {
    let first = appraisal.threats.first();
    let mut row = vec![
        Cell::text(package),
        Cell::text(combine),
        Cell::number(first.map(|threat| threat.g), 3),
        Cell::number(first.map(|threat| threat.g_hat), 3),
        Cell::number(first.map(|threat| threat.hazard[0]), 3),
        Cell::number(appraisal.attack_prob_60m, 3),
        Cell::number(appraisal.attack_prob, 3),
    ];
    let truth = appraisal.holdings.iter().filter(|holding| holding.is_true);
    row.extend(truth.map(|holding| Cell::number(holding.package, 3)));
    row.extend((0..model.ratifiers.len()).map(|index| Cell::number(appraisal.ratification.get(index).copied(), 3)));
    row.push(Cell::text(blockers(model, appraisal).join(" ")));
    row
}

/// Who stops a package, by id.
fn blockers(model: &Model, appraisal: &Appraisal) -> Vec<String> {
    let name = |blocker: &Blocker| match *blocker {
        Blocker::Signatory(actor) => model.actors[actor].id.clone(),
        Blocker::Deliverer(index) => model.deliverers[index].id.clone(),
        Blocker::Ratifier(index) => model.ratifiers[index].id.clone(),
    };
    appraisal.blockers.iter().map(name).collect()
}

/// Id of a type; empty for an actor with one.
fn type_of(actor: &Actor, index: usize) -> &str {
    match &actor.types {
        Types::Named(types) if types.len() > 1 => &types[index].id,
        Types::Named(_) | Types::Continuous { .. } => "",
    }
}

/// Everything about one package, one number a row.
#[must_use]
pub fn rows(model: &Model, appraisal: &Appraisal) -> Grid {
    let mut grid = Grid::new(&["quantity", "who", "detail", "value"]);
    let mut add = |quantity: &str, who: &str, detail: &str, value: Option<f64>| {
        grid.push(vec![Cell::text(quantity), Cell::text(who), Cell::text(detail), Cell::number(value, 4)]);
    };
    for holding in &appraisal.holdings {
        let actor = &model.actors[holding.actor];
        let (who, kind) = (actor.id.as_str(), type_of(actor, holding.type_index));
        add("belief", who, kind, Some(holding.belief));
        add("terms_now", who, kind, Some(holding.terms));
        add("package", who, kind, Some(holding.package));
        add("continuation", who, kind, Some(holding.continuation));
        add("compared_with", who, kind, Some(holding.against));
        add("disagreement", who, kind, Some(holding.disagreement));
        for (part, value) in PARTS.into_iter().zip(holding.parts) {
            add(part, who, kind, Some(value));
        }
    }
    for (attack, threat) in model.attacks.iter().zip(&appraisal.threats) {
        add("g", &attack.id, "", Some(threat.g));
        add("g_hat", &attack.id, "", Some(threat.g_hat));
        for &(guarantee, g) in &threat.without {
            add("g_hat_without", &attack.id, &model.guarantees[guarantee].id, Some(g));
        }
        add("mean_field_error", &attack.id, "", threat.mean_field_error);
        for ((year, hazard), g) in attack.nodes.iter().zip(&threat.hazard).zip(&threat.g_hat_by_node) {
            add("hazard", &attack.id, &format!("year {year}"), Some(*hazard));
            add("g_hat_in", &attack.id, &format!("year {year}"), Some(*g));
        }
    }
    for &(hazard, rate) in &appraisal.hazards {
        add("hazard", &model.hazards[hazard].id, "per year", Some(rate));
    }
    add("attack_prob_60m", "", "", Some(appraisal.attack_prob_60m));
    add("attack_prob_8y", "", "", Some(appraisal.attack_prob));
    for &(voter, chance) in &appraisal.consent {
        add("consent", &model.deliverers[voter].id, "", Some(chance));
    }
    for (ratifier, &chance) in model.ratifiers.iter().zip(&appraisal.ratification) {
        add("ratification", &ratifier.id, &model.actors[ratifier.of.index()].id, Some(chance));
    }
    for blocker in blockers(model, appraisal) {
        add("blocks", &blocker, "", None);
    }
    grid
}

/// Everything about one package, to be read.
#[must_use]
pub fn text(model: &Model, name: &str, options: &[u16], appraisal: &Appraisal) -> String {
    let mut page = Page::default();
    let terms = model.issues.iter().zip(options);
    let changed = terms.filter(|(issue, option)| issue.status_quo != **option);
    let terms: Vec<String> =
        changed.map(|(issue, option)| format!("{} {}", issue.id, issue.options[usize::from(*option)].id)).collect();
    let terms = if terms.is_empty() { "the status quo".to_owned() } else { terms.join(", ") };
    page.line(format_args!("{name}: {terms}\n"));
    page.add(&values(model, appraisal).to_table(None));
    let all = rows(model, appraisal);
    let quantity = |row: &[Cell]| match &row[0] {
        Cell::Text(text) => text.clone(),
        _ => String::new(),
    };
    let mut rest = Grid { columns: all.columns.clone(), rows: Vec::new() };
    let from = all.rows.iter().position(|row| quantity(row) == "g" || quantity(row) == "hazard");
    let to = all.rows.iter().position(|row| quantity(row) == "blocks").unwrap_or(all.rows.len());
    let from = from.or_else(|| all.rows.iter().position(|row| quantity(row) == "attack_prob_60m")).unwrap_or(to);
    rest.rows = all.rows[from..to].to_vec();
    page.line(format_args!(""));
    page.add(&rest.to_table(None));
    let who = blockers(model, appraisal);
    let blocked = if who.is_empty() { "nobody".to_owned() } else { who.join(", ") };
    page.line(format_args!("\nblocked by {blocked}"));
    page.finish()
}

/// What the package is worth to every type of every actor.
fn values(model: &Model, appraisal: &Appraisal) -> Grid {
    let mut grid =
        Grid::new(&["actor", "type", "belief", "true", "terms_now", "package", "compared_with", "disagreement"]);
    grid.columns.extend(PARTS.map(str::to_owned));
    for holding in &appraisal.holdings {
        let actor = &model.actors[holding.actor];
        let mut row = vec![
            Cell::text(&actor.id),
            Cell::text(type_of(actor, holding.type_index)),
            Cell::number(holding.belief, 2),
            Cell::text(if holding.is_true { "yes" } else { "" }),
            Cell::number(holding.terms, 3),
            Cell::number(holding.package, 3),
            Cell::number(holding.against, 3),
            Cell::number(holding.disagreement, 3),
        ];
        row.extend(holding.parts.map(|part| Cell::number(part, 3)));
        grid.push(row);
    }
    grid
}
