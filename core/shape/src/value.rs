//! An item as a tree, JSON and XML alike: what is learned from, and what is compared.

mod json;
mod xml;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::Format;

/// Levels of objects, lists or elements in an item.
const DEPTH_MAX: usize = 64;
/// Bytes of an item.
const BYTES_MAX: usize = 16 << 20;
/// Values of an item: a tree takes far more memory than its text.
const VALUES_MAX: usize = 200_000;

/// Why an item has no shape. A mapping refuses such an item as well, or reads past what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not what the feed's format says.
    #[error("the item is not {}", format.name())]
    Malformed {
        /// The format.
        format: Format,
    },
    /// A name occurs twice in one object.
    #[error("a name occurs twice in one object")]
    Duplicate,
    /// It is nested too deeply or has too many values.
    #[error("the item is too deep or too big")]
    TooBig,
}

/// A value of an item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean,
    /// A number, as it is written.
    Number(&'a str),
    Text(Cow<'a, str>),
    Object(Vec<(Cow<'a, str>, Self)>),
    List(Vec<Self>),
}

/// Reads an item.
pub(crate) fn read(format: Format, item: &[u8]) -> Result<Value<'_>, Unreadable> {
    if item.len() > BYTES_MAX {
        return Err(Unreadable::TooBig);
    }
    match format {
        Format::Json | Format::Row => json::read(format, item),
        Format::Xml => xml::read(item),
    }
}

/// Whether no two members have the same name.
fn are_distinct(members: &[(Cow<'_, str>, Value<'_>)]) -> bool {
    // Most objects have few members, and comparing these is faster than hashing them.
    if members.len() <= 16 {
        let mut rest = members;
        while let Some(((name, _), behind)) = rest.split_first() {
            if behind.iter().any(|(other, _)| other == name) {
                return false;
            }
            rest = behind;
        }
        return true;
    }
    let mut seen = std::collections::HashSet::with_capacity(members.len());
    members.iter().all(|(name, _)| seen.insert(&**name))
}
