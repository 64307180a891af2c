//! `detente explain CODE`

use super::{Failure, out};
use crate::spec::{codes, suggest};

/// Explains a code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente explain E0302\n")]
pub struct ExplainArgs {
    /// A code such as E0302; without it all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let Some(typed) = &args.code else {
        let lines: Vec<String> = codes::CODES.iter().map(|entry| format!("{} {}\n", entry.code, entry.title)).collect();
        return out::print(&lines.concat());
    };
    let entry = codes::find(typed).ok_or_else(|| Failure::Usage {
        message: format!("no code `{typed}`"),
        hint: suggest::nearest(typed, codes::CODES.iter().map(|entry| entry.code)).map_or_else(
            || Some("`detente explain` lists all codes".to_owned()),
            |near| Some(format!("did you mean `{near}`? `detente explain` lists all codes")),
        ),
    })?;
    out::print(&format!("{}: {}\n\n{}\n", entry.code, entry.title, entry.text))
}
