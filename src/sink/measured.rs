//! Measures of an outcome beside what its parties could have agreed on.

use crate::engine::record::Record;
use crate::measure::frontier::{Field, Solutions, Terms, solve};
use crate::model::{Measure, Model, Solution};

use super::column::Draft;

/// One column: a measure, and the signatory that it is about where it has one column each.
pub(super) type Measured = (Measure, Option<usize>);

/// The columns that a model asks for.
pub(super) fn columns(model: &Model) -> Vec<(Measured, Draft)> {
    let mut list = Vec::new();
    for &measure in &model.measures.columns {
        let word = measure.word();
        let Measure::Point(_) = measure else {
            list.push(((measure, None), draft(measure)));
            continue;
        };
        let signs = |(_, actor): &(usize, &crate::model::Actor)| actor.role == crate::model::Role::Signatory;
        for (index, actor) in model.actors.iter().enumerate().filter(signs) {
            let meaning = format!("value to {} of the {} solution, the first of several", actor.id, name(measure));
            list.push(((measure, Some(index)), Draft::payoff(format!("{word}_{}", actor.id), meaning)));
        }
    }
    list
}

fn draft(measure: Measure) -> Draft {
    let word = measure.word();
    match measure {
        Measure::FrontierSize => {
            Draft::integer(word, "outcomes on the Pareto frontier of the signatories").unit("count")
        }
        Measure::Distance(_) => {
            let to = name(measure);
            Draft::payoff(
                word,
                format!("distance of the settlement to the nearest {to} outcome, in the space of values"),
            )
        }
        Measure::Welfare => Draft::payoff(word, "sum of the signatories' values of the settlement"),
        Measure::WelfareShare | Measure::Point(_) => {
            Draft::number(word, "sum of the signatories' values of the settlement over the largest on the frontier")
        }
    }
}

fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Distance(of) | Measure::Point(of) => match of {
            Solution::Pareto => "Pareto-efficient",
            Solution::Nash => "Nash",
            Solution::Kalai => "egalitarian (Kalai)",
            Solution::KalaiSmorodinsky => "Kalai-Smorodinsky",
            Solution::LeastDisparity => "least disparity",
            Solution::Welfare => "largest sum",
        },
        Measure::FrontierSize | Measure::Welfare | Measure::WelfareShare => "",
    }
}

/// What was found in one replication.
pub(super) struct Found {
    field: Field,
    solutions: Solutions,
    parties: Vec<usize>,
    /// The settlement among the candidates.
    agreed: Option<usize>,
}

impl Found {
    /// Solves the bargaining problem that a record has kept; none if it has kept none.
    pub(super) fn of(model: &Model, record: &Record) -> Option<Self> {
        let problem = &record.problem;
        if problem.parties.is_empty() {
            return None;
        }
        let rows: Vec<Vec<f64>> =
            problem.values.chunks_exact(model.packages.n_candidates.max(1)).map(<[f64]>::to_vec).collect();
        let field = Field::new(&rows);
        let weights = problem.parties.iter().map(|&party| model.measures.weights[party]).collect();
        let terms = Terms { weights, ..Terms::of(&field, &problem.reserves) };
        let solutions = solve(&field, &problem.reserves, &terms);
        let signed = record.settlement.as_ref();
        let agreed = signed.and_then(|signed| model.candidates().position(|candidate| candidate == signed.terms));
        Some(Self { field, solutions, parties: problem.parties.clone(), agreed })
    }

    fn set(&self, solution: Solution) -> &[usize] {
        match solution {
            Solution::Pareto => &self.solutions.pareto,
            Solution::Nash => &self.solutions.nash,
            Solution::Kalai => &self.solutions.kalai,
            Solution::KalaiSmorodinsky => &self.solutions.kalai_smorodinsky,
            Solution::LeastDisparity => &self.solutions.least_disparity,
            Solution::Welfare => &self.solutions.welfare,
        }
    }

    /// A measure; none where there is no settlement to measure, or nothing to measure it by.
    pub(super) fn value(&self, (measure, about): Measured) -> Option<f64> {
        match measure {
            Measure::FrontierSize => Some(self.solutions.pareto.len() as f64),
            Measure::Distance(to) => self.field.distance(self.agreed?, self.set(to)),
            Measure::Welfare => Some(self.field.welfare(self.agreed?)),
            Measure::WelfareShare => {
                let most = self.field.welfare(*self.solutions.welfare.first()?);
                Some(self.field.welfare(self.agreed?) / most).filter(|share| share.is_finite())
            }
            Measure::Point(of) => {
                let party = self.parties.iter().position(|&party| Some(party) == about)?;
                Some(self.field.value(party, *self.set(of).first()?))
            }
        }
    }
}
