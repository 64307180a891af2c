//! The questions that readers ask first.

use super::Run;
use super::assumptions::{Effect, Flip, LEAST, Target, effects, flipped, path};
use super::{limits, outcomes, refusals};
use crate::report::html::figure::{Answer, Part, Section};
use crate::report::html::words::{percent, plain};

pub(super) fn section(run: Run<'_>) -> Section {
    let answers = [
        ("How often does each ending occur, and how sure is that?", outcomes::headline(run), "outcomes"),
        ("What single assumption goes with the least renewed war?", least_war(run), "assumptions"),
        ("Who blocks deals, and why?", refusals::headline(run), "refusals"),
        ("Which assumption flips the headline?", Some(flip(run)), "assumptions"),
        ("What can this not say?", Some(limits::headline(run)), "limits"),
    ];
    let answer = |(question, answer, section): (&'static str, Option<String>, &'static str)| {
        answer.map(|text| Answer { question, text, section })
    };
    Section {
        id: "brief",
        title: "In short",
        parts: vec![Part::Answers(answers.into_iter().filter_map(answer).collect())],
    }
}

/// The draws that go with the least renewed war, and the sweep that tests them.
fn least_war(run: Run<'_>) -> Option<String> {
    let found = effects(run, Target::War);
    let best: &Effect = found.first()?;
    let (high, least, most) = best.better();
    let path = path(run, &best.parameter);
    let clear = found.iter().filter(|effect| effect.is_clear()).count();
    let chance = found.len() as f64 * 0.05;
    let doubt = format!(
        " Of {} assumptions {clear} have an interval clear of zero, and about {chance:.0} would by chance{}.",
        found.len(),
        if clear as f64 > 2.0 * chance { "" } else { ": this run alone does not single one out" }
    );
    Some(format!(
        "Of all drawn assumptions, {} of {path} go with it most clearly: {} of settlements are broken by renewed war in that third of \
         histories, {} in the opposite third.{doubt} To test it alone: detente sweep {} --vary {path} --design lhs --points 8.",
        if high { "high values" } else { "low values" },
        percent(least),
        percent(most),
        run.heading.words
    ))
}

fn flip(run: Run<'_>) -> String {
    if run.dossier.outcomes.rows() < 3 * LEAST {
        return format!(
            "{} histories are too few to tell; at least {} are needed.",
            run.dossier.outcomes.rows(),
            3 * LEAST
        );
    }
    let found = flipped(run);
    let Some(Flip { parameter, high, ending, share, usual }) = found.first() else {
        return "None of those drawn, taken alone: the most frequent ending is the same in the lowest and the highest third of the \
                draws of every parameter."
            .to_owned();
    };
    format!(
        "{} values of {}: with them the most frequent ending is “{}”, in {} of histories, against {} for the usual one.{}",
        if *high { "High" } else { "Low" },
        path(run, parameter),
        plain(ending),
        percent(*share),
        percent(*usual),
        match found.len() {
            1 => String::new(),
            n => format!(" {} other thirds of draws flip it too; narrow leads may be luck.", n - 1),
        }
    )
}
