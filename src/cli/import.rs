//! `detente import genius DOMAIN.xml --profile A.xml --profile B.xml`

use std::io::Write;
use std::path::{Path, PathBuf};

use super::talk::Talk;
use super::{Failure, out};
use crate::source::FileError;
use crate::source::file::read_text;
use crate::source::genius::{self, Imported, Shape, Text};

/// Reads a negotiation domain of another program and writes it as a model file.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente import genius laptop.xml --profile buyer.xml --profile seller.xml --out laptop.toml\n"
)]
pub struct ImportArgs {
    /// Whose format it is.
    #[command(subcommand)]
    format: Format,
}

/// Formats that can be read.
#[derive(Debug, clap::Subcommand)]
enum Format {
    /// A domain and linear-additive profiles in the XML of Genius, which NegMAS reads and writes too
    Genius(GeniusArgs),
}

/// A domain with at least two profiles.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente import genius laptop.xml --profile buyer.xml --profile seller.xml --out laptop.toml\n\n\
    Discrete and integer issues are read. Utilities are weight times evaluation as written; --normalize divides the\n\
    evaluations of an issue by their largest. The parties make stacked alternating offers as Boulware seats: change\n\
    `policy` in the file to have them bargain otherwise.\n"
)]
struct GeniusArgs {
    /// The domain
    #[arg(value_name = "DOMAIN.xml")]
    domain: PathBuf,

    /// What one party makes of it (once for each party, in the order of their turns)
    #[arg(long = "profile", value_name = "FILE.xml", required = true)]
    profiles: Vec<PathBuf>,

    /// The model file to write; it must not exist (default: print the model)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Rounds until the talks are over
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,

    /// Divide the evaluations of an issue by their largest, as Genius does
    #[arg(long)]
    normalize: bool,
}

pub(super) fn run(args: &ImportArgs, talk: Talk) -> Result<(), Failure> {
    let Format::Genius(args) = &args.format;
    if !(2..=Imported::MOST_PARTIES).contains(&args.profiles.len()) {
        return Err(Failure::Usage {
            message: format!("{} profiles make no negotiation", args.profiles.len()),
            hint: Some(format!("give --profile two to {} times", Imported::MOST_PARTIES)),
        });
    }
    let text = read_text(&args.domain).map_err(Failure::File)?;
    let shown = args.domain.display().to_string();
    let domain = genius::domain(Text { name: &shown, text: &text }).map_err(Failure::Genius)?;
    let mut profiles = Vec::with_capacity(args.profiles.len());
    for path in &args.profiles {
        let text = read_text(path).map_err(Failure::File)?;
        let shown = path.display().to_string();
        let profile = genius::profile(Text { name: &shown, text: &text }, &domain).map_err(Failure::Genius)?;
        profiles.push((stem(path), profile));
    }
    let name = stem(&args.domain);
    let imported = Imported { name: &name, domain: &domain, profiles: &profiles };
    let model = imported.to_model(Shape { rounds: args.rounds, normalize: args.normalize });
    let Some(file) = &args.out else { return out::print(&model) };
    write_new(file, &model).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Exists { path: file.clone() },
        _ => Failure::File(FileError::system("write", file, source)),
    })?;
    let file = file.display();
    talk.note(&format!("wrote {file}\nnext: detente check {file} && detente trace {file}"));
    Ok(())
}

/// Name of a file without its ending.
fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(|| "domain".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
