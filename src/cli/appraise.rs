//! `detente appraise MODEL --package NAME` and `--table`

use super::args::{Format, ModelArgs, Seed};
use super::talk::Talk;
use super::{Failure, out};
use crate::engine::appraise::{Start, appraise, listed};
use crate::engine::{Coordinates, Workspace};
use crate::model::Model;
use crate::report::appraise as report;
use crate::source::load;
use crate::spec::suggest;

/// Says what a fixed package is worth to everybody, whether it would be kept, and who blocks it.
///
/// Nothing is played: parameters take their central values and actors their likeliest types, unless a replication is named.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente appraise ukraine-2025 --package force_30k\n  detente appraise ukraine-2025 --package guarantee=arms,force=k30 --rep 3\n  detente appraise ukraine-2025 --table --format csv\n"
)]
pub struct AppraiseArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// A named package of the model, or options of issues; issues that are not named keep the status quo
    #[arg(long, value_name = "NAME|ISSUE=OPTION,..", required_unless_present = "table", conflicts_with = "table")]
    package: Option<String>,

    /// All reference packages, under every way in which guarantees may combine
    #[arg(long)]
    table: bool,

    /// With parameters and types as drawn from this seed (a number, or `random`)
    #[arg(long, value_name = "S", value_parser = Seed::parse)]
    seed: Option<Seed>,

    /// With parameters and types of this replication, from 0
    #[arg(long, value_name = "K")]
    rep: Option<u64>,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// The seed that is meant when only a replication is named.
const SEED: u64 = 2025;

pub(super) fn run(args: &AppraiseArgs, _talk: Talk) -> Result<(), Failure> {
    let mut model = load(&args.model.model, &args.model.overlay.scenario, &args.model.overlay.sets)?.model;
    let start = match (args.seed, args.rep) {
        (None, None) => Start::Central,
        (seed, rep) => {
            Start::Drawn(Coordinates { seed: seed.map_or(SEED, Seed::number), replication: rep.unwrap_or(0) })
        }
    };
    let Some(named) = &args.package else {
        return out::print(&args.format.render(&report::table(&model, start)));
    };
    let options = options_of(&model, named)?;
    let package = listed(&mut model, &options);
    let mut workspace = Workspace::new(&model);
    let appraisal = appraise(&model, start, package, &mut workspace);
    out::print(&match args.format {
        Format::Table => report::text(&model, named, &options, &appraisal),
        Format::Csv | Format::Json => args.format.render(&report::rows(&model, &appraisal)),
    })
}

/// What was typed, as an option of every issue.
fn options_of(model: &Model, text: &str) -> Result<Vec<u16>, Failure> {
    if let Some(named) = model.named_packages.iter().find(|named| named.id == text) {
        return Ok(named.options.clone());
    }
    if !text.contains('=') {
        let known: Vec<&str> = model.named_packages.iter().map(|named| named.id.as_str()).collect();
        let hint = suggest::nearest(text, known).map_or_else(
            || "name a package of the model, or write issue=option,issue=option".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(usage(format!("no package `{text}`"), hint));
    }
    let mut options: Vec<u16> = model.issues.iter().map(|issue| issue.status_quo).collect();
    for term in text.split(',') {
        let (issue, option) = term.split_once('=').unwrap_or((term, ""));
        let known: Vec<&str> = model.issues.iter().map(|issue| issue.id.as_str()).collect();
        let Some(index) = known.iter().position(|id| *id == issue.trim()) else {
            return Err(usage(format!("no issue `{issue}`"), format!("issues: {}", suggest::listing(&known))));
        };
        let declared = &model.issues[index];
        let number = |text: &str| text.parse::<f64>().ok();
        let same = |id: &str| id == option.trim() || (declared.numeric && number(id) == number(option.trim()));
        let Some(chosen) = declared.options.iter().position(|known| same(&known.id)) else {
            let known: Vec<&str> = declared.options.iter().map(|option| option.id.as_str()).collect();
            let hint = format!("options: {}", suggest::listing(&known));
            return Err(usage(format!("`{issue}` has no option `{option}`"), hint));
        };
        options[index] = chosen as u16;
    }
    Ok(options)
}

fn usage(message: String, hint: String) -> Failure {
    Failure::Usage { message, hint: Some(hint) }
}
