//! The flat table of problem codes: what `detente explain` prints.

/// A code with its explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// `E0101`
    pub code: &'static str,
    /// One line, lower case.
    pub title: &'static str,
    /// Two to six lines.
    pub text: &'static str,
}

/// Looks a code up, whatever its case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|entry| entry.code.eq_ignore_ascii_case(code.trim()))
}

/// All codes, sorted.
pub const CODES: &[Code] = &[
    Code {
        code: "E0001",
        title: "the text is not TOML",
        text: "The file could not be read at this place. Usual slips: a quote or bracket that is not closed,\n\
               a key without a value, a text without quotes. Everything that could still be read is checked too,\n\
               but keys that seem missing are not reported until the file is TOML.",
    },
    Code {
        code: "E0002",
        title: "the file is too large",
        text: "A model file has at most 8 MiB. Models are written by hand and have a few hundred kilobytes at most;\n\
               large tables of data belong into a file that an analysis reads.",
    },
    Code {
        code: "E0003",
        title: "tables or lists are nested too deeply",
        text: "At most 64 tables and lists may lie inside each other. No section of a model needs more than eight.",
    },
    Code {
        code: "E0004",
        title: "the number is not finite",
        text: "`nan` and `inf` are TOML but not part of the language, and neither is a number too large for 64 bits:\n\
               a value that is not finite would spread through every result.\n\
               Write a finite number; leave a key out when there is no bound.",
    },
    Code {
        code: "E0005",
        title: "the integer is too large",
        text: "Integers fit in 64 bits, and numbers of a model are exact up to 2^53.\n\
               Write larger ones as floats, such as 1e20.",
    },
    Code {
        code: "E0006",
        title: "times of day are not part of the language",
        text: "Steps are weeks or longer, so only calendar dates are read: year-month-day without quotes,\n\
               from the year 1 to 9999, such as 2025-02-18.",
    },
    Code {
        code: "E0007",
        title: "the setting cannot be read",
        text: "A setting on the command line is PATH=VALUE: a dotted path to something in the model, an equals sign,\n\
               and a TOML value. A value that is not TOML is taken as a text, so `actors.US.role=mediator`\n\
               and `params.x.value=2*y` need no quotes.",
    },
    Code {
        code: "E0101",
        title: "unknown key",
        text: "No key is ever accepted and ignored. The key is misspelt, stands in the wrong section,\n\
               or names something that the model does not have. The hint names the nearest key that is known here.",
    },
    Code {
        code: "E0102",
        title: "something is missing",
        text: "The element needs this key, or one of several keys. Defaults exist only where the description of the\n\
               section says so; what matters to the results has to be written down.",
    },
    Code {
        code: "E0103",
        title: "the value has the wrong type",
        text: "A text stands where a number is needed, a number where a list is needed, and so on.\n\
               The message says what was found and what is allowed. A number may be a literal, an expression in quotes,\n\
               a distribution such as { pert = [1, 2, 4] }, or any of them as { value = .., range = .., source = .. }.",
    },
    Code {
        code: "E0104",
        title: "the id is misspelt",
        text: "Ids begin with a letter and hold letters a-z, digits and underscores, so that they can stand in\n\
               expressions, paths and column names. Ids of issues, types and actors must not be keys of the number syntax\n\
               (value, range, pert, ..), since they stand where a number could stand.",
    },
    Code {
        code: "E0105",
        title: "the id is too long",
        text: "Ids have at most 20 characters, actors and bodies 12, names of models 40: columns of the result files\n\
               are composed of them. Put the long name into `name`, `title` or `about`.",
    },
    Code {
        code: "E0106",
        title: "two ids look alike",
        text: "Two ids differ only in case, in underscores, or in characters that a reader cannot tell apart\n\
               (capital i, small l and 1; capital o and 0). One of them will be mistaken for the other: rename one.",
    },
    Code {
        code: "E0107",
        title: "something is named twice",
        text: "An id is given to two elements of the same section, or a list names the same thing twice.",
    },
    Code {
        code: "E0108",
        title: "something is empty",
        text: "A list, table or text is empty where at least one entry is needed. Leave the key out if its default is meant.",
    },
    Code {
        code: "E0109",
        title: "the word is not one of those allowed",
        text: "Some keys take one word of a closed list, such as `kind = \"flow\"`. The hint lists them.",
    },
    Code {
        code: "E0110",
        title: "the title is too long",
        text: "Titles and full names have at most 64 characters, so that tables and pages stay readable.\n\
               Put the rest into `about`.",
    },
    Code {
        code: "E0111",
        title: "two keys exclude each other",
        text: "The keys say the same thing in different ways, or contradict each other; keep one of them.\n\
               Where an overlay adds the second key, the first stands in the base file.",
    },
    Code {
        code: "E0112",
        title: "the range is empty",
        text: "A range is [low, high] with low below high, both included.",
    },
    Code {
        code: "E0113",
        title: "the path goes through a plain value",
        text: "A setting names a key inside something that is a number or a text. Set the value as a whole,\n\
               for instance as { add = -0.1, duration_months = 3 }.",
    },
    Code {
        code: "E0201",
        title: "the name refers to nothing",
        text: "An actor, issue, option, state, ending, guarantee or another element is named that the model does not have.\n\
               The hint names the nearest one of the right sort.",
    },
    Code {
        code: "E0202",
        title: "the name refers to the wrong sort of thing",
        text: "The name exists, but something else is needed here: a body where an actor must stand,\n\
               an option of another issue, a parameter where a state can be changed.",
    },
    Code {
        code: "E0203",
        title: "the reference is circular",
        text: "Elements refer to each other in a circle; the message prints it. Derived values are computed in order,\n\
               so one of them must not depend on the others.",
    },
    Code {
        code: "E0204",
        title: "a name means two things",
        text: "Parameters, states, derived values, issues and actors share one space of names in expressions,\n\
               with the reserved names (month, regime, G, ..). Rename one of them.",
    },
    Code {
        code: "E0301",
        title: "the expression cannot be read",
        text: "The text is not an expression: an operator without an operand, a bracket that is not closed,\n\
               a comparison chained to another. Expressions know + - * / ^, comparisons, and or not, in, not in,\n\
               if(c, a, b), min max clamp abs sqrt exp ln logistic, piecewise(issue, [..]) and count(..).",
    },
    Code {
        code: "E0302",
        title: "the expression names something unknown",
        text: "The name is no parameter, state, derived value, issue, option, type or reserved name.\n\
               Options are known only beside their issue, as in `nato == moratorium`.",
    },
    Code {
        code: "E0303",
        title: "the kinds do not match",
        text: "Every quantity has a kind: flow, once, present_value, share, probability, per_month, per_year, months,\n\
               years or index. Adding and comparing need equal kinds; literals fit everywhere; a product with an index\n\
               keeps the other kind. A cost written in points and read as a flow once made every actor do nothing.",
    },
    Code {
        code: "E0304",
        title: "the name is not known at this stage",
        text: "Some names exist only later: parameters are drawn before states move, a package is known only when it is\n\
               valued, the outcome only at the end. The message says from where the name can be read.",
    },
    Code {
        code: "E0305",
        title: "the expression can leave its domain",
        text: "`ln` and `sqrt` need an argument that cannot be negative (or zero), and a divisor must not reach zero,\n\
               for all values in the declared ranges. Guard it: max(x, 0.01), or narrow the range of what goes in.",
    },
    Code {
        code: "E0306",
        title: "the value is outside its bounds",
        text: "The constant, or some value the expression can take, lies outside the bounds of its kind:\n\
               a probability within 0 to 1, a rate or duration not negative. Use clamp(x, 0, 1) where that is meant.",
    },
    Code {
        code: "E0307",
        title: "the expressions depend on each other",
        text: "A derived value or parameter depends on itself through others; the message prints the circle.\n\
               Break it with a state, which remembers its value of the step before.",
    },
    Code {
        code: "E0308",
        title: "the expression has the wrong type",
        text: "A condition stands where a number is needed, or the other way round, or an option is compared with a number.",
    },
    Code {
        code: "E0401",
        title: "the distribution is wrong",
        text: "The arguments are too few, too many, or in the wrong order: low <= mode <= high, standard deviations,\n\
               shapes and scales above zero, bounds that leave something to draw from.",
    },
    Code {
        code: "E0402",
        title: "shares do not sum to 1",
        text: "Priors of types, chances to propose, weights of domains and of choices sum to 1 within 1e-9.\n\
               They are never renormalised silently, since a slip would then change the meaning of all the others.",
    },
    Code {
        code: "E0403",
        title: "the value is outside its declared range",
        text: "A parameter or number with `range = [low, high]` was given a value outside. The range binds every value\n\
               ever set, also on the command line; the ends of a distribution bind nobody.",
    },
    Code {
        code: "E0501",
        title: "the model lacks something it needs",
        text: "A model needs at least two actors, an issue and an instrument, and whatever its protocol asks for.",
    },
    Code {
        code: "E0502",
        title: "the options of an issue are inconsistent",
        text: "An issue has at least two options, at most one of them in force at the start, and values of an actor\n\
               name every option, in the order of the options when they are a list.",
    },
    Code {
        code: "E0503",
        title: "the space of packages is too large",
        text: "The rules allow more packages than `candidates` of [search], and nobody has selected a pool of them.\n\
               The program does so by itself; a caller of the library selects one, adds rules, or raises the limit.",
    },
    Code {
        code: "E0504",
        title: "the weights are inconsistent",
        text: "Weights are not negative and not all zero, and every type of the actor has them.",
    },
    Code {
        code: "E0505",
        title: "an ending has no value for somebody",
        text: "Every ending is worth something to every actor: from its package, listed in `values`, or by `default`.",
    },
    Code {
        code: "E0506",
        title: "the times are inconsistent",
        text: "Deadlines, horizons and durations are above zero where something has to happen in them,\n\
               and dates lie within the years that are played.",
    },
    Code {
        code: "E0507",
        title: "the option cannot be used together",
        text: "A combination of settings that the engine does not play; the message names both.",
    },
    Code {
        code: "E0601",
        title: "a factor has no such values",
        text: "A factor takes `values = [..]`, or `from`, `to` and `step` (both ends included, so the step is a whole part of\n\
               the distance), or `low` and `high`, or nothing (the distribution that the model declares), or named `levels`.",
    },
    Code {
        code: "E0602",
        title: "a factor is varied twice",
        text: "Each path or name is varied by one factor. Give all of its values in one list.",
    },
    Code {
        code: "E0603",
        title: "the design has no use for a key",
        text: "`points` belongs to lhs, sobol, saltelli and morris, `levels` to morris, `second_order` to saltelli, `table` to\n\
               table, `over` to the designs that sample.",
    },
    Code {
        code: "E0604",
        title: "a factor does not fit the model or the design",
        text: "Each value of a factor is set in the model before anything is played, as `--set` would do it. A grid, a zip and a\n\
               screening over words need lists; `lhs`, `sobol`, `saltelli` and `morris` take ranges and distributions too.",
    },
    Code {
        code: "E0701",
        title: "a contrast is not well formed",
        text: "A contrast compares two sides in one quantity and says which sign the difference should have: `low` and `high`,\n\
               numbers that a `path` takes or tables with settings, `of`, and `direction`. On fixed packages both sides need one;\n\
               on the game neither has one. A grid `along` which the sign is looked at rises.",
    },
    Code {
        code: "E0702",
        title: "a contrast does not fit the model",
        text: "What a contrast sets is set as `--set` would do it, and what it looks at must be there: a column of outcomes.csv\n\
               (also present(column), column=word, column<=number, column>=number), or on a package gain.A, P.A, C.A, Z.A and\n\
               terms.A of an actor, zone, attack_prob, attack_prob_60m, G, G_hat (also G.ATTACK), hazard.ATTACK.N at node N,\n\
               ratification.RATIFIER, consent.DELIVERER.",
    },
    Code {
        code: "W0601",
        title: "a number has neither source nor range",
        text: "Every number of a model comes from somewhere: name the `source`, or write source = \"assumption\" with a range\n\
               that says how wrong it could be.",
    },
    Code {
        code: "W0602",
        title: "the element is never used",
        text: "Nothing refers to it, so it cannot change any result. It may be misspelt where it was meant to be used.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn codes_are_sorted_and_unique_and_explained() {
        for pair in CODES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
        }
        for code in CODES {
            assert!(code.title.len() <= 80 && !code.title.ends_with('.'), "{}", code.code);
            assert!(!code.text.is_empty() && code.text.lines().count() <= 6, "{}", code.code);
        }
        assert_eq!(find("e0101").map(|c| c.title), Some("unknown key"));
        assert_eq!(find("E9999"), None);
    }

    #[test]
    fn every_code_in_the_sources_is_explained() {
        let mut used = BTreeSet::new();
        collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut used);
        assert!(used.len() > 20, "the scan found only {used:?}");
        let unknown: Vec<&String> = used.iter().filter(|code| find(code).is_none()).collect();
        assert!(unknown.is_empty(), "not in the table: {unknown:?}");
    }

    /// Quoted codes such as `"E0101"` in the Rust files under a directory.
    fn collect(directory: &Path, used: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).expect("the sources are there") {
            let path = entry.expect("the directory can be listed").path();
            if path.is_dir() {
                collect(&path, used);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("the file can be read");
                used.extend(text.split('"').filter(|part| is_code(part)).map(str::to_owned));
            }
        }
    }

    fn is_code(text: &str) -> bool {
        let digits = text.strip_prefix(['E', 'W']).unwrap_or_default();
        digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('9')
    }
}
