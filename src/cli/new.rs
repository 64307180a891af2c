//! `detente new FILE`

use std::io::Write;
use std::path::{Path, PathBuf};

use super::talk::Talk;
use super::{Failure, out};
use crate::source::FileError;

/// The model that is written.
pub(super) const START: &str = include_str!("new_model.toml");

/// Writes a small commented model that runs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente new talks.toml\n")]
pub struct NewArgs {
    /// The file to write; it must not exist, `-` prints the model
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(args: &NewArgs, talk: Talk) -> Result<(), Failure> {
    if args.file == Path::new("-") {
        return out::print(START);
    }
    write_new(&args.file).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Exists { path: args.file.clone() },
        _ => Failure::File(FileError::system("write", &args.file, source)),
    })?;
    let file = args.file.display();
    talk.note(&format!("wrote {file}\nnext: detente check {file} && detente run {file} --reps 100"));
    Ok(())
}

fn write_new(path: &Path) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    file.write_all(START.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::problem::Problems;
    use crate::spec::tree::Sources;

    #[test]
    fn the_starting_model_compiles_without_a_single_problem() {
        let reading = crate::spec::read(&Sources::single("new_model.toml", START), &[]);
        let mut problems = Problems::default();
        let model = crate::model::compile::compile(reading.spec.unwrap(), &mut problems);
        problems.absorb(reading.problems);
        assert_eq!(problems.list, []);
        assert!(model.is_some());
    }
}
