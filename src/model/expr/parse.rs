//! Text to [`Ast`]: precedence from loose to tight is `or`, `and`, `not`, comparison and `in`, `+ -`, `* /`,
//! unary minus, `^` (to the right).

use super::ast::{Arith, Ast, Comparison, FUNCTIONS, Form, Function, Node, NodeId};
use super::fault::{Extent, Fault, SYNTAX, UNKNOWN};
use super::names::nearest;
use super::token::{Lexer, Token};

/// Longest expression, in characters.
pub(super) const MAX_CHARACTERS: usize = 4096;
/// Deepest nesting of parentheses, calls, signs and powers.
pub(super) const MAX_DEPTH: usize = 64;

/// Parses a text; the first mistake ends it.
pub(super) fn parse(text: &str) -> Result<Ast<'_>, Fault> {
    let length = text.chars().count();
    if length > MAX_CHARACTERS {
        let message = format!("the expression has {length} characters, at most {MAX_CHARACTERS} are allowed");
        return Err(Fault::new(SYNTAX, Extent::new(0, 0), message).hint("split it into [derived] values"));
    }
    let mut lexer = Lexer::new(text);
    let (token, extent) = lexer.next()?;
    if token == Token::End {
        return Err(Fault::new(SYNTAX, extent, "the expression is empty"));
    }
    let mut parser = Parser { text, lexer, token, extent, nodes: Vec::new(), depth: 0 };
    parser.either()?;
    if parser.token != Token::End {
        return Err(parser.unexpected("an operator or the end"));
    }
    Ok(Ast { text, nodes: parser.nodes })
}

type Parsed = Result<NodeId, Fault>;

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    /// The word under the cursor.
    token: Token,
    extent: Extent,
    nodes: Vec<Node>,
    depth: usize,
}

