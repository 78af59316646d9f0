//! From the tree of an expression to its condition, with names and types checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_diagnostics::nearest;

use crate::codes::CodeListId;
use crate::lists::Lists;
use crate::pattern::Pattern;
use crate::sentinel::{SentinelValues, Sentinels};
use crate::{Bound, Date, Field, FieldType, Group, IdentifierKind, Timestamp, decimal};

use super::syntax::{self, Tree, Word, parse};
use super::{CodeName, Comparison, Condition, ExpressionError, Place, Term};

/// What an expression may name.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) record: &'a [Field],
    pub(crate) groups: &'a [Group],
    /// The group whose rows the rule is about.
    pub(crate) row: Option<&'a Group>,
    pub(crate) lists: &'a Lists,
    pub(crate) patterns: &'a BTreeMap<Arc<str>, Arc<Pattern>>,
    pub(crate) sentinels: &'a BTreeMap<Arc<str>, Arc<Sentinels>>,
}

/// Names of a code list are looked through one by one.
const CODE_NAMES_MAX: usize = 100;

/// A compiled expression and the first field that it names.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) condition: Condition,
    pub(crate) field: Option<Arc<str>>,
}

/// Compiles an expression.
pub(crate) fn lower(text: &str, fields: Fields<'_>) -> Result<Lowered, ExpressionError> {
    let tree = parse(text)?;
    let mut lowering = Lowering { fields, first: None };
    let condition = lowering.tree(&tree)?;
    Ok(Lowered { condition, field: lowering.first })
}

struct Lowering<'a> {
    fields: Fields<'a>,
    first: Option<Arc<str>>,
}

impl<'a> Lowering<'a> {
    fn tree(&mut self, tree: &Tree<'_>) -> Result<Condition, ExpressionError> {
        Ok(match tree {
            Tree::Or(parts) => Condition::Any(self.parts(parts)?),
            Tree::And(parts) => Condition::All(self.parts(parts)?),
            Tree::Not(inner) => Condition::Not(Box::new(self.tree(inner)?)),
            Tree::Present(name) => match self.group(name) {
                Some((group, _)) if self.find(name.text).is_none() => {
                    self.note(name.text);
                    Condition::Present(Place::Group(group))
                }
                _ => Condition::Present(self.place(name)?.0),
            },
            Tree::Matches(name, pattern) => {
                let place = self.text(name, "only text can match a pattern")?;
                let Some(found) = self.fields.patterns.get(pattern.text) else {
                    let known = self.fields.patterns.keys().map(|name| &**name);
                    return Err(unknown("pattern", pattern, known));
                };
                Condition::Matches(place, Arc::clone(found))
            }
            Tree::Sentinel(name, list) => self.sentinel(name, list)?,
            Tree::Same(left, right) => {
                let why = "only texts can be the same";
                Condition::Same(self.text(left, why)?, self.text(right, why)?)
            }
            Tree::NamesCode(text, code) => self.names_code(text, code)?,
            Tree::Compare(op, left, right) => self.compare(*op, left, right)?,
        })
    }

