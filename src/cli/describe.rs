//! `detente describe MODEL`

use clap::ValueEnum;

use super::args::{ModelArgs, Seed};
use super::talk::Talk;
use super::{Failure, coverage, out, pool};
use crate::design::plan::Trace;
use crate::report::describe;
use crate::report::document::Document;
use crate::report::grid::pretty;
use crate::report::role::{Sample, Seat, instructor, sheet};
use crate::sink::{Tables, header};
use crate::source::{Loaded, load};
use crate::spec::suggest;

/// Says what a model contains.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente describe ukraine-2025\n  detente describe ukraine-2025 --format role --actor RU --type limited\n  detente describe fearon --format instructor --html\n  detente describe fearon --format odd\n"
)]
pub struct DescribeArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// In words, for drivers, or the columns of its result tables
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DescribeFormat,

    /// Whose role sheet: an actor of the model, or `instructor`
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,

    /// The sheet of one type of that actor; without it all its types stand side by side
    #[arg(long = "type", value_name = "TYPE", requires = "actor")]
    kind: Option<String>,

    /// A sheet as a page of its own instead of Markdown
    #[arg(long)]
    html: bool,

    /// Where the histories on the instructor's sheet start: a number, or `random`
    #[arg(long, value_name = "S", default_value = "2025", value_parser = Seed::parse)]
    seed: Seed,

    /// How many histories are played for the instructor's sheet
    #[arg(long, value_name = "N", default_value_t = 20)]
    reps: u64,
}

/// Forms of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DescribeFormat {
    /// Section by section, to be read.
    Text,
    /// The sheet of one government for a seminar, as Markdown or with `--html`.
    Role,
    /// The sheet for whoever teaches.
    Instructor,
    /// Parameters, outcomes and what can be chosen, for drivers.
    Json,
    /// Every column of every result table, as CSV.
    Codebook,
    /// Where each row of the model's inventory is at home, as CSV.
    Coverage,
    /// An ODD protocol (Grimm et al. 2020), as Markdown.
    Odd,
}

pub(super) fn run(args: &DescribeArgs, talk: Talk) -> Result<(), Failure> {
    let loaded = load(&args.model.model, &args.model.overlay.scenario, &args.model.overlay.sets)?;
    pool::note(&loaded, &args.model.model, talk);
    let paper_wanted = matches!(args.format, DescribeFormat::Role | DescribeFormat::Instructor);
    if !paper_wanted && (args.actor.is_some() || args.html) {
        let message = "`--actor`, `--type` and `--html` are for role sheets".to_owned();
        return Err(usage(message, "add `--format role` or `--format instructor`".to_owned()));
    }
    out::print(&match args.format {
        DescribeFormat::Text => describe::text(&loaded),
        DescribeFormat::Role | DescribeFormat::Instructor => paper(args, &loaded, talk)?,
        DescribeFormat::Json => pretty(&describe::json(&loaded)),
        DescribeFormat::Odd => coverage::odd(&args.model.model, &loaded)?,
        DescribeFormat::Coverage => coverage::describe(&args.model.model, &loaded, talk)?,
        DescribeFormat::Codebook => {
            let tables = Tables::new(&loaded.model, Trace::Moves, &[]);
            let mut table = header(&tables.codebook);
            table.append(&tables.codebook_rows(true));
            String::from_utf8_lossy(&table.bytes).into_owned()
        }
    })
}

/// The word that stands for whoever teaches, where an actor is named.
const INSTRUCTOR: &str = "instructor";

/// A role sheet or the instructor's sheet.
fn paper(args: &DescribeArgs, loaded: &Loaded, talk: Talk) -> Result<String, Failure> {
    let teaches = args.format == DescribeFormat::Instructor || args.actor.as_deref() == Some(INSTRUCTOR);
    let document = if teaches { for_the_instructor(args, loaded, talk)? } else { of_a_seat(args, loaded)? };
    Ok(if args.html { document.to_html() } else { document.to_markdown() })
}

fn of_a_seat(args: &DescribeArgs, loaded: &Loaded) -> Result<Document, Failure> {
    let ids: Vec<&str> = loaded.model.actors.iter().map(|actor| actor.id.as_str()).collect();
    let Some(actor) = &args.actor else {
        let hint = format!("`--actor` takes one of {} or `{INSTRUCTOR}`", suggest::listing(&ids));
        return Err(usage("a role sheet is of an actor".to_owned(), hint));
    };
    let seat = Seat::find(&loaded.model, actor, args.kind.as_deref()).map_err(|none| usage(none.message, none.hint))?;
    Ok(sheet(loaded, &seat))
}

fn for_the_instructor(args: &DescribeArgs, loaded: &Loaded, talk: Talk) -> Result<Document, Failure> {
    if let Some(actor) = args.actor.as_deref().filter(|actor| *actor != INSTRUCTOR) {
        let hint = format!("for the sheet of `{actor}` write `--format role`");
        return Err(usage(format!("the instructor's sheet is of nobody, not of `{actor}`"), hint));
    }
    if args.kind.is_some() {
        return Err(usage("the instructor has no types".to_owned(), "leave `--type` away".to_owned()));
    }
    let mut typed = quoted(&args.model.model);
    let overlay = &args.model.overlay;
    let options = overlay.scenario.iter().map(|name| format!(" --scenario {}", quoted(name)));
    typed.extend(options.chain(overlay.sets.iter().map(|set| format!(" --set {}", quoted(set)))));
    if args.reps > 0 {
        talk.note(&format!("playing {} histories for the sheet", args.reps));
    }
    Ok(instructor(loaded, &Sample { seed: args.seed.number(), reps: args.reps, typed }))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn usage(message: String, hint: String) -> Failure {
    Failure::Usage { message, hint: Some(hint) }
}