impl Parser<'_> {
    /// Moves on by one word and returns the place of the one passed.
    fn advance(&mut self) -> Result<Extent, Fault> {
        let passed = self.extent;
        (self.token, self.extent) = self.lexer.next()?;
        Ok(passed)
    }

    /// Passes the word demanded.
    fn expect(&mut self, token: Token, what: &str) -> Result<Extent, Fault> {
        if self.token == token { self.advance() } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, what: &str) -> Fault {
        let message = if self.token == Token::End {
            format!("the expression ends where {what} is needed")
        } else {
            format!("`{}` found where {what} is needed", self.extent.quote(self.text))
        };
        Fault::new(SYNTAX, self.extent, message)
    }

    fn push(&mut self, form: Form, extent: Extent) -> NodeId {
        self.nodes.push(Node { form, extent, outer: extent });
        self.nodes.len() - 1
    }

    /// A node over two operands.
    fn join(&mut self, form: impl FnOnce(NodeId, NodeId) -> Form, left: NodeId, right: NodeId) -> NodeId {
        let extent = self.nodes[left].outer.to(self.nodes[right].outer);
        self.push(form(left, right), extent)
    }

    /// Runs a rule one level deeper.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("the expression is nested more than {MAX_DEPTH} deep");
            return Err(Fault::new(SYNTAX, self.extent, message).hint("split it into [derived] values"));
        }
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// c or d
    fn either(&mut self) -> Parsed {
        let mut left = self.both()?;
        while self.token == Token::Or {
            self.advance()?;
            let right = self.both()?;
            left = self.join(Form::Or, left, right);
        }
        Ok(left)
    }

    /// c and d
    fn both(&mut self) -> Parsed {
        let mut left = self.inverse()?;
        while self.token == Token::And {
            self.advance()?;
            let right = self.inverse()?;
            left = self.join(Form::And, left, right);
        }
        Ok(left)
    }

    /// not c
    fn inverse(&mut self) -> Parsed {
        if self.token != Token::Not {
            return self.relation();
        }
        let start = self.advance()?;
        let operand = self.nested(Self::inverse)?;
        let extent = start.to(self.nodes[operand].outer);
        Ok(self.push(Form::Not(operand), extent))
    }

    /// x < y, x in [..], x not in [..]
    fn relation(&mut self) -> Parsed {
        let left = self.sum()?;
        if let Some(comparison) = comparison(self.token) {
            self.advance()?;
            let right = self.sum()?;
            if let Some(second) = self::comparison(self.token) {
                return Err(self.chain(left, comparison, right, second)?);
            }
            return Ok(self.join(|x, y| Form::Compare(comparison, x, y), left, right));
        }
        let negated = self.token == Token::Not;
        if negated {
            self.advance()?;
            if self.token != Token::In {
                return Err(self.unexpected("`in`"));
            }
        }
        if self.token != Token::In {
            return Ok(left);
        }
        self.advance()?;
        let (items, end) = self.list()?;
        let extent = self.nodes[left].outer.to(end);
        Ok(self.push(Form::In { value: left, items, negated }, extent))
    }

    /// The message for `a < b < c`.
    fn chain(&mut self, a: NodeId, first: Comparison, b: NodeId, second: Comparison) -> Result<Fault, Fault> {
        let extent = self.advance()?;
        let c = self.sum()?;
        let quote = |id: NodeId| self.nodes[id].outer.quote(self.text);
        let hint = format!(
            "write {} {} {} and {} {} {}",
            quote(a),
            first.symbol(),
            quote(b),
            quote(b),
            second.symbol(),
            quote(c)
        );
        Ok(Fault::new(SYNTAX, extent, "comparisons cannot be chained").hint(hint))
    }

    /// x + y - z
    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let operator = match self.token {
                Token::Plus => Arith::Add,
                Token::Minus => Arith::Sub,
                _ => return Ok(left),
            };
            self.advance()?;
            let right = self.product()?;
            left = self.join(|x, y| Form::Arith(operator, x, y), left, right);
        }
    }

    /// x * y / z
    fn product(&mut self) -> Parsed {
        let mut left = self.signed()?;
        loop {
            let operator = match self.token {
                Token::Star => Arith::Mul,
                Token::Slash => Arith::Div,
                _ => return Ok(left),
            };
            self.advance()?;
            let right = self.signed()?;
            left = self.join(|x, y| Form::Arith(operator, x, y), left, right);
        }
    }

    /// -x; binds looser than `^`
    fn signed(&mut self) -> Parsed {
        if self.token != Token::Minus {
            return self.power();
        }
        let start = self.advance()?;
        let operand = self.nested(Self::signed)?;
        let extent = start.to(self.nodes[operand].outer);
        Ok(self.push(Form::Negate(operand), extent))
    }

    /// x ^ y
    fn power(&mut self) -> Parsed {
        let base = self.atom()?;
        if self.token != Token::Caret {
            return Ok(base);
        }
        self.advance()?;
        let exponent = self.nested(Self::signed)?;
        Ok(self.join(|x, y| Form::Arith(Arith::Pow, x, y), base, exponent))
    }

    fn atom(&mut self) -> Parsed {
        match self.token {
            Token::Number(value) => {
                let extent = self.advance()?;
                Ok(self.push(Form::Number(value), extent))
            }
            Token::Bool(value) => {
                let extent = self.advance()?;
                Ok(self.push(Form::Bool(value), extent))
            }
            Token::Name => {
                let extent = self.advance()?;
                if self.token == Token::Open {
                    self.nested(|parser| parser.call(extent))
                } else {
                    Ok(self.push(Form::Name, extent))
                }
            }
            Token::Open => self.nested(|parser| {
                let start = parser.advance()?;
                let inner = parser.either()?;
                let end = parser.expect(Token::Close, "`)`")?;
                parser.nodes[inner].outer = start.to(end);
                Ok(inner)
            }),
            Token::OpenList => {
                Err(self.unexpected("a value").hint("lists stand after `in` and in piecewise(issue, [..])"))
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    /// `name(..)`, the cursor on the parenthesis.
    fn call(&mut self, name: Extent) -> Parsed {
        let text = name.of(self.text);
        if text == "piecewise" {
            return self.piecewise(name);
        }
        let Some((_, function, least, most)) = FUNCTIONS.iter().find(|row| row.0 == text) else {
            return Err(unknown_function(name, text));
        };
        self.advance()?;
        let mut args = Vec::new();
        if self.token != Token::Close {
            args.push(self.either()?);
            while self.token == Token::Comma {
                self.advance()?;
                args.push(self.either()?);
            }
        }
        let extent = name.to(self.expect(Token::Close, "`,` or `)`")?);
        if args.len() < *least || args.len() > *most {
            return Err(wrong_count(*function, args.len(), (*least, *most), extent));
        }
        Ok(self.push(Form::Call(*function, args), extent))
    }

    /// `piecewise(issue, [..])`
    fn piecewise(&mut self, name: Extent) -> Parsed {
        self.advance()?;
        let choice = self.either()?;
        self.expect(Token::Comma, "`,` and a list")
            .map_err(|fault| fault.hint("write piecewise(issue, [a, b, ..])"))?;
        let (entries, _) = self.list()?;
        let extent = name.to(self.expect(Token::Close, "`)`")?);
        Ok(self.push(Form::Piecewise { choice, entries }, extent))
    }

    /// `[a, b, ..]`, not empty.
    fn list(&mut self) -> Result<(Vec<NodeId>, Extent), Fault> {
        self.nested(|parser| {
            let start = parser.expect(Token::OpenList, "a list such as [a, b]")?;
            if parser.token == Token::CloseList {
                return Err(Fault::new(SYNTAX, start.to(parser.extent), "the list is empty"));
            }
            let mut items = vec![parser.either()?];
            while parser.token == Token::Comma {
                parser.advance()?;
                items.push(parser.either()?);
            }
            Ok((items, start.to(parser.expect(Token::CloseList, "`,` or `]`")?)))
        })
    }
}

fn comparison(token: Token) -> Option<Comparison> {
    match token {
        Token::Less => Some(Comparison::Less),
        Token::LessEqual => Some(Comparison::LessEqual),
        Token::Greater => Some(Comparison::Greater),
        Token::GreaterEqual => Some(Comparison::GreaterEqual),
        Token::Equal => Some(Comparison::Equal),
        Token::NotEqual => Some(Comparison::NotEqual),
        _ => None,
    }
}

fn unknown_function(extent: Extent, name: &str) -> Fault {
    let names = FUNCTIONS.iter().map(|row| row.0).chain(["piecewise"]);
    let hint = match name {
        "log" | "log10" => "write ln(x), the natural logarithm".to_owned(),
        "pow" | "power" => "write x^y".to_owned(),
        "sigmoid" | "expit" => "write logistic(x)".to_owned(),
        _ => match nearest(name, names.clone(), 0.7) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("functions: {}", names.collect::<Vec<_>>().join(", ")),
        },
    };
    Fault::new(UNKNOWN, extent, format!("unknown function `{name}`")).hint(hint)
}

fn wrong_count(function: Function, found: usize, (least, most): (usize, usize), extent: Extent) -> Fault {
    let name = function.name();
    let needed = match (least, most) {
        (1, 1) => "1 argument".to_owned(),
        (1, _) => "at least 1 argument".to_owned(),
        (n, m) if n == m => format!("{n} arguments"),
        (n, _) => format!("at least {n} arguments"),
    };
    let fault = Fault::new(SYNTAX, extent, format!("`{name}` takes {needed}, {found} given"));
    match function {
        Function::If => fault.hint("write if(condition, a, b)"),
        Function::Clamp => fault.hint("write clamp(x, low, high)"),
        _ => fault,
    }
}
