//! `detente report DIR`

use std::path::{Path, PathBuf};

use super::run::{command_of, sharing};
use super::talk::Talk;
use super::{Failure, out};
use crate::design::plan::{Plan, Trace};
use crate::design::{Design, Layout};
use crate::report::html::{self, Heading};
use crate::run::inputs::{FactorInputs, ValuesInputs};
use crate::run::lab::quoted;
use crate::run::{Dossier, Inputs};
use crate::sink::{number, write_whole};
use crate::source::{FileError, embedded};

/// Makes one page of a finished run or sweep: charts, tables and what they say, in a file that opens without a network.
///
/// The page is made from the files of the directory alone; the same run gives the same page, to the byte.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente run fearon --reps 50 --out talks\n\nThen `detente report talks` writes talks.html; open it in a browser, or print it.\n"
)]
pub struct ReportArgs {
    /// The directory of a finished run or sweep
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// The file to write; `-` prints the page [default: DIR.html]
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,

    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &ReportArgs, talk: Talk) -> Result<(), Failure> {
    let to_stdout = args.out.as_deref() == Some(Path::new("-"));
    let file = if to_stdout { PathBuf::new() } else { destination(args)? };
    if !to_stdout && !args.force && file.symlink_metadata().is_ok() {
        return Err(Failure::Exists { path: file });
    }
    let dossier = Dossier::read(&args.dir).map_err(Failure::Run)?;
    let page = html::render(&dossier, &heading(&dossier));
    if to_stdout {
        return out::print(&page);
    }
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let above = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_whole(above, name, &page).map_err(|error| Failure::Run(error.into()))?;
    talk.note(&format!("wrote {}; open it in a browser", file.display()));
    Ok(())
}

/// Where the page goes: as typed, or beside the directory.
fn destination(args: &ReportArgs) -> Result<PathBuf, Failure> {
    let usage = |message: String| {
        let hint = Some("name the file with --out FILE.html".to_owned());
        Failure::Usage { message, hint }
    };
    let file = if let Some(file) = &args.out {
        file.clone()
    } else {
        let name = args.dir.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| usage(format!("`{}` has no name to call the page after", args.dir.display())))?;
        args.dir.with_file_name(format!("{name}.html"))
    };
    if file.is_dir() {
        let cause = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(Failure::File(FileError::system("write", &file, cause)));
    }
    if file.file_name().and_then(|name| name.to_str()).is_none() {
        return Err(usage(format!("`{}` is no name of a file", file.display())));
    }
    Ok(file)
}

/// What identifies the run, from the directory alone and without its name or place.
fn heading(dossier: &Dossier) -> Heading {
    let run = &dossier.run;
    let identity = &run.manifest.run;
    let short = |hash: &str| hash.chars().take(16).collect::<String>();
    let mut facts = vec![("Model".to_owned(), identity.model.clone())];
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
    if !run.loaded.scenarios.is_empty() {
        fact("Scenario", run.loaded.scenarios.join(" + "));
    }
    if !run.loaded.sets.is_empty() {
        fact("Set", run.loaded.sets.join(" "));
    }
    if dossier.is_sweep() {
        fact("Points", run.plan.points.to_string());
        fact(
            "Pairing",
            if run.inputs.independent { "each point draws alone" } else { "all points share their draws" }.to_owned(),
        );
    }
    let of_each = if dossier.is_sweep() { " of each point" } else { "" };
    let failed = if run.manifest.failed > 0 { format!(", {} failed", run.manifest.failed) } else { String::new() };
    fact("Replications", format!("{}{of_each}{failed}", run.plan.replications));
    fact("Seed", run.plan.seed.to_string());
    fact("Model hash", short(&identity.model_hash));
    fact("Design hash", short(&identity.design_hash));
    fact("Version", format!("détente {}", identity.detente));
    fact("Long tables", run.plan.trace.word().to_owned());
    let command = |trace: Trace, per_draw: u64| {
        let plan = Plan { trace, ..run.plan };
        let words = if dossier.is_sweep() {
            sweep_command(&run.inputs, &run.design, &plan)
        } else {
            command_of(&run.inputs.words, &plan, identity.noise, per_draw)
        };
        format!("{words} --out run && detente report run")
    };
    Heading {
        version: identity.detente.clone(),
        facts,
        command: command(run.plan.trace, identity.per_draw),
        traced: command(Trace::Moves, identity.per_draw),
        // Ten on each draw, where that leaves draws enough to differ.
        shared: command(run.plan.trace, if run.plan.replications >= 100 { 10 } else { 2 }),
        words: run.inputs.words.clone(),
    }
}

/// The command that plays a sweep again.
fn sweep_command(inputs: &Inputs, design: &Design, plan: &Plan) -> String {
    let mut words = vec!["detente sweep".to_owned()];
    if !inputs.typed.is_empty() {
        words.push(inputs.typed.clone());
    } else if let Some(file) = &inputs.experiment {
        let shipped = file.name.strip_prefix("runs/").and_then(|name| name.strip_suffix(".toml"));
        let shipped = shipped.filter(|name| embedded::experiment(name).is_some_and(|own| own.text == file.text));
        words.push(quoted(shipped.unwrap_or(&file.name)));
    } else {
        words.push(inputs.words.clone());
        words.extend(inputs.factors.iter().map(|factor| format!("--vary {}", quoted(&varied(factor)))));
        let layout = match &design.layout {
            Layout::Grid | Layout::Table(_) => String::new(),
            Layout::Zip => "--design zip".to_owned(),
            Layout::Lhs { points } => format!("--design lhs --points {points}"),
            Layout::Sobol { points } => format!("--design sobol --points {points}"),
            Layout::Saltelli { samples, .. } => format!("--design saltelli --points {samples}"),
            Layout::Morris { trajectories, .. } => format!("--design morris --points {trajectories}"),
        };
        words.extend((!layout.is_empty()).then_some(layout));
        if inputs.independent {
            words.push("--pairing independent".to_owned());
        }
    }
    words.push(format!("--reps {} --seed {}", plan.replications, plan.seed));
    if plan.trace != Trace::None {
        words.push(format!("--trace {}", plan.trace.word()));
    }
    words.join(" ") + &sharing(inputs.per_draw)
}

/// A factor as it is typed after `--vary`.
fn varied(factor: &FactorInputs) -> String {
    let list = |numbers: &[f64]| numbers.iter().map(|&value| number(value)).collect::<Vec<_>>().join(",");
    let name = &factor.name;
    match &factor.values {
        ValuesInputs::Numbers(numbers) => format!("{name}={}", list(numbers)),
        ValuesInputs::Steps { from, to, count } => {
            let step = (to - from) / (count.saturating_sub(1).max(1)) as f64;
            format!("{name}={}:{}:{}", number(*from), number(*to), number((step * 1e12).round() / 1e12))
        }
        ValuesInputs::Span { low, high } => format!("{name}={}", list(&[*low, *high])),
        ValuesInputs::Declared => name.clone(),
        ValuesInputs::Levels(levels) => {
            format!("{name}={}", levels.iter().map(|level| level.id.as_str()).collect::<Vec<_>>().join(","))
        }
    }
}
