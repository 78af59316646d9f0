//! Lists in texts: `split`, `by` and `trailing` of a group.

use super::Compiler;
use super::keys::{Keys, Value};
use super::scope::Scope;
use crate::trie::{Column, Split};

/// The texts whose parts make the rows of a group.
pub(super) struct Columns {
    /// Each text's path as it is written, by which the fields name it.
    names: Vec<Box<str>>,
    texts: Vec<Column>,
    by: Box<str>,
    is_closed: bool,
}

/// Characters of a mark; more are no mark.
const MARK_MAX: usize = 16;

impl Columns {
    /// The texts as the fields of the group name them.
    pub(super) fn names(&self) -> Vec<Box<str>> {
        self.names.clone()
    }

    /// What stands between the parts.
    pub(super) fn by(&self) -> Box<str> {
        self.by.clone()
    }

    /// The split of a scope, from the rows of another.
    pub(super) fn into_split(self, scope: usize, parent: usize) -> Split {
        let Self { texts, by, is_closed, .. } = self;
        Split { scope, parent, columns: texts.into(), by, is_closed }
    }
}

impl Compiler<'_> {
    /// Reads the lists in texts that make the rows of a group, if they do; they are texts of the
    /// scope around the group.
    pub(super) fn split(&mut self, keys: &mut Keys<'_, '_>, scope: &mut Scope) -> Option<Columns> {
        let (split, by) = (keys.get("split"), keys.get("by"));
        let trailing = keys.get("trailing");
        let Some(split) = split else {
            for (key, value) in [("by", by), ("trailing", trailing)] {
                if let Some(value) = value {
                    let message = format!("`{key}` is for `split` alone");
                    self.problem("LT-3003", value.span(), message, "no `split` here", None);
                }
            }
            return None;
        };
        if keys.has("each") {
            let message = "the group has both `each` and `split`";
            let hint = Some("rows are the elements of a list or the parts of texts".to_owned());
            self.problem("LT-3003", split.span(), message, "a second source", hint);
        }
        let by = if let Some(by) = by {
            self.mark_between(by)
        } else {
            let hint = Some("say what stands between the parts: `by = \"##\"`".to_owned());
            self.problem("LT-3003", split.span(), "`split` needs `by`", "by what?", hint);
            None
        };
        let is_closed = trailing.is_some_and(|value| self.is_closed(value));
        let (names, texts) = self.columns(split, scope)?;
        Some(Columns { names, texts, by: by?, is_closed })
    }

    /// The mark between the parts.
    fn mark_between(&mut self, value: Value<'_, '_>) -> Option<Box<str>> {
        let (mark, span) = self.word(value)?;
        let is_blank = mark.trim().is_empty() && !mark.contains(['\n', '\t']);
        if is_blank || mark.chars().count() > MARK_MAX {
            let message = format!("a mark between parts has 1 to {MARK_MAX} characters");
            let hint = Some("blanks alone are none, but line ends and tabs are".to_owned());
            self.problem("LT-3003", span, message, "no mark", hint);
            return None;
        }
        Some(mark.into())
    }

    /// Whether a mark at the end of a text ends its last part.
    fn is_closed(&mut self, value: Value<'_, '_>) -> bool {
        let Some((word, span)) = self.word(value) else { return false };
        if word != "ignore" {
            let message = format!("`{word}` is not what becomes of a mark at the end");
            let hint = "write `trailing = \"ignore\"`, or leave it out: then an empty part follows";
            self.problem("LT-3003", span, message, "unknown word", Some(hint.to_owned()));
        }
        true
    }

    fn columns(
        &mut self,
        value: Value<'_, '_>,
        scope: &mut Scope,
    ) -> Option<(Vec<Box<str>>, Vec<Column>)> {
        let before = self.problems.len();
        let texts = self.texts(value, "`split`");
        if texts.is_empty() && self.problems.len() == before {
            let hint = Some("name the texts: `split = [\"TenTep\", \"DuongDan\"]`".to_owned());
            self.problem("LT-3003", value.span(), "`split` names no text", "no texts", hint);
        }
        let (mut names, mut columns): (Vec<Box<str>>, Vec<Column>) = (Vec::new(), Vec::new());
        for (text, span) in texts {
            if names.iter().any(|name| **name == *text) {
                let message = format!("`{text}` stands in `split` twice");
                self.problem("LT-3003", span, message, "again", None);
                continue;
            }
            if let Some((slot, shown)) = self.column(&text, span, scope) {
                names.push(text.into());
                columns.push(Column { slot, shown: shown.into() });
            }
        }
        (self.problems.len() == before).then_some((names, columns))
    }
}
