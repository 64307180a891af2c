//! Several attacks, what they lose and what answers them (`core.md` 5 and 6), each switched on and off.

use crate::library::model_of;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::engine::record::Settlement;

/// A line that B would like to keep open and A to trade on, a force with a backer, and an attack on what is signed.
const LINE: &str = r#"
[model]
name = "line"
title = "A line and who holds it"
step = "month"
horizon_months = 1
aftermath_months = 0
foresight_months = 12

[issues.trade]
options = [{ id = "shut", status_quo = true }, { id = "open", revocable = true }]

[issues.force]
options = [{ id = "none", status_quo = true }, { id = "arms" }, { id = "k10" }, { id = "k30" }, { id = "k100" }, { id = "enabled" }, { id = "backed" }]

[issues.watch]
options = [{ id = "blind", status_quo = true }, { id = "watched" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[endings.a_wins]
values = { A = 0.9, B = -0.4, default = 0 }

[endings.b_wins]
values = { A = -0.2, B = 1.2, default = 0.3 }

[endings.wider]
values = { default = -1 }

[foresight]
endings = { a_wins = 0.5 }

[params.will]
value = 0.4
unit = "index"
range = [-20, 20]

[actors.A]
name = "A"
role = "signatory"
patience = 0.975
weights = { trade = 1 }
values.trade = [0.3, 0.6]
war_cost = 0.2

[actors.B]
name = "B"
role = "signatory"
patience = 0.975
weights = { trade = 1 }
values.trade = [0.8, 0.75]
war_cost = 0.2

[actors.C]
name = "C"
role = "mediator"
patience = 0.975
weights = { trade = 1 }
values.trade = [0.5, 0.5]

[guarantees.coalition]
by = "C"
needs = "force >= arms"
capability.ground = "piecewise(force, [0, 0.1, 0.3, 0.55, 1, 1, 1])"
capability.air = "piecewise(force, [0, 0.1, 0.2, 0.3, 0.4, 0.8, 0.8])"
size = "piecewise(force, [0, 0, 1, 3, 10, 10, 10])"
will = "will"
tripwire = 0.08
backstop = { by = "C", strength = "if(force == backed, 0.15, 0)", probability = 0.7 }

[guarantees.neighbour]
by = "C"
needs = "force >= arms"
capability.ground = "piecewise(force, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5])"
capability.air = "piecewise(force, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5])"
will = "will"
fatigue = 0.1

[attacks.invasion]
by = "A"
target = "B"
per_year = 0.6
domains = { ground = 0.6, air = 0.4 }
answered_by = ["coalition", "neighbour"]
balance = "0.2 + 0.05*years_ahead"
victory = "a_wins"
defeat = "b_wins"
escalation = "wider"

[protocol]
kind = "one_offer"
recognition = { C = 1, A = 0, B = 0 }

[rules.one_package]
forbid = "trade != open or force != k30 or watch != watched"

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"
"#;

const PRESSURE: &str = r#"
[attacks.harassment]
by = "A"
target = "B"
continues = true
per_year = 3
answered_by = ["coalition", "neighbour"]
domains = { ground = 0.6, air = 0.4 }
gain = 0.2
harm = { B = 0.3, default = 0.05 }
punishment = 0.2
"#;

const OFFENSIVE: &str = r#"
[attacks.liberation]
by = "B"
target = "A"
per_year = 0.4
answered_by = []
balance = -0.1
victory = "b_wins"
defeat = "a_wins"
"#;

fn model(texts: &[&str], sets: &[&str]) -> detente::model::Model {
    let texts: Vec<&str> = std::iter::once(LINE).chain(texts.iter().copied()).collect();
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    model_of(&texts, &sets)
}

/// The settlement of the first replication; both gain by any peace, because disagreement is bad for both.
fn signed(texts: &[&str], sets: &[&str]) -> Settlement {
    let model = model(texts, sets);
    let mut workspace = Workspace::new(&model);
    let record = play(&model, Coordinates { seed: 3, replication: 0 }, &mut workspace, &mut Nobody);
    record.settlement.clone().expect("both gain by a settlement")
}
