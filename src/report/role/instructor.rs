//! The sheet of whoever teaches.

use super::{class, questions, table};
use crate::engine::appraise::Start;
use crate::engine::observer::Nobody;
use crate::engine::overview::{Node, Overview, overview};
use crate::engine::{Coordinates, Workspace, play};
use crate::measure::central::Central;
use crate::model::{Model, Role, ScalarSource, Types};
use crate::report::describe::parameters;
use crate::report::document::Document;
use crate::report::words::{about, colon, counted, full_name, package, percent, types};
use crate::source::Loaded;

/// Most combinations of types whose common ground is listed.
const COMBINATIONS: usize = 24;

/// Histories that are played for the sheet, and how the model was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Where random draws start.
    pub seed: u64,
    /// How many histories are played, from replication 0.
    pub reps: u64,
    /// The model with its scenarios and settings, as typed on the command line.
    pub typed: String,
}

/// The instructor's sheet: seats and types, common ground, likely paths, questions for the debriefing.
#[must_use]
pub fn instructor(loaded: &Loaded, sample: &Sample) -> Document {
    let model = &loaded.model;
    let central = Central::new(model).at_the_table(model);
    let mut workspace = Workspace::new(model);
    let found = overview(model, Start::Central, &mut workspace);
    let mut page = Document::new(format!("{}: instructor's sheet", model.spec.model.name.text));
    page.text(format!(
        "{}. For whoever teaches; it holds what every sheet keeps to itself.",
        model.spec.model.title.text
    ));
    material(loaded, &mut page);
    seats(model, &central, &mut page);
    page.section("Sheets to hand out");
    let print = |actor: &crate::model::Actor| {
        format!("detente describe {} --format role --actor {} --html > {}.html", sample.typed, actor.id, actor.id)
    };
    page.commands(model.actors.iter().map(print).collect());
    common_ground(model, &central, &found, &mut page);
    paths(model, sample, &mut workspace, &mut page);
    page.section("Questions for the debriefing");
    page.text("Made from this model; choose three or four.");
    page.list(questions::questions(model, &central));
    class::advice(&mut page);
    page.text(format!("Made from the model `{}`, hash {}.", model.spec.model.name.text, &loaded.hash[..16]));
    page
}

/// What the model is, and how much of it is assumed.
fn material(loaded: &Loaded, page: &mut Document) {
    let model = &loaded.model;
    page.section("The material");
    if let Some(about) = &model.spec.model.about {
        page.text(format!("{}.", about.text.trim_end_matches('.')));
    }
    let all = parameters(model, &loaded.tree);
    let assumed = all.iter().filter(|parameter| parameter.source == "assumption").count();
    let sourced = all.iter().filter(|parameter| !parameter.source.is_empty()).count() - assumed;
    let drawn = model.scalars.iter().filter(|scalar| matches!(scalar.source, ScalarSource::Drawn(_))).count();
    page.text(format!(
        "{}, {}, {} that may be offered, {}. Of {} numbers that can be set, {assumed} are marked \
         as assumptions and {sourced} name another source; {drawn} are drawn anew in every history. It states assumptions and computes what \
         they imply. It is no forecast.",
        counted(model.actors.len(), "actor"),
        counted(model.issues.len(), "issue"),
        counted(model.packages.n_candidates, "package"),
        counted(model.levers.len(), "lever"),
        all.len(),
    ));
}

fn seats(model: &Model, central: &Central, page: &mut Document) {
    page.section("Seats, types and what the class believes of them");
    let row = |(index, actor): (usize, &crate::model::Actor)| {
        let spec = &model.spec.actors[index].1;
        let kinds = match &actor.types {
            Types::Named(named) if named.len() > 1 => {
                let kind = |named: &crate::model::NamedType| {
                    let notes =
                        spec.types.iter().find(|(id, _)| id.text == named.id).map(|(_, spec)| colon(&spec.notes));
                    format!("`{}` {}{}", named.id, percent(central.value(&named.prior)), notes.unwrap_or_default())
                };
                named.iter().map(kind).collect::<Vec<_>>().join("; ")
            }
            Types::Continuous { path, distribution, .. } => format!(
                "private `{path}` from {} to {}",
                crate::report::describe::short(distribution.low()),
                crate::report::describe::short(distribution.high())
            ),
            Types::Named(_) => "one, known to all".to_owned(),
        };
        vec![full_name(actor), table::role(actor.role).to_owned(), kinds]
    };
    page.table(&["seat", "part in the talks", "types"], model.actors.iter().enumerate().map(row).collect());
}

/// One type of each signatory.
type Cast<'o> = Vec<&'o Node>;

