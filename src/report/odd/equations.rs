//! Submodels with their equations, of those that the model uses.

use super::details::{effects, term_words};
use super::table::{code, table};
use super::{Subject, about, joined};
use crate::report::describe::written;
use crate::report::page::Page;
use crate::spec::model::{ByType, Number};

pub(super) fn all(s: &Subject<'_>, page: &mut Page) {
    let mut number = 0;
    let mut section = |title: &str, body: &dyn Fn(&mut Page)| {
        number += 1;
        page.line(format_args!("### 7.{number} {title}\n"));
        body(page);
    };
    let spec = &s.model.spec;
    section("Value of terms", &|page| value(s, page));
    if !spec.hazards.is_empty() || !spec.endings.is_empty() {
        section("Hazards and endings", &|page| hazards(s, page));
    }
    section("Value of a settlement", &|page| settlement(s, page));
    if !spec.attacks.is_empty() {
        section("Breaking an agreement", &|page| attacks(s, page));
    }
    if !spec.guarantees.is_empty() {
        section("Guarantees", &|page| guarantees(s, page));
    }
    section("Value of disagreement and continuation", &|page| disagreement(s, page));
    section("Offers and answers", &|page| offers(s, page));
    if !s.model.deliverers.is_empty() || !spec.ratifiers.is_empty() || !spec.coalitions.is_empty() {
        section("Consent and ratification", &|page| consent(s, page));
    }
    if !spec.levers.is_empty() {
        section("Levers", &|page| levers(s, page));
    }
    if !spec.events.is_empty() || !spec.transitions.is_empty() {
        section("Events and transitions of office", &|page| events(s, page));
    }
    if s.model.actors.iter().any(|actor| matches!(&actor.types, crate::model::Types::Named(types) if types.len() > 1)) {
        section("Beliefs", &|page| {
            page.line(format_args!(
                "After a public act *a* the belief in type t becomes proportional to b(t) [ (1 - m) Pr(a | t) + m / |A| ], with m the \
                 mixing share and |A| the number of acts that were possible, so that no single act convinces.\n"
            ));
        });
    }
}

fn value(s: &Subject<'_>, page: &mut Page) {
    page.line(format_args!(
        "An actor i of type t values terms a in state s by\n\n    u_i(a, s, t) = sum over issues j of w_ij v_ij(a_j)  +  further terms  -  red lines,\n\n\
         with weights w and values v of the options. A red line is a finite penalty, not a prohibition.{}\n",
        if s.model.guarantees.is_empty() {
            ""
        } else {
            " Guarantees have no weight of their own for whom they protect: they act through the chance that the agreement is broken."
        }
    ));
    super::terms::weights(s, page);
    super::terms::values(s, page);
    let mut rows = Vec::new();
    for (id, actor) in &s.model.spec.actors {
        for (name, term) in &actor.terms {
            rows.push(vec![
                code(&id.text),
                "term".to_owned(),
                name.text.clone(),
                code(&written(&term.value)),
                about(&term.notes).to_owned(),
            ]);
        }
        for (name, line) in &actor.red_lines {
            let penalty = line.penalty.as_ref().map_or("distance to its victory".to_owned(), |p| code(&written(p)));
            let what = format!("{} where {}", penalty, code(&written(&line.when)));
            rows.push(vec![
                code(&id.text),
                "red line".to_owned(),
                name.text.clone(),
                what,
                about(&line.notes).to_owned(),
            ]);
        }
    }
    table(page, &["actor", "kind", "name", "value", "remark"], &rows);
    rules(s, page);
}

fn rules(s: &Subject<'_>, page: &mut Page) {
    if s.model.spec.rules.is_empty() {
        return;
    }
    page.line(format_args!("No package may be signed for which one of these holds:\n"));
    let rows: Vec<Vec<String>> = s
        .model
        .spec
        .rules
        .iter()
        .map(|(id, rule)| vec![code(&id.text), code(&written(&rule.forbid)), about(&rule.notes).to_owned()])
        .collect();
    table(page, &["rule", "forbidden where", "remark"], &rows);
}

