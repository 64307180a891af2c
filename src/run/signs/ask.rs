//! What a contrast looks at: a quantity of an appraised package, or a column of `outcomes.csv`.

use crate::design::plan::Job;
use crate::engine::appraise::Appraisal;
use crate::engine::record::Record;
use crate::model::{Model, Role};
use crate::sink::{Outcomes, Row, Rows};
use crate::spec::suggest;

/// A test of a column of `outcomes.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Which column.
    pub index: usize,
    /// What of its cell.
    pub test: Test,
}

/// What is taken from a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Its number; missing where it is.
    Value,
    /// Whether there is one.
    Present,
    /// Whether it is this word.
    Is(String),
    /// Whether its number is at most this; a missing one is not.
    AtMost(f64),
    /// Whether its number is at least this; a missing one is not.
    AtLeast(f64),
}

/// A quantity of an appraised package; indices are those of the model's vectors.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// P less what a yes is compared with, of an actor's true type.
    Gain(usize),
    /// P.
    Package(usize),
    /// C.
    Continuation(usize),
    /// Z.
    Disagreement(usize),
    /// The terms as they are now.
    Terms(usize),
    /// The least gain of a signatory.
    Zone,
    /// Forecast of an attack within all nodes.
    AttackProb,
    /// The same within 60 months.
    AttackProb60,
    /// Deterrent strength against an attack, at true wills.
    Strength(usize),
    /// The same as believed.
    Believed(usize),
    /// Chance a year of an attack at a node.
    Hazard(usize, usize),
    /// Chance that a ratifier confirms.
    Ratification(usize),
    /// Chance that a deliverer consents.
    Consent(usize),
}

/// Why a text names nothing of the model.
pub type Unknown = (String, Option<String>);

/// Reads a column with its test.
///
/// # Errors
/// What is wrong, and a hint.
pub fn column(text: &str, outcomes: &Outcomes) -> Result<Column, Unknown> {
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|x| x.is_finite())
            .ok_or_else(|| (format!("`{text}` is no number"), None))
    };
    let (name, test) = if let Some(inside) = text.strip_prefix("present(").and_then(|rest| rest.strip_suffix(')')) {
        (inside, Test::Present)
    } else if let Some((name, bound)) = text.split_once("<=") {
        (name, Test::AtMost(number(bound)?))
    } else if let Some((name, bound)) = text.split_once(">=") {
        (name, Test::AtLeast(number(bound)?))
    } else if let Some((name, word)) = text.split_once('=') {
        (name, Test::Is(word.trim().to_owned()))
    } else {
        (text, Test::Value)
    };
    let names = || outcomes.columns.iter().map(|column| column.name.as_str());
    let name = name.trim();
    let Some(index) = names().position(|known| known == name) else {
        let hint = suggest::nearest(name, names()).map(|near| format!("did you mean `{near}`?"));
        return Err((format!("there is no column `{name}` in outcomes.csv"), hint));
    };
    let range = &outcomes.columns[index].range;
    if let Test::Is(word) = &test
        && !range.is_empty()
        && !range.contains("..")
        && range.split('|').all(|known| known != word)
    {
        return Err((
            format!("`{name}` is never `{word}`"),
            Some(format!("it is one of {}", range.replace('|', ", "))),
        ));
    }
    Ok(Column { index, test })
}

impl Test {
    /// What it takes from a cell; none where there is nothing to take.
    fn of(&self, cell: &str) -> Option<f64> {
        let holds = |claim: bool| Some(f64::from(u8::from(claim)));
        match self {
            Self::Value => cell.parse().ok(),
            Self::Present => holds(!cell.is_empty()),
            Self::Is(word) => holds(cell == word),
            Self::AtMost(bound) => holds(cell.parse::<f64>().is_ok_and(|x| x <= *bound)),
            Self::AtLeast(bound) => holds(cell.parse::<f64>().is_ok_and(|x| x >= *bound)),
        }
    }
}

/// The row of `outcomes.csv` of a replication, as cells.
pub fn cells(model: &Model, outcomes: &Outcomes, record: &Record, seed: u64) -> Vec<String> {
    let job = Job { index: record.replication, point: 0, replication: record.replication };
    let mut rows = Rows::new();
    outcomes.write(model, &Row::plain(job, seed), Some(record), &mut rows);
    let bytes = rows.finish().bytes;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    row.iter().map(str::to_owned).collect()
}

impl Column {
    /// What it takes from a row.
    pub fn of(&self, cells: &[String]) -> Option<f64> {
        self.test.of(cells.get(self.index).map_or("", String::as_str))
    }
}