    fn parts(&mut self, parts: &[Tree<'_>]) -> Result<Box<[Condition]>, ExpressionError> {
        parts.iter().map(|part| self.tree(part)).collect()
    }

    fn sentinel(&mut self, name: &Word<'_>, list: &Word<'_>) -> Result<Condition, ExpressionError> {
        let (place, field) = self.place(name)?;
        let Some(found) = self.fields.sentinels.get(list.text) else {
            let known = self.fields.sentinels.keys().map(|name| &**name);
            return Err(unknown("list of sentinels", list, known));
        };
        let fits = match &found.values {
            SentinelValues::Texts(_) => Kind::of(field.kind) == Kind::Text,
            SentinelValues::Dates(_) => {
                matches!(field.kind, FieldType::Date | FieldType::Timestamp)
            }
        };
        if !fits {
            return Err(mismatch(name, field, "the list holds values of another kind"));
        }
        Ok(Condition::Sentinel(place, Arc::clone(found)))
    }

    fn names_code(
        &mut self,
        text: &Word<'_>,
        code: &Word<'_>,
    ) -> Result<Condition, ExpressionError> {
        let place = self.text(text, "only a text can name a code")?;
        let (of, field) = self.place(code)?;
        let list = match field.kind {
            FieldType::Code(list) if !self.fields.lists.is_large(list) => {
                self.fields.lists.get(list)
            }
            _ => None,
        };
        let Some(list) = list else { return Err(mismatch(code, field, "only codes have names")) };
        let names = list.codes().iter();
        let names = names.map(|c| CodeName { code: c.code.clone(), name: c.name.clone() });
        let names: Arc<[CodeName]> = names.collect();
        if names.len() > CODE_NAMES_MAX {
            let message = format!("the code list `{}` is too long for this", list.name);
            return Err(ExpressionError::new(code.span.clone(), message));
        }
        Ok(Condition::NamesCode { text: place, code: of, names })
    }

    fn compare(
        &mut self,
        op: Comparison,
        left: &syntax::Term<'_>,
        right: &syntax::Term<'_>,
    ) -> Result<Condition, ExpressionError> {
        let left_kind = self.kind(left)?;
        let right_kind = self.kind(right)?;
        let Some(kind) = left_kind.or(right_kind) else {
            let span = left.span().start..right.span().end;
            return Err(ExpressionError::new(span, "a comparison needs a field"));
        };
        let is_ordering = !matches!(op, Comparison::Equal | Comparison::NotEqual);
        if is_ordering && !kind.has_order() {
            let message = format!("{} has no order; use == or !=", kind.name());
            return Err(ExpressionError::new(left.span().start..right.span().end, message));
        }
        let left = self.operand(left, kind)?;
        let right = self.operand(right, kind)?;
        Ok(Condition::Compare(op, left, right))
    }

    /// The kind of a term that names a field; literals take the other side's.
    fn kind(&self, term: &syntax::Term<'_>) -> Result<Option<Kind>, ExpressionError> {
        match term {
            syntax::Term::Name(name) => Ok(Some(Kind::of(self.field(name)?.1.kind))),
            syntax::Term::Length(_) | syntax::Term::Count(_) => Ok(Some(Kind::Number)),
            syntax::Term::DateOf(name) => {
                let (_, field) = self.field(name)?;
                let has_date = match field.kind {
                    FieldType::Timestamp | FieldType::Identifier(IdentifierKind::Dossier) => true,
                    _ => field.pattern.as_ref().is_some_and(|pattern| pattern.is_dossier()),
                };
                if has_date {
                    return Ok(Some(Kind::Date));
                }
                Err(mismatch(name, field, "only timestamps and dossier codes have a date inside"))
            }
            _ => Ok(None),
        }
    }

    fn operand(&mut self, term: &syntax::Term<'_>, kind: Kind) -> Result<Term, ExpressionError> {
        let wrong = |word: &Word<'_>| {
            let message = format!("{} can't be compared with `{}`", kind.name(), word.text);
            ExpressionError::new(word.span.clone(), message)
        };
        match term {
            syntax::Term::Name(name) => {
                let (place, field) = self.place(name)?;
                if !kind.fits(Kind::of(field.kind)) {
                    return Err(wrong(name));
                }
                Ok(Term::Value(place))
            }
            syntax::Term::DateOf(name) if kind == Kind::Date => {
                Ok(Term::DateOf(self.place(name)?.0))
            }
            syntax::Term::Length(name) if kind == Kind::Number => {
                Ok(Term::Length(self.text(name, "only texts have a length")?))
            }
            syntax::Term::Count(name) if kind == Kind::Number => {
                let Some((group, found)) = self.group(name) else {
                    let known = self.fields.groups.iter().map(|group| &*group.path);
                    return Err(unknown("group", name, known));
                };
                self.note(name.text);
                Ok(Term::Count { group, width: found.fields.len() })
            }
            syntax::Term::DateOf(name) | syntax::Term::Length(name) | syntax::Term::Count(name) => {
                Err(wrong(name))
            }
            syntax::Term::Boolean(value, _) if kind == Kind::Boolean => Ok(Term::Boolean(*value)),
            syntax::Term::Boolean(_, span) => {
                let message = format!("{} is neither true nor false", kind.name());
                Err(ExpressionError::new(span.clone(), message))
            }
            syntax::Term::Number(word) => number(word, kind).ok_or_else(|| wrong(word)),
            syntax::Term::Text(word) => self.literal(word, kind).ok_or_else(|| match kind {
                Kind::Code(_) => {
                    let message = format!("the code list has no code `{}`", word.text);
                    ExpressionError::new(word.span.clone(), message)
                }
                _ => wrong(word),
            }),
        }
    }

