//! The sheet of one government.

use super::{aims, class, home, levers, table};
use crate::engine::Workspace;
use crate::engine::appraise::Start;
use crate::engine::overview::overview;
use crate::measure::central::Central;
use crate::model::{Model, Role, Types};
use crate::report::describe::short;
use crate::report::document::Document;
use crate::report::words::{about, full_name, types};
use crate::source::Loaded;
use crate::spec::suggest;

/// Whose sheet is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    actor: usize,
    kinds: Vec<usize>,
}

/// A name that no seat of the model has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSeat {
    /// What is wrong.
    pub message: String,
    /// What is there.
    pub hint: String,
}

impl Seat {
    /// The seat of an actor, of one of its types if one is named.
    ///
    /// # Errors
    /// When the model has no such actor, or the actor no such type.
    pub fn find(model: &Model, actor: &str, kind: Option<&str>) -> Result<Self, NoSeat> {
        let ids: Vec<&str> = model.actors.iter().map(|actor| actor.id.as_str()).collect();
        let Some(index) = ids.iter().position(|id| *id == actor) else {
            let near = suggest::nearest(actor, ids.iter().copied());
            let hint = near.map_or_else(
                || format!("actors: {}", suggest::listing(&ids)),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(NoSeat { message: format!("no actor `{actor}`"), hint });
        };
        let names = types(&model.actors[index]);
        let Some(kind) = kind else { return Ok(Self { actor: index, kinds: (0..names.len().max(1)).collect() }) };
        let Some(at) = names.iter().position(|name| *name == kind) else {
            let hint = if names.is_empty() {
                "it has a single type: leave `--type` away".to_owned()
            } else {
                format!("types: {}", suggest::listing(&names))
            };
            return Err(NoSeat { message: format!("`{actor}` has no type `{kind}`"), hint });
        };
        Ok(Self { actor: index, kinds: vec![at] })
    }
}

/// The sheet of a seat: public background, its case, aims, levers, home, beliefs, and what happens without a deal.
#[must_use]
pub fn sheet(loaded: &Loaded, seat: &Seat) -> Document {
    let model = &loaded.model;
    let Seat { actor, kinds } = seat;
    let central = Central::new(model).at_the_table(model);
    let found = overview(model, Start::Central, &mut Workspace::new(model));
    let mut page = Document::new(format!("{}: role sheet", model.actors[*actor].name));
    page.text(format!("{}.", model.spec.model.title.text));
    table::tell(model, &central, &mut page);
    case(model, *actor, kinds, &mut page);
    aims::tell(model, &central, *actor, kinds, &mut page);
    levers::tell(model, &central, *actor, &mut page);
    levers::consent(model, *actor, &mut page);
    home::constraints(model, *actor, &mut page);
    home::without_a_deal(model, &central, &found, *actor, kinds, &mut page);
    home::packages(model, &found, *actor, kinds, &mut page);
    home::beliefs(model, &central, &found, *actor, &mut page);
    home::afterwards(model, *actor, &mut page);
    class::note(&mut page);
    page.text(format!("Made from the model `{}`, hash {}.", model.spec.model.name.text, &loaded.hash[..16]));
    page
}

/// Who the government is, in one paragraph or one point a type.
fn case(model: &Model, actor: usize, kinds: &[usize], page: &mut Document) {
    let (_, spec) = &model.spec.actors[actor];
    let declared = &model.actors[actor];
    page.section("Your case");
    let place = match declared.role {
        Role::Signatory => "You sign: nothing is settled without your yes.",
        Role::Mediator => "You mediate: you put offers to the others and do not sign.",
        Role::ThirdParty => "You are not at the table; others need you for what you alone can give.",
    };
    let case = about(&spec.notes).map(|about| format!(" {}.", about.trim_end_matches('.'))).unwrap_or_default();
    page.text(format!("You speak for {}.{case} {place}", full_name(declared)));
    let names = types(declared);
    let meaning = |kind: usize| {
        let spec = spec.types.iter().find(|(id, _)| id.text == names[kind]);
        spec.and_then(|(_, spec)| about(&spec.notes)).map(|about| format!(": it {about}")).unwrap_or_default()
    };
    match (kinds, &declared.types) {
        ([kind], _) if !names.is_empty() => {
            page.text(format!("Your government is `{}`{}. Only you know.", names[*kind], meaning(*kind)));
        }
        ([_], Types::Continuous { path, distribution, .. }) => page.text(format!(
            "You alone know your `{path}`; draw a number between {} and {} before you begin. The tables below are for {}.",
            short(distribution.low()),
            short(distribution.high()),
            short(distribution.central())
        )),
        ([_], Types::Named(_)) => {}
        _ => {
            page.text("Your government is one of these; draw one before you begin, and keep it to yourself:");
            page.list(kinds.iter().map(|&kind| format!("`{}`{}", names[kind], meaning(kind))).collect());
        }
    }
}
