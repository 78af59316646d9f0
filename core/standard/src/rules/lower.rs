//! From the tree of an expression to its flat program, with names and types checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_diagnostics::nearest;

use crate::codes::CodeListId;
use crate::lists::Lists;
use crate::pattern::Pattern;
use crate::{Bound, Date, Field, FieldType, Group, IdentifierKind, Timestamp, decimal};

use super::syntax::{Term, Tree, Word, parse};
use super::{Comparison, DEPTH_MAX, ExpressionError, Op, Operand, Program, Slot};

/// What an expression may name.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) record: &'a [Field],
    pub(crate) groups: &'a [Group],
    /// The group whose rows the rule is about.
    pub(crate) row: Option<&'a Group>,
    pub(crate) lists: &'a Lists,
    pub(crate) patterns: &'a BTreeMap<Arc<str>, Arc<Pattern>>,
}

/// A compiled expression and the first field that it names.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) program: Program,
    pub(crate) field: Option<Arc<str>>,
}

/// Compiles an expression.
pub(crate) fn lower(text: &str, fields: Fields<'_>) -> Result<Lowered, ExpressionError> {
    let tree = parse(text)?;
    let mut lowering = Lowering { fields, ops: Vec::new(), first: None };
    let height = lowering.tree(&tree)?;
    if height > DEPTH_MAX {
        return Err(ExpressionError::new(0..text.len(), "the expression nests too deep"));
    }
    Ok(Lowered { program: Program { ops: lowering.ops }, field: lowering.first })
}

struct Lowering<'a> {
    fields: Fields<'a>,
    ops: Vec<Op>,
    first: Option<Arc<str>>,
}

impl<'a> Lowering<'a> {
    /// Appends the tree's operations; answers how high the stack gets.
    fn tree(&mut self, tree: &Tree<'_>) -> Result<usize, ExpressionError> {
        match tree {
            Tree::Or(sides) => self.pair(sides, Op::Or),
            Tree::And(sides) => self.pair(sides, Op::And),
            Tree::Not(inner) => {
                let height = self.tree(inner)?;
                self.ops.push(Op::Not);
                Ok(height)
            }
            Tree::Present(name) => {
                let group = self.fields.groups.iter().position(|group| *group.path == *name.text);
                let slot = match group {
                    Some(index) if self.find(name.text).is_none() => {
                        self.note(name.text);
                        Slot::Group(index)
                    }
                    _ => self.slot(name)?.0,
                };
                self.ops.push(Op::Present(slot));
                Ok(1)
            }
            Tree::Matches(name, pattern) => {
                let (slot, field) = self.slot(name)?;
                if !matches!(field.kind, FieldType::Text | FieldType::Identifier(_)) {
                    return Err(mismatch(name, field, "only text can match a pattern"));
                }
                let Some(found) = self.fields.patterns.get(pattern.text) else {
                    let known = self.fields.patterns.keys().map(|name| &**name);
                    return Err(unknown("pattern", pattern, known));
                };
                self.ops.push(Op::Matches(slot, Arc::clone(found)));
                Ok(1)
            }
            Tree::Compare(op, left, right) => {
                let op = self.compare(*op, left, right)?;
                self.ops.push(op);
                Ok(1)
            }
        }
    }

    fn pair(&mut self, sides: &[Tree<'_>; 2], op: Op) -> Result<usize, ExpressionError> {
        let [left, right] = sides;
        let left = self.tree(left)?;
        let right = self.tree(right)? + 1;
        self.ops.push(op);
        Ok(left.max(right))
    }

    fn compare(
        &mut self,
        op: Comparison,
        left: &Term<'_>,
        right: &Term<'_>,
    ) -> Result<Op, ExpressionError> {
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
        Ok(Op::Compare { op, left, right })
    }

    /// The kind of a term that names a field; literals take the other side's.
    fn kind(&self, term: &Term<'_>) -> Result<Option<Kind>, ExpressionError> {
        match term {
            Term::Name(name) => Ok(Some(Kind::of(self.field(name)?.1.kind))),
            Term::DateOf(name) => {
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

    fn operand(&mut self, term: &Term<'_>, kind: Kind) -> Result<Operand, ExpressionError> {
        let wrong = |word: &Word<'_>| {
            let message = format!("{} can't be compared with `{}`", kind.name(), word.text);
            ExpressionError::new(word.span.clone(), message)
        };
        match term {
            Term::Name(name) => {
                let (slot, field) = self.slot(name)?;
                if !kind.fits(Kind::of(field.kind)) {
                    return Err(wrong(name));
                }
                Ok(Operand::Slot(slot))
            }
            Term::DateOf(name) if kind == Kind::Date => Ok(Operand::DateOf(self.slot(name)?.0)),
            Term::DateOf(name) => Err(wrong(name)),
            Term::Boolean(value, _) if kind == Kind::Boolean => Ok(Operand::Boolean(*value)),
            Term::Boolean(_, span) => {
                let message = format!("{} is neither true nor false", kind.name());
                Err(ExpressionError::new(span.clone(), message))
            }
            Term::Number(word) => {
                let number = word.text;
                match (kind, number.parse()) {
                    (Kind::Number, Ok(number)) => Ok(Operand::Constant(Bound::Integer(number))),
                    (Kind::Number, Err(_)) if decimal::is_canonical(number) => {
                        Ok(Operand::Constant(Bound::Decimal(number.into())))
                    }
                    _ => Err(wrong(word)),
                }
            }
            Term::Text(word) => self.literal(word, kind).ok_or_else(|| match kind {
                Kind::Code(_) => {
                    let message = format!("the code list has no code `{}`", word.text);
                    ExpressionError::new(word.span.clone(), message)
                }
                _ => wrong(word),
            }),
        }
    }

    fn literal(&self, word: &Word<'_>, kind: Kind) -> Option<Operand> {
        match kind {
            Kind::Text => Some(Operand::Text(word.text.into())),
            Kind::Code(list) => {
                let list = self.fields.lists.get(CodeListId(list))?;
                list.contains(word.text).then(|| Operand::Text(word.text.into()))
            }
            Kind::Date => Some(Operand::Constant(Bound::Date(Date::parse_iso(word.text)?))),
            Kind::Timestamp => Timestamp::parse_canonical(word.text)
                .map(|instant| Operand::Constant(Bound::Timestamp(instant))),
            Kind::Number | Kind::Boolean => None,
        }
    }

    fn slot(&mut self, name: &Word<'_>) -> Result<(Slot, &'a Field), ExpressionError> {
        self.note(name.text);
        self.field(name)
    }

    /// Remembers the first field named, which a fault is shown at.
    fn note(&mut self, name: &str) {
        self.first.get_or_insert_with(|| Arc::from(name));
    }

    fn field(&self, name: &Word<'_>) -> Result<(Slot, &'a Field), ExpressionError> {
        self.find(name.text).ok_or_else(|| {
            let row = self.fields.row.map_or(&[][..], |group| &group.fields);
            let known = row.iter().chain(self.fields.record).map(|field| &*field.name);
            unknown("field", name, known)
        })
    }

    /// A field of the row hides one of the record with the same name.
    fn find(&self, name: &str) -> Option<(Slot, &'a Field)> {
        let position = |fields: &'a [Field]| fields.iter().zip(0..).find(|(f, _)| *f.name == *name);
        let row = self.fields.row.and_then(|group| position(&group.fields));
        row.map(|(field, index)| (Slot::Row(index), field)).or_else(|| {
            position(self.fields.record).map(|(field, index)| (Slot::Record(index), field))
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
