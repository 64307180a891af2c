//! Bad files with what is said about them: each is laid over the sample, so lines and columns are its own.

use super::{lines, read_over_sample};

/// An overlay and every problem it makes, in full.
const CASES: &[(&str, &[&str])] = &[
    (
        "[model]\nstep = \"fortnight\"\n",
        &[
            "bad.toml:2:8: E0109: model.step: `fortnight` is not known here (hint: allowed: `week`, `half_month`, `month`, `quarter`, `year`, `round`)",
        ],
    ),
    (
        "[model]\nname = \"two words\"\nhorizont_months = 3\n",
        &[
            "bad.toml:2:8: E0104: model.name: `two words` is not an id (hint: ids begin with a letter and hold letters a-z, digits, hyphens and underscores)",
            "bad.toml:3:1: E0101: model.horizont_months: unknown key `horizont_months` (hint: did you mean `horizon_months`?)",
        ],
    ),
    (
        "[model]\ntitle = \"This title goes on and on until nobody can fit it into any table or page\"\n",
        &[
            "bad.toml:2:9: E0110: model.title: the title has 72 characters, at most 64 are allowed (hint: put the rest into `about`)",
        ],
    ),
    (
        "[model]\nstart = \"2025-02-18\"\n",
        &[
            "bad.toml:2:9: E0103: model.start: expected a date, found the text `2025-02-18` (hint: write it without quotes, such as 2025-02-18)",
        ],
    ),
    (
        "[model]\nstart = 2025-02-18T10:00:00\n",
        &[
            "bad.toml:2:9: E0006: model.start: `2025-02-18T10:00:00` is not a date; times of day are not part of the language (hint: write year-month-day, such as 2025-02-18)",
        ],
    ),
    ("[modle]\nname = \"x\"\n", &["bad.toml:1:2: E0101: modle: unknown section `modle` (hint: did you mean `model`?)"]),
    (
        "[params.x]\nvalue = nan\n",
        &[
            "bad.toml:2:9: E0004: params.x.value: `nan` is not a finite number (hint: write a finite number; leave out what has no bound)",
        ],
    ),
    (
        "[params.x]\nvalue = 99999999999999999999\n",
        &[
            "bad.toml:2:9: E0005: params.x.value: the integer 99999999999999999999 does not fit in 64 bits (hint: write it as a float, such as 1e20)",
        ],
    ),
    (
        "[params.x]\nvalue = 9007199254740993\n",
        &["bad.toml:2:9: E0005: params.x.value: the integer 9007199254740993 is too large to be exact"],
    ),
    (
        "[params]\nx = 0.3\n",
        &["bad.toml:2:5: E0103: params.x: expected a table, found the number 0.3 (hint: write { value = .. })"],
    ),
    (
        "[params.x]\nvalue = { prt = [1, 2, 3] }\n",
        &[
            "bad.toml:2:9: E0103: params.x.value: expected a number, a distribution or an expression, found a table of `prt` (hint: did you mean `pert`?)",
        ],
    ),
    (
        "[params.x]\nvalue = { pert = [1, 2] }\n",
        &[
            "bad.toml:2:18: E0401: params.x.value.pert: 2 arguments, expected 3 (hint: write { pert = [low, mode, high] })",
        ],
    ),
    (
        "[params.x]\nvalue = { pert = [1, 2, 3], unit = \"flow\" }\n",
        &[
            "bad.toml:2:9: E0103: params.x.value: a distribution stands alone, found `pert`, `unit` (hint: write { value = { pert = [..] }, .. })",
        ],
    ),
    (
        "[params.x]\nvalue = { beta = [1, 2, 0] }\n",
        &[
            "bad.toml:2:18: E0401: params.x.value.beta: 3 arguments, expected 2 or 4 (hint: write { beta = [a, b] or [a, b, low, high] })",
        ],
    ),
    (
        "[params.x]\nvalue = { choice = [[1, 0.5], 2] }\n",
        &[
            "bad.toml:2:31: E0103: params.x.value.choice.1: expected a pair of value and weight, found the number 2 (hint: write { choice = [[value, weight], ..] })",
        ],
    ),
    (
        "[params.x]\nvalue = { pert = [1, true, 3] }\n",
        &[
            "bad.toml:2:22: E0103: params.x.value.pert.1: expected a number or an expression, found `true` (hint: write 0.3 or \"1 - p\")",
        ],
    ),
    (
        "[params.x]\nvalue = true\n",
        &[
            "bad.toml:2:9: E0103: params.x.value: expected a number, a distribution or an expression, found `true` (hint: write 0.3, { uniform = [0, 1] } or \"1 - p\")",
        ],
    ),
    ("[params.x]\nvalue = \"\"\n", &["bad.toml:2:9: E0108: params.x.value: the text is empty"]),
    ("[params.x]\nunit = \"flow\"\n", &["bad.toml:1:1: E0102: params.x: `value` is missing"]),
    (
        "[params.x]\nvalue = 1\nrange = [1, 0]\n",
        &["bad.toml:3:9: E0112: params.x.range: the range [1, 0] is empty (hint: write the lower bound first)"],
    ),
    (
        "[params.x]\nvalue = 1\nrange = [0, \"a\"]\n",
        &[
            "bad.toml:3:13: E0103: params.x.range.1: expected a number, found the text `a` (hint: bounds are literal numbers)",
        ],
    ),
    (
        "[params.x]\nvalue = 1\nrange = 3\n",
        &[
            "bad.toml:3:9: E0103: params.x.range: expected a range of two numbers, found the number 3 (hint: write [low, high])",
        ],
    ),
    (
        "[params.x]\nvalue = 1\ninventory = []\n",
        &[
            "bad.toml:3:13: E0108: params.x.inventory: the list is empty (hint: name at least one, or leave the key out)",
        ],
    ),
    (
        "[params.x]\nvalue = 1\ninventory = [\"M-01\", \"M-01\"]\n",
        &["bad.toml:3:22: E0107: params.x.inventory.1: `M-01` is listed twice"],
    ),
    (
        "[params.P_HARD]\nvalue = 1\n",
        &[
            "bad.toml:1:9: E0106: params.P_HARD: the ids `p_hard` and `P_HARD` differ only in case (hint: rename one of them)",
        ],
    ),
    (
        "[params.phard]\nvalue = 1\n",
        &[
            "bad.toml:1:9: E0106: params.phard: the ids `p_hard` and `phard` differ only in characters that look alike (hint: rename one of them)",
        ],
    ),
    (
        "[params.20y]\nvalue = 1\n",
        &[
            "bad.toml:1:9: E0104: params.20y: `20y` is not an id (hint: ids begin with a letter and hold letters a-z, digits and underscores)",
        ],
    ),
    (
        "[params.a_very_long_parameter]\nvalue = 1\n",
        &[
            "bad.toml:1:9: E0105: params.a_very_long_parameter: the id `a_very_long_parameter` has 21 characters, at most 20 are allowed",
        ],
    ),
    (
        "[actors.a_long_actor_id]\nname = \"X\"\nrole = \"signatory\"\npatience = 0.9\n",
        &[
            "bad.toml:1:9: E0105: actors.a_long_actor_id: the id `a_long_actor_id` has 15 characters, at most 12 are allowed",
        ],
    ),
    (
        "[actors.C]\nname = \"C\"\nrole = \"judge\"\npatience = 0.9\n",
        &[
            "bad.toml:3:8: E0109: actors.C.role: `judge` is not known here (hint: allowed: `signatory`, `mediator`, `third_party`)",
        ],
    ),
    (
        "[actors.C]\nname = \"C\"\nrole = \"mediator\"\npatence = 0.9\n",
        &["bad.toml:4:1: E0101: actors.C.patence: unknown key `patence` (hint: did you mean `patience`?)"],
    ),
    (
        "[actors.C]\nname = \"C\"\nrole = \"mediator\"\npatience = 0.9\nweights = { land = 1, hard = { land = 1 } }\n",
        &[
            "bad.toml:5:20: E0111: actors.C.weights.land: `land` is a number among tables of types (hint: write weights.<issue> for all types, or weights.<type>.<issue> for each)",
        ],
    ),
    (
        "[actors.A]\nvalues.land = []\n",
        &[
            "bad.toml:2:15: E0108: actors.A.values.land: the list is empty (hint: name at least one, or leave the key out)",
        ],
    ),
    (
        "[actors.A]\nred_lines.x = { when = 3 }\n",
        &[
            "bad.toml:2:24: E0103: actors.A.red_lines.x.when: expected a condition, found the number 3 (hint: write an expression in quotes, such as \"month >= 3\")",
        ],
    ),
    (
        "[actors.A]\noptimism = 0.3\nstalling = 3\n",
        &[
            "bad.toml:3:12: E0103: actors.A.stalling: expected a table, found the number 3 (hint: write { probability = .., benefit = .. })",
        ],
    ),
    ("[state.x]\nstart = 0.3\n", &["bad.toml:1:1: E0102: state.x: `range` is missing"]),
    (
        "[state.x]\nstart = 0.3\nrange = [0, 1]\nnoise = 0.1\n",
        &["bad.toml:4:9: E0103: state.x.noise: expected a table, found the number 0.1 (hint: write { sd = .. })"],
    ),
    (
        "[hazards.x]\nduring = [\"peace\"]\nending = \"b_wins\"\n",
        &[
            "bad.toml:1:1: E0102: hazards.x: one of `per_month`, `per_year` is needed",
            "bad.toml:2:11: E0109: hazards.x.during.0: `peace` is not known here (hint: allowed: `war`, `truce`, `settled`)",
        ],
    ),
    (
        "[hazards.collapse]\nper_year = 0.1\n",
        &[
            "bad.toml:2:1: E0111: hazards.collapse.per_year: `per_month` and `per_year` exclude each other (hint: keep one of them)",
        ],
    ),
    (
        "[issues.x]\noptions = [{ id = \"a\" }, { id = \"a\" }, { id = \"A\" }]\n",
        &[
            "bad.toml:2:33: E0107: issues.x.options.a: the id `a` is used twice (hint: rename one of them)",
            "bad.toml:2:47: E0106: issues.x.options.A: the ids `a` and `A` differ only in case (hint: rename one of them)",
        ],
    ),
    (
        "[issues.x]\noptions = [{ ident = \"a\" }, { id = \"b\", status = true }]\n",
        &[
            "bad.toml:2:12: E0102: issues.x.options.0: `id` is missing",
            "bad.toml:2:14: E0101: issues.x.options.0.ident: unknown key `ident` (hint: allowed: `id`, `status_quo`, `position`, `revocable`, `delivered_by`, `acts_in_war`, `bar`, `about`, `unit`, `source`, `inventory`)",
            "bad.toml:2:41: E0101: issues.x.options.b.status: unknown key `status` (hint: allowed: `id`, `status_quo`, `position`, `revocable`, `delivered_by`, `acts_in_war`, `bar`, `about`, `unit`, `source`, `inventory`)",
        ],
    ),
    (
        "[issues.x]\noptions = []\n",
        &["bad.toml:2:11: E0108: issues.x.options: the list is empty (hint: name at least one, or leave the key out)"],
    ),
    (
        "[issues.x]\noptions = \"many\"\n",
        &[
            "bad.toml:2:11: E0103: issues.x.options: expected a list of options or a grid, found the text `many` (hint: write [{ id = \"..\" }, ..] or { from = 0, to = 1, step = 0.01 })",
        ],
    ),
    (
        "[issues.x]\noptions = { from = 0, to = 1, steps = 10 }\n",
        &["bad.toml:2:31: E0101: issues.x.options.steps: unknown key `steps` (hint: did you mean `step`?)"],
    ),
    (
        "[issues.value]\noptions = [{ id = \"a\" }]\n",
        &[
            "bad.toml:1:9: E0104: issues.value: `value` is a key of numbers and cannot be an id here (hint: choose another id)",
        ],
    ),
    (
        "[issues.land]\noptions = [{ id = \"a\", status_quo = \"yes\" }]\n",
        &["bad.toml:2:37: E0103: issues.land.options.a.status_quo: expected `true` or `false`, found the text `yes`"],
    ),
    (
        "[packages.x]\nreference = 1\nterms = { land = true }\n",
        &[
            "bad.toml:2:13: E0103: packages.x.reference: expected `true` or `false`, found the number 1",
            "bad.toml:3:18: E0103: packages.x.terms.land: expected an option id or a number, found `true`",
        ],
    ),
    (
        "[endings.x]\nabout = \"nothing else\"\n",
        &["bad.toml:1:1: E0102: endings.x: one of `package`, `values` is needed"],
    ),
    (
        "[endings.wider_war]\npackage = { land = \"freeze\" }\n",
        &[
            "bad.toml:2:1: E0111: endings.wider_war.package: `values` and `package` exclude each other (hint: keep one of them)",
        ],
    ),
    (
        "[instruments.x]\nscope = \"some\"\nleads_to = \"paradise\"\n",
        &[
            "bad.toml:2:9: E0109: instruments.x.scope: `some` is not known here (hint: allowed: `all`)",
            "bad.toml:3:12: E0109: instruments.x.leads_to: `paradise` is not known here (hint: allowed: `truce`, `settled`)",
        ],
    ),
    (
        "[instruments.x]\nscope = []\nleads_to = \"truce\"\n",
        &[
            "bad.toml:2:9: E0108: instruments.x.scope: the list is empty (hint: name at least one, or leave the key out)",
        ],
    ),
    (
        "[bodies.X]\nname = \"X\"\nmembers = []\nquota = { a = \"majority\", b = { qualified = 0.5 } }\n",
        &[
            "bad.toml:3:11: E0108: bodies.X.members: the list is empty (hint: name at least one, or leave the key out)",
            "bad.toml:4:15: E0109: bodies.X.quota.a: `majority` is not known here (hint: allowed: `unanimity`)",
            "bad.toml:4:31: E0102: bodies.X.quota.b: `qualified_majority` is missing",
            "bad.toml:4:33: E0101: bodies.X.quota.b.qualified: unknown key `qualified` (hint: allowed: `qualified_majority`)",
        ],
    ),
    (
        "[levers.x]\nowner = \"A\"\neffects = {}\ncost = 0.1\n",
        &[
            "bad.toml:3:11: E0108: levers.x.effects: the table is empty (hint: name at least one, or leave the key out)",
            "bad.toml:4:8: E0103: levers.x.cost: expected a table, found the number 0.1 (hint: write { value = .., kind = \"flow\" })",
        ],
    ),
    (
        "[levers.x]\nownr = \"A\"\neffects = { strain = \"=\" }\ncost = { value = 1, kind = \"flows\" }\nphase = \"talks\"\n",
        &[
            "bad.toml:2:1: E0101: levers.x.ownr: unknown key `ownr` (hint: did you mean `owner`?)",
            "bad.toml:3:22: E0108: levers.x.effects.strain: the effect sets nothing (hint: write \"=0\" or another expression)",
            "bad.toml:4:28: E0109: levers.x.cost.kind: `flows` is not known here (hint: did you mean `flow`?)",
            "bad.toml:5:9: E0103: levers.x.phase: expected a list, found the text `talks` (hint: write [\"talks\"])",
        ],
    ),
    (
        "[levers.cut.effects]\nstrain = { add = 1, set = 2 }\n",
        &[
            "bad.toml:2:21: E0111: levers.cut.effects.strain.set: `add` and `set` exclude each other (hint: keep one of them)",
        ],
    ),
    (
        "[events.x]\nwhen = \"true\"\n",
        &["bad.toml:1:1: E0102: events.x: the event does nothing (hint: give it `effects` or `ends`)"],
    ),
    (
        "[events.x]\ndate = \"2025-06-18\"\neffects = { strain = { ad = 1 } }\n",
        &[
            "bad.toml:2:8: E0103: events.x.date: expected a date, found the text `2025-06-18` (hint: write it without quotes, such as 2025-02-18)",
            "bad.toml:3:24: E0101: events.x.effects.strain.ad: unknown key `ad` (hint: did you mean `add`?)",
        ],
    ),
    (
        "[attacks.again]\ncombine = \"pool\"\nnodes_years = []\n",
        &[
            "bad.toml:2:11: E0109: attacks.again.combine: `pool` is not known here (hint: allowed: `pooled`, `independent`, `weakest_link`, `best_shot`, `additive`)",
            "bad.toml:3:15: E0108: attacks.again.nodes_years: the list is empty (hint: name at least one, or leave the key out)",
        ],
    ),
    (
        "[guarantees.x]\nby = \"A\"\nbackstop = { by = \"B\" }\n",
        &[
            "bad.toml:1:1: E0102: guarantees.x: `will` is missing",
            "bad.toml:3:12: E0102: guarantees.x.backstop: `strength` is missing",
            "bad.toml:3:12: E0102: guarantees.x.backstop: `probability` is missing",
        ],
    ),
    (
        "[[outcomes]]\nid = \"a\"\nwhen = true\n[[outcomes]]\nid = \"a\"\n",
        &[
            "bad.toml:4:1: E0102: outcomes.a: `when` is missing",
            "bad.toml:5:6: E0107: outcomes.a: the id `a` is used twice (hint: rename one of them)",
        ],
    ),
    (
        "[protocol]\nkind = \"one_ofer\"\nrecognition = []\n",
        &[
            "bad.toml:2:8: E0109: protocol.kind: `one_ofer` is not known here (hint: did you mean `one_offer`?)",
            "bad.toml:3:15: E0103: protocol.recognition: expected a table, found an empty list",
        ],
    ),
    ("[contingencies.x]\nat = 3\n", &["bad.toml:1:2: E0101: contingencies: unknown section `contingencies`"]),
    ("[params.x\nvalue = 1\n", &["bad.toml:1:10: E0001: unclosed table, expected `]`"]),
    (
        "[params.x]\nvalue = 1\nvalue = 2\n[params.x]\n",
        &[
            "bad.toml:3:1: E0107: `value` is given twice (hint: a key or section is written once; keep one of them)",
            "bad.toml:4:9: E0107: `x` is given twice (hint: a key or section is written once; keep one of them)",
        ],
    ),
    (
        "[params.x]\nvalue = high\nrnge = [0, 1]\n\n[levers.y]\nowner = \"A\nowns = 3\n",
        &[
            "bad.toml:2:9: E0001: string values must be quoted, expected literal string",
            "bad.toml:3:1: E0101: params.x.rnge: unknown key `rnge` (hint: did you mean `range`?)",
            "bad.toml:6:11: E0001: invalid basic string, expected `\"`",
            "bad.toml:7:1: E0101: levers.y.owns: unknown key `owns`",
        ],
    ),
];

