//! Parts of a JSON document by their keys, as slices of it, found in one pass.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Keys on the way to a part of a JSON document; none for the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

/// A part of a document that is known to be JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a>(pub(crate) &'a str);

impl Path {
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("."))
    }
}

/// Finds the parts that paths lead to; as many as there are paths. The whole document is read, so
/// what is found lies in JSON. Of a key that is there twice the last counts, as in most readers.
pub(crate) fn find<'a>(
    json: &'a str,
    paths: &[Option<&Path>],
) -> Result<Vec<Option<Part<'a>>>, serde_json::Error> {
    let mut found = vec![None; paths.len()];
    let wanted = paths.iter().enumerate();
    let wanted = wanted.filter_map(|(slot, path)| Some((slot, path.as_ref()?.0.as_slice())));
    find_into(json, &wanted.collect::<Vec<_>>(), &mut found)?;
    Ok(found)
}

/// The slots to fill, each with the keys that still lead to its part.
type Wanted<'p> = [(usize, &'p [String])];

fn find_into<'a>(
    json: &'a str,
    wanted: &Wanted<'_>,
    found: &mut [Option<Part<'a>>],
) -> Result<(), serde_json::Error> {
    let is_object = json.trim_start().starts_with('{');
    if !is_object || wanted.iter().any(|(_, keys)| keys.is_empty()) {
        let whole: &RawValue = serde_json::from_str(json)?;
        for (slot, _) in wanted.iter().filter(|(_, keys)| keys.is_empty()) {
            if let Some(place) = found.get_mut(*slot) {
                *place = Some(Part(whole.get()));
            }
        }
    }
    if !is_object {
        return Ok(());
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let members = reader.deserialize_map(Members { wanted })?;
    reader.end()?;
    for (key, member) in members {
        let inner: Vec<_> = wanted
            .iter()
            .filter_map(|(slot, keys)| match keys.split_first() {
                Some((first, rest)) if first == key => Some((*slot, rest)),
                _ => None,
            })
            .collect();
        for (slot, _) in &inner {
            if let Some(place) = found.get_mut(*slot) {
                *place = None;
            }
        }
        let is_end = inner.iter().all(|(_, rest)| rest.is_empty());
        if is_end {
            for (slot, _) in inner {
                if let Some(place) = found.get_mut(slot) {
                    *place = Some(Part(member.get()));
                }
            }
        } else {
            find_into(member.get(), &inner, found)?;
        }
    }
    Ok(())
}

/// Reads the members of an object that are wanted and passes over the others.
struct Members<'w, 'p> {
    wanted: &'w Wanted<'p>,
}

impl<'de, 'p> Visitor<'de> for Members<'_, 'p> {
    type Value = Vec<(&'p str, &'de RawValue)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let first = |keys: &'p [String]| keys.first().map(String::as_str);
            let is_wanted = self
                .wanted
                .iter()
                .find_map(|(_, keys)| first(keys).filter(|first| **first == *key));
            match is_wanted {
                Some(key) => members.push((key, map.next_value()?)),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(members)
    }
}

impl<'a> Part<'a> {
    /// The part as text: a string's content, or a number, word or structure as it stands. Nothing
    /// for null.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let part = self.0.trim();
        match part.as_bytes().first()? {
            b'"' => serde_json::from_str::<String>(part).ok().map(Cow::Owned),
            b'n' => None,
            _ => Some(Cow::Borrowed(part)),
        }
    }

    pub(crate) fn flag(self) -> Option<bool> {
        match &*self.text()? {
            "true" | "1" | "True" => Some(true),
            "false" | "0" | "False" => Some(false),
            _ => None,
        }
    }
}