    fn literal(&self, word: &Word<'_>, kind: Kind) -> Option<Term> {
        match kind {
            Kind::Text => Some(Term::Text(word.text.into())),
            Kind::Code(list) => {
                let list = self.fields.lists.get(CodeListId(list))?;
                list.contains(word.text).then(|| Term::Text(word.text.into()))
            }
            Kind::Date => Some(Term::Constant(Bound::Date(Date::parse_iso(word.text)?))),
            Kind::Timestamp => Timestamp::parse_canonical(word.text)
                .map(|instant| Term::Constant(Bound::Timestamp(instant))),
            Kind::Number | Kind::Boolean => None,
        }
    }

    fn place(&mut self, name: &Word<'_>) -> Result<(Place, &'a Field), ExpressionError> {
        self.note(name.text);
        self.field(name)
    }

    /// A field of text, or why it is none.
    fn text(&mut self, name: &Word<'_>, why: &str) -> Result<Place, ExpressionError> {
        let (place, field) = self.place(name)?;
        if Kind::of(field.kind) != Kind::Text {
            return Err(mismatch(name, field, why));
        }
        Ok(place)
    }

    fn group(&self, name: &Word<'_>) -> Option<(usize, &'a Group)> {
        self.fields.groups.iter().enumerate().find(|(_, group)| *group.path == *name.text)
    }

    /// Remembers the first field named, which a fault is shown at.
    fn note(&mut self, name: &str) {
        self.first.get_or_insert_with(|| Arc::from(name));
    }

    fn field(&self, name: &Word<'_>) -> Result<(Place, &'a Field), ExpressionError> {
        self.find(name.text).ok_or_else(|| {
            let row = self.fields.row.map_or(&[][..], |group| &group.fields);
            let known = row.iter().chain(self.fields.record).map(|field| &*field.name);
            unknown("field", name, known)
        })
    }

    /// A field of the row hides one of the record with the same name.
    fn find(&self, name: &str) -> Option<(Place, &'a Field)> {
        let position = |fields: &'a [Field]| fields.iter().zip(0..).find(|(f, _)| *f.name == *name);
        let row = self.fields.row.and_then(|group| position(&group.fields));
        row.map(|(field, index)| (Place::Row(index), field)).or_else(|| {
            position(self.fields.record).map(|(field, index)| (Place::Record(index), field))
        })
    }
}

/// What can be compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Code(u32),
    Number,
    Boolean,
    Date,
    Timestamp,
}

impl Kind {
    const fn of(kind: FieldType) -> Self {
        match kind {
            FieldType::Text | FieldType::Identifier(_) => Self::Text,
            FieldType::Code(list) => Self::Code(list.0),
            FieldType::Integer | FieldType::Decimal => Self::Number,
            FieldType::Boolean => Self::Boolean,
            FieldType::Date => Self::Date,
            FieldType::Timestamp => Self::Timestamp,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Code(_) => "a code",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Date => "a date",
            Self::Timestamp => "a timestamp",
        }
    }

    const fn has_order(self) -> bool {
        matches!(self, Self::Number | Self::Date | Self::Timestamp)
    }

    fn fits(self, other: Self) -> bool {
        self == other
    }
}

/// A number as a constant of its kind.
fn number(word: &Word<'_>, kind: Kind) -> Option<Term> {
    if kind != Kind::Number {
        return None;
    }
    let bound = match word.text.parse() {
        Ok(number) => Bound::Integer(number),
        Err(_) => {
            Bound::Decimal(Some(word.text).filter(|text| decimal::is_canonical(text))?.into())
        }
    };
    Some(Term::Constant(bound))
}

fn unknown<'a>(
    what: &str,
    name: &Word<'_>,
    known: impl Iterator<Item = &'a str>,
) -> ExpressionError {
    let error = ExpressionError::new(name.span.clone(), format!("no {what} `{}`", name.text));
    match nearest(name.text, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

fn mismatch(name: &Word<'_>, field: &Field, why: &str) -> ExpressionError {
    let message = format!("`{}` is of type {}: {why}", name.text, field.kind.name());
    ExpressionError::new(name.span.clone(), message)
}
