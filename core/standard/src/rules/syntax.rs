//! The text of an expression, read into a tree.
//!
//! ```text
//! any     = all { "or" all }
//! all     = one { "and" one }
//! one     = "not" one | "(" any ")" | term ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) term
//!         | "present" "(" name ")" | "matches" "(" name "," text ")"
//!         | "sentinel" "(" name "," text ")" | "same" "(" name "," name ")"
//!         | "names_code" "(" name "," name ")"
//! term    = name | 'text' | number | "true" | "false"
//!         | "date_of" "(" name ")" | "length" "(" name ")" | "count" "(" name ")"
//! ```

use std::ops::Range;

use super::{Comparison, DEPTH_MAX};

/// What is wrong with an expression, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionError {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl ExpressionError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree<'a> {
    /// One of these; at least two.
    Or(Vec<Tree<'a>>),
    /// All of these; at least two.
    And(Vec<Tree<'a>>),
    Not(Box<Tree<'a>>),
    Present(Word<'a>),
    Matches(Word<'a>, Word<'a>),
    Sentinel(Word<'a>, Word<'a>),
    Same(Word<'a>, Word<'a>),
    NamesCode(Word<'a>, Word<'a>),
    Compare(Comparison, Term<'a>, Term<'a>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term<'a> {
    Name(Word<'a>),
    DateOf(Word<'a>),
    Length(Word<'a>),
    Count(Word<'a>),
    Text(Word<'a>),
    Number(Word<'a>),
    Boolean(bool, Range<usize>),
}

impl Term<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        match self {
            Self::Name(word)
            | Self::DateOf(word)
            | Self::Length(word)
            | Self::Count(word)
            | Self::Text(word)
            | Self::Number(word) => word.span.clone(),
            Self::Boolean(_, span) => span.clone(),
        }
    }
}

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, ExpressionError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end: text.len(), depth: 0 };
    let tree = parser.any()?;
    match parser.peek() {
        None => Ok(tree),
        Some((_, word)) => {
            let message = format!("`{}` has no place here", word.text);
            Err(ExpressionError::new(word.span.clone(), message)
                .hint("join two conditions with `and` or `or`"))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Word,
    Text,
    Number,
    Sign,
}

fn tokens(text: &str) -> Result<Vec<(Token, Word<'_>)>, ExpressionError> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..)
        && let Some(first) = rest.chars().next()
    {
        let (token, length) = match first {
            ' ' | '\t' | '\r' | '\n' => {
                start += 1;
                continue;
            }
            '\'' => {
                let Some(end) = rest.get(1..).and_then(|inner| inner.find('\'')) else {
                    let message = "the text has no closing quote";
                    return Err(ExpressionError::new(start..text.len(), message));
                };
                (Token::Text, end + 2)
            }
            '0'..='9' | '-' => {
                let is_number = |c: &char| c.is_ascii_digit() || *c == '.';
                (Token::Number, 1 + rest.chars().skip(1).take_while(is_number).count())
            }
            first if first.is_alphabetic() || first == '_' => {
                let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
                (Token::Word, rest.chars().take_while(is_word).map(char::len_utf8).sum())
            }
            _ => {
                let signs = ["==", "!=", "<=", ">=", "<", ">", "(", ")", ","];
                let sign = signs.into_iter().find(|sign| rest.starts_with(sign));
                let length = sign.unwrap_or_default().len().max(first.len_utf8());
                if sign.is_none() {
                    let message = format!("`{first}` is not a part of an expression");
                    let hint = "compare with ==, !=, <, <=, > or >=; write text in 'single quotes'";
                    return Err(ExpressionError::new(start..start + length, message).hint(hint));
                }
                (Token::Sign, length)
            }
        };
        let span = start..start + length;
        let Some(text) = text.get(span.clone()) else { break };
        start = span.end;
        found.push((token, Word { text, span }));
    }
    Ok(found)
}

/// What a function is given.
const NAME: &str = "the name of a field";

/// A single part as it is, several as one tree.
fn one_or<'a>(mut parts: Vec<Tree<'a>>, several: fn(Vec<Tree<'a>>) -> Tree<'a>) -> Tree<'a> {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            several(parts)
        }
    }
}

struct Parser<'a> {
    tokens: Vec<(Token, Word<'a>)>,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Tree<'a>, ExpressionError> {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.take("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Tree::Or))
    }

    fn all(&mut self) -> Result<Tree<'a>, ExpressionError> {
        let first = self.one()?;
        let mut parts = vec![first];
        while self.take("and") {
            parts.push(self.one()?);
        }
        Ok(one_or(parts, Tree::And))
    }

    fn one(&mut self) -> Result<Tree<'a>, ExpressionError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let span = self.peek().map_or(self.end..self.end, |(_, word)| word.span.clone());
            return Err(ExpressionError::new(span, "the expression nests too deep"));
        }
        let tree = self.condition();
        self.depth -= 1;
        tree
    }

    fn condition(&mut self) -> Result<Tree<'a>, ExpressionError> {
        if self.take("not") {
            return Ok(Tree::Not(Box::new(self.one()?)));
        }
        if self.take("(") {
            let tree = self.any()?;
            self.expect(")")?;
            return Ok(tree);
        }
        if let Some(call) = self.call()? {
            return Ok(call);
        }
        let left = self.term()?;
        let sign = self.word(Token::Sign, "a comparison: ==, !=, <, <=, > or >=")?;
        let op = match sign.text {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            other => {
                let message = format!("`{other}` is not a comparison");
                return Err(ExpressionError::new(sign.span, message));
            }
        };
        Ok(Tree::Compare(op, left, self.term()?))
    }

    /// A function that is true or false.
    fn call(&mut self) -> Result<Option<Tree<'a>>, ExpressionError> {
        let tree = if self.take_call("present") {
            Tree::Present(self.word(Token::Word, "the name of a field or group")?)
        } else if self.take_call("matches") {
            Tree::Matches(self.first_name()?, self.text()?)
        } else if self.take_call("sentinel") {
            Tree::Sentinel(self.first_name()?, self.text()?)
        } else if self.take_call("same") {
            Tree::Same(self.first_name()?, self.word(Token::Word, NAME)?)
        } else if self.take_call("names_code") {
            Tree::NamesCode(self.first_name()?, self.word(Token::Word, NAME)?)
        } else {
            return Ok(None);
        };
        self.expect(")")?;
        Ok(Some(tree))
    }

    /// The first of two things that a function is given.
    fn first_name(&mut self) -> Result<Word<'a>, ExpressionError> {
        let name = self.word(Token::Word, NAME)?;
        self.expect(",")?;
        Ok(name)
    }

    fn term(&mut self) -> Result<Term<'a>, ExpressionError> {
        match self.peek() {
            Some((Token::Text, _)) => Ok(Term::Text(self.text()?)),
            Some((Token::Number, _)) => Ok(Term::Number(self.word(Token::Number, "a number")?)),
            _ => {
                let call: Option<fn(Word<'a>) -> Term<'a>> = if self.take_call("date_of") {
                    Some(Term::DateOf)
                } else if self.take_call("length") {
                    Some(Term::Length)
                } else if self.take_call("count") {
                    Some(Term::Count)
                } else {
                    None
                };
                if let Some(term) = call {
                    let name = self.word(Token::Word, NAME)?;
                    self.expect(")")?;
                    return Ok(term(name));
                }
                let word = self.word(Token::Word, "a field, a text, a number, true or false")?;
                match word.text {
                    "true" => Ok(Term::Boolean(true, word.span)),
                    "false" => Ok(Term::Boolean(false, word.span)),
                    _ => Ok(Term::Name(word)),
                }
            }
        }
    }

    /// A quoted text, without its quotes.
    fn text(&mut self) -> Result<Word<'a>, ExpressionError> {
        let word = self.word(Token::Text, "a text in 'single quotes'")?;
        Ok(Word { text: word.text.trim_matches('\''), span: word.span })
    }

    fn peek(&self) -> Option<&(Token, Word<'a>)> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there =
            self.peek().is_some_and(|(token, word)| *token != Token::Text && word.text == text);
        self.at += usize::from(is_there);
        is_there
    }

    /// Takes a function's name with the bracket behind it; a field may bear the same name.
    fn take_call(&mut self, function: &str) -> bool {
        let is_open = |(token, word): &(Token, Word<'_>)| *token == Token::Sign && word.text == "(";
        let is_call = self.tokens.get(self.at + 1).is_some_and(is_open) && self.take(function);
        self.at += usize::from(is_call);
        is_call
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.missing(&format!("`{sign}`")))
    }

    fn word(&mut self, token: Token, what: &str) -> Result<Word<'a>, ExpressionError> {
        match self.peek() {
            Some((found, word)) if *found == token => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.missing(what)),
        }
    }

    fn missing(&self, what: &str) -> ExpressionError {
        match self.peek() {
            Some((_, word)) => {
                let message = format!("expected {what}, found `{}`", word.text);
                ExpressionError::new(word.span.clone(), message)
            }
            None => ExpressionError::new(self.end..self.end, format!("expected {what} at the end")),
        }
    }
}