/// Reads a quantity.
///
/// # Errors
/// What is wrong, and a hint.
pub fn quantity(text: &str, model: &Model) -> Result<Quantity, Unknown> {
    let mut parts = text.splitn(2, '.');
    let (head, rest) = (parts.next().unwrap_or_default(), parts.next());
    let actors: Vec<&str> = model.actors.iter().map(|actor| actor.id.as_str()).collect();
    let attacks: Vec<&str> = model.attacks.iter().map(|attack| attack.id.as_str()).collect();
    let attack = || rest.map_or(Ok(0), |id| among("attack", id, &attacks));
    Ok(match (head, rest) {
        ("gain", Some(id)) => Quantity::Gain(among("actor", id, &actors)?),
        ("P", Some(id)) => Quantity::Package(among("actor", id, &actors)?),
        ("C", Some(id)) => Quantity::Continuation(among("actor", id, &actors)?),
        ("Z", Some(id)) => Quantity::Disagreement(among("actor", id, &actors)?),
        ("terms", Some(id)) => Quantity::Terms(among("actor", id, &actors)?),
        ("zone", None) => Quantity::Zone,
        ("attack_prob", None) => Quantity::AttackProb,
        ("attack_prob_60m", None) => Quantity::AttackProb60,
        ("G" | "G_hat", _) if attacks.is_empty() => return Err(("the model has no attacks".to_owned(), None)),
        ("G", _) => Quantity::Strength(attack()?),
        ("G_hat", _) => Quantity::Believed(attack()?),
        ("hazard", Some(id)) => hazard(id, model, &attacks)?,
        ("ratification", Some(id)) => {
            let ids: Vec<&str> = model.ratifiers.iter().map(|ratifier| ratifier.id.as_str()).collect();
            Quantity::Ratification(among("ratifier", id, &ids)?)
        }
        ("consent", Some(id)) => {
            let ids: Vec<&str> = model.deliverers.iter().map(|deliverer| deliverer.id.as_str()).collect();
            Quantity::Consent(among("deliverer", id, &ids)?)
        }
        _ => {
            let hint = "gain, P, C, Z, terms, hazard, ratification and consent take a name after a dot; `detente explain \
                        E0702` lists them all";
            return Err((format!("`{text}` is no quantity of a package"), Some(hint.to_owned())));
        }
    })
}

/// `renewed_invasion.1`: an attack and a node, counted from 1.
fn hazard(text: &str, model: &Model, attacks: &[&str]) -> Result<Quantity, Unknown> {
    let (id, node) = text.rsplit_once('.').unwrap_or((text, "1"));
    let attack = among("attack", id, attacks)?;
    let nodes = model.attacks[attack].nodes.len();
    let node = node.parse().ok().filter(|node| (1..=nodes).contains(node));
    let fault = || (format!("`{text}` names no node of `{id}`"), Some(format!("nodes are counted from 1 to {nodes}")));
    node.map(|node: usize| Quantity::Hazard(attack, node - 1)).ok_or_else(fault)
}

fn among(what: &str, id: &str, known: &[&str]) -> Result<usize, Unknown> {
    known.iter().position(|known| *known == id).ok_or_else(|| {
        let hint = format!("there are {}", suggest::listing(known));
        (format!("there is no {what} `{id}`"), (!known.is_empty()).then_some(hint))
    })
}

impl Quantity {
    /// Its value in an appraisal; none where the package does not have it.
    #[must_use]
    pub fn of(&self, model: &Model, appraisal: &Appraisal) -> Option<f64> {
        let holding = |actor: usize| appraisal.holdings.iter().find(|h| h.actor == actor && h.is_true);
        match *self {
            Self::Gain(actor) => holding(actor).map(|h| h.package - h.against),
            Self::Package(actor) => holding(actor).map(|h| h.package),
            Self::Continuation(actor) => holding(actor).map(|h| h.continuation),
            Self::Disagreement(actor) => holding(actor).map(|h| h.disagreement),
            Self::Terms(actor) => holding(actor).map(|h| h.terms),
            Self::Zone => {
                let signs =
                    |h: &&crate::engine::appraise::Holding| h.is_true && model.actors[h.actor].role == Role::Signatory;
                appraisal.holdings.iter().filter(signs).map(|h| h.package - h.against).reduce(f64::min)
            }
            Self::AttackProb => Some(appraisal.attack_prob),
            Self::AttackProb60 => Some(appraisal.attack_prob_60m),
            Self::Strength(attack) => Some(appraisal.threats[attack].g),
            Self::Believed(attack) => Some(appraisal.threats[attack].g_hat),
            Self::Hazard(attack, node) => appraisal.threats[attack].hazard.get(node).copied(),
            Self::Ratification(ratifier) => appraisal.ratification.get(ratifier).copied(),
            Self::Consent(voter) => appraisal.consent.iter().find(|(at, _)| *at == voter).map(|(_, chance)| *chance),
        }
        .filter(|value| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::fixture;

    #[test]
    fn a_column_is_taken_as_a_number_or_as_a_claim() {
        let model = fixture::model();
        let outcomes = Outcomes::new(&model, &[]);
        let cells = cells(&model, &outcomes, &fixture::record(0), 7);
        let take = |text: &str| column(text, &outcomes).unwrap().of(&cells);
        assert_eq!(take("seed"), Some(7.0));
        assert_eq!(take("seed<=6"), Some(0.0));
        assert_eq!(take("seed>=7"), Some(1.0));
        assert_eq!(take("status=ok"), Some(1.0));
        assert_eq!(take("present(seed)"), Some(1.0));
        assert!(column("sead", &outcomes).unwrap_err().1.unwrap().contains("`seed`"));
        assert!(column("status=fine", &outcomes).unwrap_err().1.unwrap().contains("failed"));
        assert!(column("seed<=six", &outcomes).is_err());
    }

    #[test]
    fn what_is_missing_is_no_number_and_no_claim() {
        assert_eq!(Test::Value.of(""), None);
        assert_eq!(Test::Present.of(""), Some(0.0));
        assert_eq!(Test::AtMost(6.0).of(""), Some(0.0));
        assert_eq!(Test::AtLeast(6.0).of(""), Some(0.0));
    }
}
