//! The questions that readers ask first.

use super::Run;
use super::assumptions::{Effect, Flip, Target, effects, flipped, named, path, too_few};
use super::{limits, outcomes, peace, refusals};
use crate::report::html::figure::{Answer, Part, Section};
use crate::report::html::words::{percent, plain};

pub(super) fn section(run: Run<'_>) -> Section {
    let answers = [
        ("How often does each ending occur, and how sure is that?", outcomes::headline(run), "outcomes"),
        ("What single thing goes with the least renewed war?", least_war(run), "assumptions"),
        ("Who blocks deals, and why?", refusals::headline(run), "refusals"),
        ("Which assumption flips the headline?", Some(flip(run)), "assumptions"),
        ("What can this not say?", Some(limits::in_short(run)), "limits"),
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
    let terms = peace::terms_headline(run).map_or_else(String::new, |terms| format!("{terms} "));
    let found = effects(run, Target::War);
    let Some(best): Option<&Effect> = found.first() else {
        let few = too_few(run)
            .unwrap_or_else(|| "Too few settlements were signed to sort them by what was drawn.".to_owned());
        return (!terms.is_empty()).then(|| format!("{terms}{few}"));
    };
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
        "{terms}Of all drawn assumptions, {} of {} go with it most clearly: {} of settlements are broken by renewed war in that third of \
         histories, {} in the opposite third.{doubt} To test it alone: detente sweep {} --vary {path} --design lhs --points 8.",
        if high { "high values" } else { "low values" },
        named(run, &best.parameter),
        percent(least),
        percent(most),
        run.heading.words
    ))
}

fn flip(run: Run<'_>) -> String {
    if let Some(text) = too_few(run) {
        return text;
    }
    let found = flipped(run);
    let Some(Flip { parameter, high, ending, share, usual, .. }) = found.first() else {
        return "None of those drawn, taken alone: the most frequent ending is the same in the lowest and the highest third of the \
                draws of every parameter."
            .to_owned();
    };
    let clear = found.iter().filter(|flip| flip.is_clear()).count();
    let margin = outcomes::margin(run).map_or_else(String::new, |margin| format!("{margin} "));
    format!(
        "{margin}{} values of {}: with them the most frequent ending is “{}”, in {} of histories, against {} for the usual one. {} other \
         thirds of draws flip it too; of all, {clear} lead by more than sampling alone may (95 %){}.",
        if *high { "High" } else { "Low" },
        named(run, parameter),
        plain(ending),
        percent(*share),
        percent(*usual),
        found.len() - 1,
        if clear == 0 { ", so that this run does not settle which" } else { "" }
    )
}
