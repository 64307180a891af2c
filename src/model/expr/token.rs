//! Words of the expression language.

use super::fault::{Extent, Fault, SYNTAX};

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    /// A number literal, finite.
    Number(f64),
    /// A name, possibly dotted; the text lies under the extent.
    Name,
    /// `true` or `false`.
    Bool(bool),
    /// `and`
    And,
    /// `or`
    Or,
    /// `not`
    Not,
    /// `in`
    In,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `^`
    Caret,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenList,
    /// `]`
    CloseList,
    /// `,`
    Comma,
    /// The end of the text.
    End,
}

/// Reads words one after another.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// A reader at the start of `text`, which must be shorter than 4 GiB.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word and its place; `End` for ever at the end.
    pub(super) fn next(&mut self) -> Result<(Token, Extent), Fault> {
        let rest = self.text[self.at..].trim_start();
        let start = self.text.len() - rest.len();
        let (token, length) = match rest.chars().next() {
            None => (Token::End, 0),
            Some(c) if c.is_ascii_digit() || c == '.' => number(rest, start)?,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => word(rest),
            Some(c) => symbol(rest, c, start)?,
        };
        self.at = start + length;
        Ok((token, Extent::new(start, self.at)))
    }
}

/// A number literal: `12`, `0.5`, `1e-3`.
fn number(rest: &str, start: usize) -> Result<(Token, usize), Fault> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut length = digits(0);
    let mut well_formed = length > 0;
    if bytes.get(length) == Some(&b'.') {
        let fraction = digits(length + 1);
        well_formed &= fraction > 0;
        length += 1 + fraction;
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    // Whatever sticks to the number belongs to the mistake: 12x, 1_000, 1.2.3
    let tail = bytes[length..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
    let whole = &rest[..length + tail];
    let extent = Extent::new(start, start + whole.len());
    if !well_formed || tail > 0 {
        let hint = number_hint(whole, &rest[..length], &rest[length..length + tail]);
        return Err(Fault::new(SYNTAX, extent, format!("`{whole}` is not a number")).hint(hint));
    }
    match whole.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Token::Number(value), length)),
        _ => Err(Fault::new(SYNTAX, extent, format!("`{whole}` is too large for a number"))),
    }
}

/// What the writer of a malformed number probably meant.
fn number_hint(whole: &str, head: &str, tail: &str) -> String {
    let plain: String = whole.chars().filter(|c| *c != '_').collect();
    if whole.contains('_') && plain.parse::<f64>().is_ok() {
        format!("write {plain}")
    } else if tail.starts_with(|c: char| c.is_ascii_alphabetic()) && head.parse::<f64>().is_ok() {
        format!("write {head}*{tail} for a product; names begin with a letter")
    } else if whole.starts_with('.') && format!("0{whole}").parse::<f64>().is_ok() {
        format!("write 0{whole}")
    } else {
        "write digits on both sides of one decimal point, as in 0.5 or 1e-3".to_owned()
    }
}

/// A name or a keyword. Dots join names; a dot that no letter follows is left for the next word.
fn word(rest: &str) -> (Token, usize) {
    let bytes = rest.as_bytes();
    let mut length = 0;
    loop {
        length += bytes[length..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let dotted = bytes.get(length) == Some(&b'.')
            && bytes.get(length + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        if !dotted {
            break;
        }
        length += 1;
    }
    let token = match &rest[..length] {
        "true" => Token::Bool(true),
        "false" => Token::Bool(false),
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        "in" => Token::In,
        _ => Token::Name,
    };
    (token, length)
}

/// An operator or a bracket.
fn symbol(rest: &str, first: char, start: usize) -> Result<(Token, usize), Fault> {
    let two = rest.get(..2).unwrap_or("");
    let wrong = |text: &str, hint: &str| {
        let extent = Extent::new(start, start + text.len());
        Err(Fault::new(SYNTAX, extent, format!("`{text}` is not part of the expression language")).hint(hint))
    };
    match two {
        "<=" => return Ok((Token::LessEqual, 2)),
        ">=" => return Ok((Token::GreaterEqual, 2)),
        "==" => return Ok((Token::Equal, 2)),
        "!=" => return Ok((Token::NotEqual, 2)),
        "&&" => return wrong(two, "write `and`"),
        "||" => return wrong(two, "write `or`"),
        "**" => return wrong(two, "write `^`"),
        "<>" => return wrong(two, "write `!=`"),
        _ => {}
    }
    let token = match first {
        '+' => Token::Plus,
        '-' => Token::Minus,
        '*' => Token::Star,
        '/' => Token::Slash,
        '^' => Token::Caret,
        '<' => Token::Less,
        '>' => Token::Greater,
        '(' => Token::Open,
        ')' => Token::Close,
        '[' => Token::OpenList,
        ']' => Token::CloseList,
        ',' => Token::Comma,
        _ => return wrong(&rest[..first.len_utf8()], symbol_hint(first)),
    };
    Ok((token, 1))
}

/// What to write instead of a foreign character.
fn symbol_hint(found: char) -> &'static str {
    match found {
        '=' => "write `==` to compare",
        '!' => "write `not`, or `!=` to compare",
        '&' => "write `and`",
        '|' => "write `or`",
        '"' | '\'' | '`' => "names and options stand without quotes",
        '\u{2212}' | '\u{2013}' | '\u{2014}' => "write the minus sign of the keyboard, `-`",
        '\u{d7}' | '\u{b7}' => "write `*`",
        '\u{f7}' | ':' => "write `/` to divide",
        '\u{2264}' => "write `<=`",
        '\u{2265}' => "write `>=`",
        '\u{2260}' => "write `!=`",
        '%' => "write a share of 1: 0.05 for 5%",
        '?' => "write if(condition, a, b)",
        '{' | '}' => "write parentheses",
        ';' => "separate arguments with commas",
        _ => "names are made of the letters a-z, digits, `_` and dots",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(Token, &str)> {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        loop {
            let (token, extent) = lexer.next().expect("the text is well formed");
            if token == Token::End {
                return found;
            }
            found.push((token, extent.of(text)));
        }
    }

    #[test]
    fn names_may_be_dotted_and_numbers_may_have_exponents() {
        assert_eq!(
            words("US.type<=1e-3*_a1"),
            [
                (Token::Name, "US.type"),
                (Token::LessEqual, "<="),
                (Token::Number(1e-3), "1e-3"),
                (Token::Star, "*"),
                (Token::Name, "_a1")
            ]
        );
    }

    #[test]
    fn keywords_are_words_of_their_own() {
        assert_eq!(
            words("not notable in inn"),
            [(Token::Not, "not"), (Token::Name, "notable"), (Token::In, "in"), (Token::Name, "inn")]
        );
    }

    #[test]
    fn white_space_of_any_sort_separates_words() {
        assert_eq!(words("1\n\t+\u{a0}2").len(), 3);
    }
}