/// Every way to fill the seats of the signatories with types.
fn casts<'o>(model: &Model, found: &'o Overview) -> Vec<Cast<'o>> {
    let mut casts: Vec<Cast<'o>> = vec![Vec::new()];
    for (index, _) in model.actors.iter().enumerate().filter(|(_, actor)| actor.role == Role::Signatory) {
        let nodes: Vec<&Node> = found.nodes.iter().filter(|node| node.actor == index).collect();
        let longer = |cast: &Cast<'o>| -> Vec<Cast<'o>> {
            nodes.iter().map(|node| cast.iter().copied().chain(std::iter::once(*node)).collect()).collect()
        };
        casts = casts.iter().flat_map(longer).collect();
    }
    casts
}

fn called(model: &Model, node: &Node) -> String {
    let actor = &model.actors[node.actor];
    types(actor).get(node.type_index).map_or_else(|| actor.id.clone(), |kind| format!("{} {kind}", actor.id))
}

/// Win sets: what each signatory would rather sign than talk on, and what all would.
fn common_ground(model: &Model, central: &Central, found: &Overview, page: &mut Document) {
    let n = model.packages.n_candidates;
    page.section("Win sets at the start");
    page.text(format!(
        "Of the {n} packages that may be offered, at central values: how many each signatory would rather sign than go on talking, and \
         how many all of them would. Where no package satisfies all, time, levers or mistakes must change something first.",
    ));
    let gain = |node: &Node, package: usize| node.values[package] - node.against;
    let mut rows = Vec::new();
    for node in found.nodes.iter().filter(|node| model.actors[node.actor].role == Role::Signatory) {
        let count = (0..n).filter(|&package| gain(node, package) >= 0.0).count();
        let best = (0..n).max_by(|&a, &b| gain(node, a).total_cmp(&gain(node, b)).then(b.cmp(&a)));
        let best = best.map_or_else(String::new, |best| terms(model, best));
        rows.push(vec![called(model, node), count.to_string(), best]);
    }
    page.table(&["signatory", "would rather sign", "likes best"], rows);
    let least = [&model.behaviour.least_consent, &model.behaviour.least_ratification].map(|value| central.value(value));
    let passes = |package: usize| {
        let [consent, votes] = found.passage(model, package);
        consent >= least[0] && votes >= least[1]
    };
    let row = |cast: &Cast<'_>| {
        let worst = |package: usize| cast.iter().map(|node| gain(node, package)).fold(f64::INFINITY, f64::min);
        let agreed: Vec<usize> = (0..n).filter(|&package| worst(package) >= 0.0).collect();
        let carried = agreed.iter().filter(|&&package| passes(package)).count();
        let nearest = (0..n).max_by(|&a, &b| worst(a).total_cmp(&worst(b)).then(b.cmp(&a)));
        let who: Vec<String> = cast.iter().map(|node| called(model, node)).collect();
        let (margin, what) =
            nearest.map_or_else(Default::default, |at| (crate::report::words::signed(worst(at)), terms(model, at)));
        vec![who.join(", "), agreed.len().to_string(), carried.to_string(), margin, what]
    };
    let all = casts(model, found);
    page.table(
        &["types of the signatories", "all would sign", "and votes may pass", "least gain at best", "in the package"],
        all.iter().take(COMBINATIONS).map(row).collect(),
    );
    if all.len() > COMBINATIONS {
        page.text(format!("The first {COMBINATIONS} of {} combinations.", all.len()));
    }
}

fn terms(model: &Model, candidate: usize) -> String {
    package(model, model.packages.options_of(model.issues.len(), candidate))
}

/// Plays some histories and says how they ended, with the first that ended so.
fn paths(model: &Model, sample: &Sample, workspace: &mut Workspace, page: &mut Document) {
    page.section("Likely paths");
    if sample.reps == 0 {
        page.text("No history was played for this sheet; `--reps 20` plays twenty.");
        return;
    }
    let mut counts = vec![0_u64; model.outcomes.len()];
    let mut first: Vec<Option<u64>> = vec![None; model.outcomes.len()];
    for replication in 0..sample.reps {
        let at = Coordinates { seed: sample.seed, replication };
        let outcome = play(model, at, workspace, &mut Nobody).outcome.index();
        counts[outcome] += 1;
        first[outcome].get_or_insert(replication);
    }
    page.text(format!(
        "{} histories with seed {}. The counts show what is possible and not how likely it is; `detente run {}` plays more and prints intervals.",
        sample.reps, sample.seed, sample.typed
    ));
    let mut rows = Vec::new();
    let mut commands = Vec::new();
    for (index, outcome) in model.outcomes.iter().enumerate() {
        let Some(replication) = first[index] else { continue };
        let what = about(&model.spec.outcomes[index].notes).unwrap_or("").to_owned();
        rows.push(vec![format!("`{}`", outcome.id), counts[index].to_string(), replication.to_string(), what]);
        commands.push(format!(
            "detente trace {} --seed {} --rep {replication}   # {}",
            sample.typed, sample.seed, outcome.id
        ));
    }
    page.table(&["ending", "histories", "first in replication", "meaning"], rows);
    page.text("To read one of each aloud:");
    page.commands(commands);
}
