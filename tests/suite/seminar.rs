//! Papers for a seminar: role sheets, the instructor's sheet, and the lesson plan whose commands are executed here.

use crate::command::{detente, detente_in};

fn sheet(model: &str, actor: &str, more: &[&str]) -> String {
    detente(&[&["describe", model, "--format", "role", "--actor", actor], more].concat()).with_code(0).out
}

/// The text of a section of level 2.
#[track_caller]
fn section<'s>(sheet: &'s str, title: &str) -> &'s str {
    let start = sheet.find(&format!("\n## {title}")).unwrap_or_else(|| panic!("no section {title}:\n{sheet}"));
    let rest = &sheet[start + 4..];
    rest.split("\n## ").next().unwrap()
}

#[test]
fn a_sheet_states_one_governments_case_and_nothing_that_only_others_know() {
    let russia = sheet("ukraine-2025", "RU", &[]);
    for title in [
        "Public background",
        "Your case",
        "What you want",
        "What you can do",
        "At home",
        "If there is no deal",
        "Packages that others discuss",
        "What others believe of you",
        "After a settlement",
        "About this exercise",
    ] {
        section(&russia, title);
    }
    assert!(section(&russia, "What you can do").contains("`ru_strikes`"));
    assert!(!russia.contains("`us_cut_aid`") && !russia.contains("`ua_public`"), "levers and votes of others");
    let ukraine = sheet("ukraine-2025", "UA", &[]);
    assert!(section(&ukraine, "At home").contains("`ua_public`"));
    assert!(!ukraine.contains("`ru_strikes`"));
    // What Kyiv would pay for a word is not on Moscow's sheet, and what it would not does not depend on it.
    let other = sheet("ukraine-2025", "RU", &["--set", "actors.UA.weights.nato=0.02"]);
    for title in ["What you want", "What you can do", "At home", "What others believe of you"] {
        assert_eq!(section(&other, title), section(&russia, title), "{title}");
    }
    assert_ne!(sheet("ukraine-2025", "UA", &["--set", "actors.UA.weights.nato=0.02"]), ukraine);
}

#[test]
fn a_sheet_of_one_type_keeps_the_others_to_what_is_believed() {
    let limited = sheet("ukraine-2025", "RU", &["--type", "limited"]);
    assert!(section(&limited, "Your case").contains("Your government is `limited`"), "{limited}");
    assert!(!section(&limited, "What you want").contains("maximalist"));
    assert!(section(&limited, "What others believe of you").contains("maximalist"));
}

#[test]
fn the_numbers_of_a_classics_sheet_are_those_of_its_theory() {
    // War is worth p - cost_a = .4 to A; to B with the central cost of .2 it is worth 1 - p - .2 = .3.
    assert!(section(&sheet("fearon", "A", &[]), "If there is no deal").contains("| no agreement, ever | 0.400 |"));
    let b = sheet("fearon", "B", &[]);
    assert!(section(&b, "If there is no deal").contains("| no agreement, ever | 0.300 |"), "{b}");
    assert!(section(&b, "Your case").contains("draw a number between 0 and 0.4"), "{b}");
}

#[test]
fn a_sheet_comes_out_the_same_twice_in_both_forms() {
    for more in [&[][..], &["--html"]] {
        assert_eq!(sheet("ratification", "A", more), sheet("ratification", "A", more));
    }
    let page = sheet("ratification", "A", &["--html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
}

#[test]
fn a_seat_that_is_not_there_is_a_usage_error_with_a_hint() {
    let wrong = |args: &[&str]| detente(&[&["describe", "ukraine-2025"], args].concat()).with_code(2).err;
    assert!(wrong(&["--format", "role"]).contains("`--actor` takes one of `RU`"));
    assert!(wrong(&["--format", "role", "--actor", "ru"]).contains("did you mean `RU`?"));
    assert!(wrong(&["--format", "role", "--actor", "RU", "--type", "meek"]).contains("types: `limited`"));
    assert!(wrong(&["--format", "role", "--actor", "UA", "--type", "meek"]).contains("a single type"));
    assert!(wrong(&["--actor", "RU"]).contains("`--format role`"));
    assert!(wrong(&["--html"]).contains("for role sheets"));
    assert!(wrong(&["--format", "instructor", "--actor", "RU"]).contains("`--format role`"));
}

#[test]
fn the_instructors_paths_end_as_the_sheet_says() {
    let sheet = detente(&["describe", "fearon", "--format", "instructor", "--reps", "12"]).with_code(0).out;
    assert_eq!(
        sheet,
        detente(&["describe", "fearon", "--actor", "instructor", "--format", "role", "--reps", "12"]).out
    );
    let commands: Vec<&str> = sheet.lines().filter(|line| line.starts_with("detente trace ")).collect();
    assert_eq!(commands.len(), 2, "{sheet}");
    for command in commands {
        let (command, outcome) = command.split_once('#').unwrap();
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let told = detente(&words).with_code(0).out;
        assert!(told.contains(&format!("outcome: {}", outcome.trim())), "{command}\n{told}");
    }
    let counts: u64 = section(&sheet, "Likely paths")
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').nth(2).unwrap().trim().parse::<u64>().unwrap())
        .sum();
    assert_eq!(counts, 12);
}

/// The commands of the lesson plan: what is typed, the file it goes to, and the remark behind it.
fn plan() -> Vec<(Vec<&'static str>, Option<&'static str>, &'static str)> {
    let lines = include_str!("../../docs/lesson-plan.md").lines().filter_map(|line| line.strip_prefix("detente "));
    let split = |line: &'static str| {
        let (command, remark) = line.split_once('#').unwrap_or((line, ""));
        let (command, file) =
            command.split_once('>').map_or((command, None), |(command, file)| (command, Some(file.trim())));
        (command.split_whitespace().collect(), file, remark.trim())
    };
    lines.map(split).collect()
}

#[test]
fn every_command_of_the_lesson_plan_runs_and_its_histories_end_as_it_says() {
    let plan = plan();
    assert!(plan.len() >= 8, "{plan:?}");
    let directory = tempfile::tempdir().unwrap();
    let mut endings = Vec::new();
    for (words, file, remark) in plan {
        let answer = detente_in(directory.path(), &words).with_code(0);
        if let Some(file) = file {
            assert!(answer.out.ends_with("</html>\n"), "{words:?}");
            std::fs::write(directory.path().join(file), answer.out).unwrap();
        } else if let Some(ending) = remark.strip_prefix("ends in ") {
            let told = answer.out.lines().find(|line| line.starts_with("outcome: ")).unwrap_or_default();
            let told = told.trim_start_matches("outcome: ").split(':').next().unwrap();
            let hint = "`detente describe ukraine-2025 --format instructor` finds replications with other endings";
            assert_eq!(told, ending, "{words:?}; {hint}");
            endings.push(ending);
        }
    }
    let told = endings.len();
    endings.sort_unstable();
    endings.dedup();
    assert!(told >= 4 && endings.len() == told, "each history of the plan ends in another way: {endings:?}");
}
