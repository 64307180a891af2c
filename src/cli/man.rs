//! `detente man [COMMAND]`

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Args, Failure, out};

/// Prints a manual page in roff.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente man run\n")]
pub struct ManArgs {
    /// The subcommand; without it the page of detente itself
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(args: &ManArgs) -> Result<(), Failure> {
    let mut root = Args::command();
    root.build();
    let page = match &args.command {
        None => root,
        Some(name) => root
            .find_subcommand(name)
            .cloned()
            .map(|command| command.display_name(format!("detente-{name}")))
            .ok_or_else(|| Failure::Usage {
                message: format!("no command `{name}`"),
                hint: Some("`detente --help` lists the commands".to_owned()),
            })?,
    };
    let mut roff = Vec::new();
    Man::new(page).render(&mut roff).map_err(Failure::Stdout)?;
    out::print(&String::from_utf8_lossy(&roff))
}