fn hazards(s: &Subject<'_>, page: &mut Page) {
    page.line(format_args!(
        "Hazards compete: with rates r_j and a step of length dt, hazard j strikes with probability (r_j / sum r)(1 - exp(-dt sum r)). \
         Each names an ending, which has a value for every actor, or the regime it throws back to.\n"
    ));
    let rate = |hazard: &crate::spec::model::Hazard| match (&hazard.per_month, &hazard.per_year) {
        (Some(rate), _) => format!("{} a month", code(&written(rate))),
        (_, Some(rate)) => format!("{} a year", code(&written(rate))),
        _ => String::new(),
    };
    let rows: Vec<Vec<String>> = s
        .model
        .spec
        .hazards
        .iter()
        .map(|(id, hazard)| {
            let during = joined(hazard.during.iter().map(|regime| regime.text.as_str()));
            let then = hazard.ending.as_ref().or(hazard.leads_to.as_ref()).map_or("", |name| name.text.as_str());
            vec![code(&id.text), about(&hazard.notes).to_owned(), during, rate(hazard), then.to_owned()]
        })
        .collect();
    table(page, &["hazard", "meaning", "runs in", "rate", "leads to"], &rows);
    let rows: Vec<Vec<String>> = s
        .model
        .spec
        .endings
        .iter()
        .map(|(id, ending)| {
            let package = ending.package.as_ref().map(|terms| {
                let terms: Vec<String> =
                    terms.iter().map(|(issue, term)| format!("{} = {}", issue.text, term_words(term))).collect();
                format!("as the package {}", terms.join(", "))
            });
            let own = ending.values.iter().chain(&ending.overrides);
            let own: Vec<String> = own.map(|(actor, value)| format!("{} {}", actor.text, by_type(value))).collect();
            let values = [package.into_iter().collect(), own].concat().join("; ");
            vec![code(&id.text), about(&ending.notes).to_owned(), values]
        })
        .collect();
    table(page, &["ending", "meaning", "value"], &rows);
}

fn by_type(value: &ByType) -> String {
    match value {
        ByType::All(number) => written(number),
        ByType::Each(each) => {
            let each: Vec<String> =
                each.iter().map(|(id, number)| format!("{} {}", id.text, written(number))).collect();
            format!("({})", each.join(", "))
        }
    }
}

fn settlement(s: &Subject<'_>, page: &mut Page) {
    if s.model.attacks.is_empty() && s.model.hazards.iter().all(|hazard| !hazard.when_settled) {
        page.line(format_args!("Nothing breaks a settlement in this model: P_i(a) = u_i(a).\n"));
        return;
    }
    page.line(format_args!(
        "A settlement is worth what will become of it. At nodes some years ahead, with B = d_i to the power of the steps to the \
         next node and h_j the chance of each way in which the agreement may end there, worth e_j,\n\n    \
         V_y = (1 - B) u_i(a) + B [ (1 - sum_j h_j) V_(y+1) + sum_j h_j e_(j,i) ],        P_i = V_1,\n\n\
         computed backwards. After the last node its own hazard goes on for ever, (1 - B) u + B h e over 1 - B (1 - h), unless the \
         model says that the agreement is safe from there.\n"
    ));
}

fn attacks(s: &Subject<'_>, page: &mut Page) {
    page.line(format_args!(
        "With o occasions a year, an attacker k takes one with probability L(lambda (e_k - W)), where L is the logistic function \
         and W the value of not attacking now, which includes attacking later: a rising power waits, a falling one does not. An \
         attack that is answered, with believed strength G, is worth\n\n    \
         e_k = (1-q) [ w (u - war cost) + (1-w)( p_V u(victory) + p_D u(defeat) + (1 - p_V - p_D) stalemate ) ] + q u(escalation)\n          \
         - (1 - phi) Loss T(G) - snapback - audience cost,\n\n\
         with p_V = L((bal - tau)/s) and p_D = 1 - L((bal + tau)/s) from the log balance of forces, which answers lower by phi times \
         their pooled capability (denial); T(G) = max(0, G - G_0) is punishment above the threshold below which it deters nobody; q \
         is the risk that an answer runs out of control. What guarantees cost the attacker by their mere existence is sunk and left \
         out. Pressure short of war compares flows while it lasts and leaves the agreement standing.\n"
    ));
    let maybe = |number: &Option<Number>| number.as_ref().map(|number| code(&written(number))).unwrap_or_default();
    let rows: Vec<Vec<String>> = s
        .model
        .spec
        .attacks
        .iter()
        .map(|(id, attack)| {
            let answered = joined(attack.answered_by.iter().map(|name| name.text.as_str()));
            let combine = attack.combine.as_ref().map_or("pooled", |combine| combine.text.as_str());
            let who = format!("{} on {}", attack.by.text, attack.target.text);
            vec![
                code(&id.text),
                about(&attack.notes).to_owned(),
                who,
                code(&written(&attack.per_year)),
                if attack.continues { format!("gain {}", maybe(&attack.gain)) } else { maybe(&attack.balance) },
                answered,
                combine.to_owned(),
            ]
        })
        .collect();
    let columns = ["attack", "meaning", "who", "occasions a year", "log balance or gain", "answered by", "combined"];
    table(page, &columns, &rows);
}

