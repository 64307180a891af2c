//! Guarantees, attacks and ratifiers.

use crate::spec::field::Field;
use crate::spec::model::{Attack, Backstop, Deliverer, Guarantee, Ratifier, Snapback, TruceAttack};
use crate::spec::reader::Reader;

/// Words of an attack's `compare`.
pub const COMPARES: [&str; 2] = ["waiting", "flow"];
/// Words of an attack's `form`.
pub const FORMS: [&str; 2] = ["rate", "draw"];
/// Words of an attack's `tail`.
pub const TAILS: [&str; 2] = ["renewal", "safe"];
/// Words of an attack's `combine`.
pub const COMBINES: [&str; 5] = ["pooled", "independent", "weakest_link", "best_shot", "additive"];
/// Words of a ratifier's `role`.
pub const RATIFIER_ROLES: [&str; 2] = ["constraint", "threat_point"];

pub(super) fn guarantee(r: &mut Reader<'_>) -> Guarantee {
    Guarantee {
        by: r.text("by"),
        needs: r.opt_condition("needs"),
        capability: r.numbers("capability"),
        size: r.opt_number("size"),
        will: r.number("will"),
        tripwire: r.opt_number("tripwire"),
        tripwire_scale: r.opt_number("tripwire_scale"),
        stake: r.opt_number("stake"),
        backstop: r.opt_table("backstop", "{ by = \"..\", strength = .., probability = .. }", |r| Backstop {
            by: r.text("by"),
            strength: r.number("strength"),
            probability: r.number("probability"),
        }),
        slope: r.opt_number("slope"),
        threshold: r.opt_number("threshold"),
        fatigue: r.opt_number("fatigue"),
        escalation_risk: r.opt_number("escalation_risk"),
        escalation_fear: r.opt_number("escalation_fear"),
        notes: r.notes(),
    }
}

pub(super) fn attack(r: &mut Reader<'_>) -> Attack {
    let continues = r.flag("continues");
    Attack {
        by: r.text("by"),
        target: r.text("target"),
        per_year: r.number("per_year"),
        precision: r.opt_number("precision"),
        compare: r.opt_word("compare", &COMPARES),
        form: r.opt_word("form", &FORMS),
        nodes_years: r.field("nodes_years").map_or_else(Vec::new, |field| {
            let items = field.some_items();
            items.iter().map(Field::number).collect()
        }),
        tail: r.opt_word("tail", &TAILS),
        // An empty list is meant: nobody answers.
        answered_by: match r.field("answered_by") {
            Some(field) if field.value().as_array() != Some(&[]) => field.texts(),
            _ => Vec::new(),
        },
        combine: r.opt_word("combine", &COMBINES),
        domains: r.numbers("domains"),
        ces: r.opt_number("ces"),
        hill: r.opt_number("hill"),
        half_capability: r.opt_number("half_capability"),
        balance: if continues { r.opt_number("balance") } else { Some(r.number("balance")) },
        win_threshold: r.opt_number("win_threshold"),
        win_slope: r.opt_number("win_slope"),
        victory: if continues { r.opt_text("victory") } else { Some(r.text("victory")) },
        defeat: if continues { r.opt_text("defeat") } else { Some(r.text("defeat")) },
        escalation: r.opt_text("escalation"),
        war_months: r.opt_number("war_months"),
        war_cost: r.opt_number("war_cost"),
        repulse_loss: r.opt_number("repulse_loss"),
        denial_share: r.opt_number("denial_share"),
        denial: r.opt_number("denial"),
        punishment: r.opt_number("punishment"),
        threshold: r.opt_number("threshold"),
        provocation: r.opt_number("provocation"),
        audience_cost: r.opt_number("audience_cost"),
        continues,
        gain: r.opt_number("gain"),
        harm: r.numbers("harm"),
        detection: r.opt_number("detection"),
        snapback: r.opt_table("snapback", "{ vote = 0.5 }", snapback),
        truce: r.opt_table("truce", "{ per_year = 0.6 }", |r| TruceAttack {
            per_year: r.number("per_year"),
            surprise: r.opt_number("surprise"),
            audience_cost: r.opt_number("audience_cost"),
        }),
        notes: r.notes(),
    }
}

fn snapback(r: &mut Reader<'_>) -> Snapback {
    r.exactly_one(&["vote", "by"]);
    r.at_most_one(&["vote", "worth"]);
    let by = r.opt_text("by");
    let matter = r.opt_text("matter");
    Snapback {
        vote: r.opt_number("vote"),
        by: by.map(|by| Deliverer { by, matter }),
        worth: r.numbers("worth"),
        span: r.span(),
    }
}

pub(super) fn ratifier(r: &mut Reader<'_>) -> Ratifier {
    Ratifier {
        of: r.text("of"),
        support: r.number("support"),
        threshold: r.number("threshold"),
        slope: r.number("slope"),
        role: r.opt_word("role", &RATIFIER_ROLES),
        confirms: r.texts("confirms"),
        rho_month: r.opt_number("rho_month"),
        notes: r.notes(),
    }
}