#[test]
fn every_bad_file_is_reported_with_place_and_hint() {
    for (text, expected) in CASES {
        let reading = read_over_sample(text, &[]);
        assert_eq!(lines(&reading), *expected, "{text}");
        assert!(reading.problems.has_errors(), "{text}");
    }
    assert!(CASES.len() >= 60, "only {} bad files", CASES.len());
}

#[test]
fn five_planted_mistakes_are_found_at_once() {
    let text = "[params.x]\nvalue = { prt = [1, 2, 3] }\n\n[levers.y]\nownr = \"A\"\neffects = { strain = 0.1 }\n\
                cost = { value = 0.1, kind = \"flows\" }\n\n[state.z]\nstart = 0.5\nrange = [1, 0]\nunits = \"index\"\n";
    let codes: Vec<&str> = read_over_sample(text, &[]).problems.list.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["E0103", "E0101", "E0109", "E0112", "E0101"]);
}

#[test]
fn a_syntax_error_does_not_hide_the_other_mistakes() {
    let reading = read_over_sample("[params.x]\nvalue = high\nrnge = [0, 1]\n", &[]);
    assert!(reading.spec.is_none());
    assert_eq!(reading.problems.list.iter().map(|p| p.code).collect::<Vec<_>>(), ["E0001", "E0101"]);
}

#[test]
fn what_a_later_stage_says_of_a_placeholder_is_dropped() {
    let mut reading = read_over_sample("[actors.A]\nrole = 3\n", &[]);
    let span = reading.problems.list[0].span;
    let spec = reading.spec.as_ref().expect("a spec with a placeholder");
    assert_eq!(Some(spec.actors[0].1.role.span), span);
    let mut later = crate::spec::problem::Problems::default();
    later.error("E0201", span, "actors.A.role", "noise", None);
    later.error("E0201", None, "actors", "news", None);
    reading.problems.absorb(later);
    assert_eq!(reading.problems.counts(), (2, 0));
}
