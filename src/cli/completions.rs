//! `detente completions SHELL`

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Args, Failure, out};

/// Prints a completion script.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente completions bash\n")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "detente", &mut script);
    out::print(&String::from_utf8_lossy(&script))
}