fn guarantees(s: &Subject<'_>, page: &mut Page) {
    page.line(format_args!(
        "A guarantor answers with probability\n\n    \
         kappa = L( slope ( will + tripwire ln(1 + size) + stake + backing - fear of escalation x risk - threshold ) ),\n\n\
         with and without its backer standing. By default the capabilities of those who answer are pooled over domains, \
         C = [ sum_m a_m x_m^r ]^(1/r), where x_m sums kappa times capability, and deter by G = C^b / (C^b + C*^b): below r = 1 or \
         above b = 1 domains and guarantors reinforce each other. Attackers and victims use what they believe of each guarantor; one \
         that is called on decides by its own type.\n"
    ));
    let rows: Vec<Vec<String>> = s
        .model
        .spec
        .guarantees
        .iter()
        .map(|(id, guarantee)| {
            let capability: Vec<String> = guarantee
                .capability
                .iter()
                .map(|(domain, c)| format!("{}: {}", domain.text, code(&written(c))))
                .collect();
            let needs = guarantee.needs.as_ref().map_or("always".to_owned(), |needs| code(&written(needs)));
            let backing = guarantee
                .backstop
                .as_ref()
                .map_or(String::new(), |b| format!("{}: {}", b.by.text, code(&written(&b.strength))));
            vec![
                code(&id.text),
                about(&guarantee.notes).to_owned(),
                guarantee.by.text.clone(),
                needs,
                code(&written(&guarantee.will)),
                capability.join("; "),
                backing,
            ]
        })
        .collect();
    table(page, &["guarantee", "meaning", "by", "given where", "will", "capability", "backing"], &rows);
}

fn disagreement(s: &Subject<'_>, page: &mut Page) {
    let evaluator = s.model.spec.model.evaluator.as_ref().map_or("projection", |name| name.text.as_str());
    match evaluator {
        "projection" => page.line(format_args!(
            "Going on without agreement is valued along the mean path of the state under present policies, over the contingencies \
             that the model declares:\n\n    \
             Z_i = (1-d) sum_t d^t [ S_t f_i(s_t) + sum_k F_kt u_i(ending k) ] + d^H [ S_H T_i + sum_k F_kH u_i(ending k) ] + optimism,\n\n\
             with S_t the chance that nothing has ended the war by t, F_kt that ending k has, f_i the flow in war (terms in force less \
             cost of war, or what an actor that does not fight has without a deal) and T_i the value at the end of foresight, a \
             lottery over endings and a frozen line."
        )),
        other => page.line(format_args!(
            "Going on without agreement is valued by the evaluator `{other}`, which serves cases whose solution is known in closed \
             form or by backward induction over the remaining turns."
        )),
    }
    page.line(format_args!(
        "\nAll expect the deal x that maximises the product of gains over Z, weighted by who is likely to propose, among those that \
         every party gains by and that have a fair chance of consent and ratification. With D the chance that it is reached in a \
         step and S_i what it gains i over Z_i,\n\n    C_i = Z_i + d_i K_i max(0, S_i),        K_i = D / (1 - d_i (1 - D)).\n"
    ));
}

