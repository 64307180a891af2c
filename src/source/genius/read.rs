//! XML to domains and profiles.

use roxmltree::{Document, Node};

use super::{Domain, GeniusError, Issue, Profile, Text};

/// Most options of an integer issue.
const MOST_STEPS: i64 = 100_000;

/// A parsed file.
struct File<'a> {
    name: &'a str,
    document: Document<'a>,
}

impl<'a> File<'a> {
    fn parse(text: Text<'a>) -> Result<Self, GeniusError> {
        let document = Document::parse(text.text).map_err(|error| GeniusError {
            file: text.name.to_owned(),
            line: error.pos().row,
            column: error.pos().col,
            message: format!("this is no well-formed XML: {error}"),
            hint: "a domain begins with <negotiation_template>, a profile with <utility_space>".to_owned(),
        })?;
        Ok(Self { name: text.name, document })
    }

    /// An error at a node.
    fn error(&self, at: Node<'_, '_>, message: impl Into<String>, hint: impl Into<String>) -> GeniusError {
        let place = self.document.text_pos_at(at.range().start);
        GeniusError {
            file: self.name.to_owned(),
            line: place.row,
            column: place.col,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The element that holds issues and weights: the objective of the utility space.
    fn objective(&self) -> Result<Node<'_, 'a>, GeniusError> {
        let root = self.document.root_element();
        let space = root.descendants().find(|node| node.has_tag_name("utility_space"));
        let Some(space) = space else {
            let message = format!("<{}> holds no <utility_space>", root.tag_name().name());
            return Err(self.error(root, message, "give a Genius domain or profile"));
        };
        let objective = space.children().find(|node| node.has_tag_name("objective"));
        let objective = objective.ok_or_else(|| {
            self.error(space, "<utility_space> holds no <objective>", "put the issues into one <objective>")
        })?;
        match objective.children().find(|node| node.has_tag_name("objective")) {
            None => Ok(objective),
            Some(inner) => {
                let message = "an <objective> within an <objective> is not supported";
                Err(self.error(inner, message, "put all issues into one <objective>"))
            }
        }
    }

    fn attribute<'n>(&self, node: Node<'n, '_>, name: &str) -> Result<&'n str, GeniusError> {
        let text = node.attribute(name).map(str::trim).filter(|text| !text.is_empty());
        text.ok_or_else(|| {
            let message = format!("<{}> has no attribute `{name}`", node.tag_name().name());
            self.error(node, message, format!("write {name}=\"..\""))
        })
    }

    /// A finite number.
    fn number(&self, node: Node<'_, '_>, name: &str) -> Result<f64, GeniusError> {
        let text = self.attribute(node, name)?;
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| {
            let message = format!("`{name}` is `{text}`, a number is needed");
            self.error(node, message, "write digits with a point, such as 0.25")
        })
    }

    fn whole(&self, node: Node<'_, '_>, name: &str) -> Result<i64, GeniusError> {
        let number = self.number(node, name)?;
        if number.fract() == 0.0 && number.abs() < 1e15 {
            Ok(number as i64)
        } else {
            let message = format!("`{name}` is {number}, a whole number is needed");
            Err(self.error(node, message, "an integer issue has whole bounds"))
        }
    }
}

fn is_element(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.has_tag_name(name)
}

/// Kind of an issue: `type`, else `vtype`, else discrete.
fn kind<'n>(issue: Node<'n, '_>) -> &'n str {
    issue.attribute("type").or_else(|| issue.attribute("vtype")).unwrap_or("discrete")
}

pub(super) fn domain(text: Text<'_>) -> Result<Domain, GeniusError> {
    let file = File::parse(text)?;
    let objective = file.objective()?;
    let mut issues: Vec<Issue> = Vec::new();
    for node in objective.children().filter(|node| is_element(*node, "issue")) {
        let issue = Issue {
            index: file.attribute(node, "index")?.to_owned(),
            name: file.attribute(node, "name")?.to_owned(),
            options: options(&file, node)?,
        };
        if issues.iter().any(|other| other.index == issue.index || other.name == issue.name) {
            let message = format!("there are two issues `{}` (index {})", issue.name, issue.index);
            return Err(file.error(node, message, "give every issue a name and an index of its own"));
        }
        issues.push(issue);
    }
    if issues.is_empty() {
        return Err(file.error(objective, "the domain has no <issue>", "list at least one discrete issue"));
    }
    Ok(Domain { issues })
}

/// Options of an issue, in order.
fn options(file: &File<'_>, issue: Node<'_, '_>) -> Result<Vec<String>, GeniusError> {
    match kind(issue) {
        "discrete" => {
            let mut found: Vec<String> = Vec::new();
            for item in issue.children().filter(|node| is_element(*node, "item")) {
                let value = file.attribute(item, "value")?;
                if found.iter().any(|other| other == value) {
                    let message = format!("the value `{value}` is listed twice");
                    return Err(file.error(item, message, "list every value once"));
                }
                found.push(value.to_owned());
            }
            if found.is_empty() {
                return Err(file.error(issue, "the issue has no <item>", "list its values"));
            }
            Ok(found)
        }
        "integer" => {
            let [low, high] = bounds(file, issue)?;
            Ok((low..=high).map(|number| number.to_string()).collect())
        }
        other => {
            let message = format!("issues of type `{other}` are not supported (allowed: discrete, integer)");
            Err(file.error(issue, message, "list the values to be negotiated as a discrete issue"))
        }
    }
}

/// Bounds of an integer issue, on itself or on its <range>.
fn bounds(file: &File<'_>, issue: Node<'_, '_>) -> Result<[i64; 2], GeniusError> {
    let range = issue.children().find(|node| is_element(*node, "range")).unwrap_or(issue);
    let bounds = [file.whole(range, "lowerbound")?, file.whole(range, "upperbound")?];
    if bounds[1] < bounds[0] || bounds[1] - bounds[0] >= MOST_STEPS {
        let message = format!("the bounds {} to {} hold no whole numbers, or too many", bounds[0], bounds[1]);
        return Err(file.error(range, message, format!("give at most {MOST_STEPS} numbers, the lower bound first")));
    }
    Ok(bounds)
}

pub(super) fn profile(text: Text<'_>, domain: &Domain) -> Result<Profile, GeniusError> {
    let file = File::parse(text)?;
    let objective = file.objective()?;
    let children = |name: &'static str| objective.children().filter(move |node| is_element(*node, name));
    let mut weights = Vec::with_capacity(domain.issues.len());
    let mut evaluations = Vec::with_capacity(domain.issues.len());
    for issue in &domain.issues {
        let of_issue = |node: &Node<'_, '_>| node.attribute("index").map(str::trim) == Some(issue.index.as_str());
        let Some(weight) = children("weight").find(of_issue) else {
            let message = format!("issue `{}` has no <weight index=\"{}\">", issue.name, issue.index);
            return Err(file.error(objective, message, "a linear-additive profile weighs every issue of the domain"));
        };
        let value = file.number(weight, "value")?;
        if value < 0.0 {
            return Err(file.error(weight, format!("the weight {value} is negative"), "weights are 0 or more"));
        }
        weights.push(value);
        let Some(node) = children("issue").find(of_issue) else {
            let message = format!("issue `{}` (index {}) of the domain is missing", issue.name, issue.index);
            return Err(file.error(objective, message, "evaluate every issue of the domain"));
        };
        evaluations.push(evaluate(&file, node, issue)?);
    }
    let root = file.document.root_element();
    let alone = |name: &str| root.descendants().find(|node| is_element(*node, name));
    let reservation = alone("reservation").map_or(Ok(0.0), |node| file.number(node, "value"))?;
    let discount = match alone("discount_factor") {
        None => 1.0,
        // Genius writes 0 where there is none.
        Some(node) => match file.number(node, "value")? {
            0.0 => 1.0,
            factor if (0.0..=1.0).contains(&factor) => factor,
            factor => {
                let message = format!("the discount factor {factor} is outside 0 to 1");
                return Err(file.error(node, message, "write 1 for no discount"));
            }
        },
    };
    Ok(Profile { weights, evaluations, reservation, discount })
}

/// Evaluation of every option of an issue.
fn evaluate(file: &File<'_>, node: Node<'_, '_>, issue: &Issue) -> Result<Vec<f64>, GeniusError> {
    if let Some(evaluator) = node.children().find(|child| is_element(*child, "evaluator")) {
        return linear(file, evaluator, issue);
    }
    let items: Vec<Node<'_, '_>> = node.children().filter(|child| is_element(*child, "item")).collect();
    for item in &items {
        let value = file.attribute(*item, "value")?;
        if !issue.options.iter().any(|option| option == value) {
            let message = format!("the domain has no value `{value}` for issue `{}`", issue.name);
            let hint = format!("its values are {}", listing(&issue.options));
            return Err(file.error(*item, message, hint));
        }
    }
    let mut out = Vec::with_capacity(issue.options.len());
    for option in &issue.options {
        let item = items.iter().find(|item| item.attribute("value").map(str::trim) == Some(option.as_str()));
        let Some(item) = item else {
            let message = format!("the value `{option}` of issue `{}` has no evaluation", issue.name);
            return Err(file.error(node, message, format!("add <item value=\"{option}\" evaluation=\"..\"/>")));
        };
        out.push(file.number(*item, "evaluation")?);
    }
    Ok(out)
}

/// Evaluation by a straight line: offset plus slope times the number.
fn linear(file: &File<'_>, evaluator: Node<'_, '_>, issue: &Issue) -> Result<Vec<f64>, GeniusError> {
    let form = evaluator.attribute("ftype").or_else(|| evaluator.attribute("type")).unwrap_or("linear");
    if form != "linear" {
        let message = format!("an evaluator of type `{form}` is not supported (allowed: linear)");
        return Err(file.error(evaluator, message, "list an <item> with its evaluation for every value"));
    }
    let slope_name = if evaluator.has_attribute("slope") { "slope" } else { "parameter1" };
    let offset_name = if evaluator.has_attribute("offset") { "offset" } else { "parameter0" };
    let (slope, offset) = (file.number(evaluator, slope_name)?, file.number(evaluator, offset_name)?);
    let value = |option: &String| {
        let number = option.parse::<f64>().map_err(|_| {
            let message = format!("the value `{option}` of issue `{}` is no number", issue.name);
            file.error(evaluator, message, "a linear evaluator needs an integer issue")
        })?;
        Ok(offset + slope * number)
    };
    issue.options.iter().map(value).collect()
}

/// The first few of a list.
fn listing(words: &[String]) -> String {
    let shown: Vec<String> = words.iter().take(6).map(|word| format!("`{word}`")).collect();
    let rest = if words.len() > shown.len() { ", .." } else { "" };
    format!("{}{rest}", shown.join(", "))
}
