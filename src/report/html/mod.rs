//! `detente report`: a finished run or sweep as one page that opens without a network.
//!
//! Pure: a [`Dossier`] that was read and a [`Heading`] that the face wrote become text. Each section is a function from the
//! dossier to figures; a figure is a title, one sentence made from its numbers, a Vega-Lite specification and a table
//! (`figure`); `page` is the only file that writes HTML.

mod chart;
mod figure;
mod page;
mod run;
mod sums;
mod sweep;
mod words;

use crate::run::Dossier;
use figure::Section;

/// What stands above a report: which run it is and how to get it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Version of the program that made the run.
    pub version: String,
    /// Names and values of what identifies the run.
    pub facts: Vec<(String, String)>,
    /// The command that makes the run and the page again.
    pub command: String,
    /// The same, with the long tables.
    pub traced: String,
    /// The same, with several replications on each draw of the uncertain numbers.
    pub shared: String,
    /// Model, scenarios and settings as they are typed.
    pub words: String,
}

/// A report before it is a page.
struct Report {
    kicker: String,
    title: String,
    about: String,
    /// What no reader may miss.
    forecast: String,
    sections: Vec<Section>,
}

/// What no reader may miss.
const FORECAST: &str = "Shares are shares of simulated histories: they say what the assumptions of the model imply, not what \
                        will happen, and they are no probabilities of events in the world.";

/// The page.
#[must_use]
pub fn render(dossier: &Dossier, heading: &Heading) -> String {
    let report = if dossier.is_sweep() { sweep::report(dossier, heading) } else { run::report(dossier, heading) };
    page::page(&report, heading)
}