fn offers(s: &Subject<'_>, page: &mut Page) {
    let protocol = s.model.spec.protocol.kind.as_ref().map_or("random_proposer", |kind| kind.text.as_str());
    page.line(format_args!(
        "The protocol is `{protocol}`. A proposer weighs every package that is open to it by EU(x) = pi P(x) + (1 - pi) C, where pi is \
         the forecast that all others agree, and offers x with weight exp(lambda (gain / best gain - 1)) among those with gain \
         EU - C > 0; with none it stalls. A party j says yes if P_j - max(C_j, W_j) is at least its misjudgement, sigma_j eps_j, \
         where eps_j is a mood that persists from month to month (so that asking again does not make a bad deal good) and W_j an \
         outside option where one is declared.\n"
    ));
}

fn consent(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    page.line(format_args!(
        "An actor g that must deliver a part of a deal compares the deal with what comes of its refusal, which is going on without a \
         deal as far as its part is decisive and the same deal without its part otherwise, and consents with probability \
         L(lambda_c margin). A body decides by the margin of its pivotal member. A ratifier passes a package with probability \
         L((support - threshold)/slope), by a mood that persists.\n"
    ));
    let rows: Vec<Vec<String>> = spec
        .ratifiers
        .iter()
        .map(|(id, ratifier)| {
            let numbers =
                [&ratifier.support, &ratifier.threshold, &ratifier.slope].map(|number| code(&written(number)));
            let [support, threshold, slope] = numbers;
            vec![code(&id.text), about(&ratifier.notes).to_owned(), ratifier.of.text.clone(), support, threshold, slope]
        })
        .collect();
    table(page, &["ratifier", "meaning", "of", "support", "threshold", "slope"], &rows);
    for (id, coalition) in &spec.coalitions {
        let members = joined(coalition.contributions.iter().map(|(member, _)| member.text.as_str()));
        page.line(format_args!(
            "The coalition `{}` supplies `{}`: {members} choose in turn among declared sizes by what a contribution is worth to them \
             given the others' last pledges, less its cost and the loss to be expected if the force is attacked; a size is on offer \
             when the sum reaches it.\n",
            id.text, coalition.issue.text
        ));
    }
}

fn levers(s: &Subject<'_>, page: &mut Page) {
    page.line(format_args!(
        "At reviews an owner projects the state with and without each lever that is open to it (its condition holds, its cooldown is \
         over, consent is given) and chooses with weight exp(lambda (g_l - g_max) / max(g_max, .01)) among levers with gain g_l > 0 \
         and doing nothing. Effects are added to the state unless they are set.\n"
    ));
    let rows: Vec<Vec<String>> = s
        .model
        .spec
        .levers
        .iter()
        .map(|(id, lever)| {
            let owners = joined(lever.owners.iter().map(|name| name.text.as_str()));
            let target = lever.target.as_ref().map_or("", |name| name.text.as_str());
            let months = lever.cost.months.as_ref().map_or(String::new(), |m| format!(" for {} months", written(m)));
            let cost = format!("{} ({}{months})", written(&lever.cost.value), lever.cost.kind.text);
            let when = lever.when.as_ref().map_or(String::new(), |when| code(&written(when)));
            let who = if target.is_empty() { owners } else { format!("{owners} on {target}") };
            vec![code(&id.text), about(&lever.notes).to_owned(), who, effects(&lever.effects), cost, when]
        })
        .collect();
    table(page, &["lever", "meaning", "who", "effects", "cost", "open where"], &rows);
}

fn events(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    let event = |(id, event): &(crate::spec::model::Name, crate::spec::model::Event)| {
        let when = event.date.as_ref().map(|date| date.text.clone());
        let when = when.or_else(|| event.when.as_ref().map(|when| code(&written(when)))).unwrap_or_default();
        let ends = event.ends.as_ref().map_or(String::new(), |ends| format!("ends {}", ends.text));
        let what =
            [effects(&event.effects), ends].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
        vec![code(&id.text), about(&event.notes).to_owned(), when, what]
    };
    let rows: Vec<Vec<String>> = spec.events.iter().map(event).collect();
    table(page, &["event", "meaning", "when", "what it does"], &rows);
    let rows: Vec<Vec<String>> = spec
        .transitions
        .iter()
        .map(|(id, transition)| {
            let to = joined(transition.to.iter().map(|(name, _)| name.text.as_str()));
            vec![
                code(&id.text),
                about(&transition.notes).to_owned(),
                transition.of.text.clone(),
                code(&written(&transition.when)),
                to,
            ]
        })
        .collect();
    table(page, &["transition", "meaning", "of", "when", "to"], &rows);
}
