//! Random items of a shape, for property tests: whatever holds of a shape has to hold of these.

mod made;
mod texts;

use std::sync::Arc;

use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

use crate::node::{ListSeen, Node, NumberSeen, TextSeen};
use crate::{Claims, Format, Probe, Shape, decimal};

use made::Made;

/// Tries before an item is given up: what is drawn for one place can spoil another in XML.
const TRIES: usize = 32;
/// Elements of a list: enough for what can go wrong with lists.
const ELEMENTS_MAX: u32 = 5;

/// Makes a random item that fits a shape; none where no text could be found that has all the forms
/// that a place claims.
///
/// `draw` gives candidates for a form by its name; for dates, timestamps, decimals, integers and
/// telephone numbers it need not know any.
pub fn item<R: Rng>(
    shape: &Shape,
    probes: &[Arc<dyn Probe>],
    rng: &mut R,
    draw: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let claims = Claims::new(shape, probes);
    for _ in 0..TRIES {
        let mut maker = Maker { format: shape.format, probes, rng, draw };
        let Some(made) = maker.node(&shape.root) else { continue };
        let item = made.write(shape.format);
        if claims.fits(&item).is_ok() {
            return Some(item);
        }
    }
    None
}

/// What an item is made with.
struct Maker<'m, R> {
    format: Format,
    probes: &'m [Arc<dyn Probe>],
    rng: &'m mut R,
    draw: &'m mut dyn FnMut(&str) -> Option<String>,
}

/// What a place may be.
#[derive(Clone, Copy)]
enum Choice<'n> {
    Null,
    Text(&'n TextSeen),
    Number(&'n NumberSeen),
    Boolean,
    Object,
    List(&'n ListSeen),
}

impl<R: Rng> Maker<'_, R> {
    /// Makes a value; none where nothing fits.
    fn node(&mut self, node: &Node) -> Option<Made> {
        let mut choices = Vec::new();
        if node.null > 0 {
            choices.push(Choice::Null);
        }
        choices.extend(node.text.as_ref().map(Choice::Text));
        choices.extend(node.number.as_ref().map(Choice::Number));
        if node.boolean > 0 {
            choices.push(Choice::Boolean);
        }
        if node.object > 0 {
            choices.push(Choice::Object);
        }
        choices.extend(node.list.as_ref().map(Choice::List));
        while !choices.is_empty() {
            let at = self.rng.random_range(0..choices.len());
            let made = match choices.swap_remove(at) {
                Choice::Null => Some(Made::Null),
                Choice::Text(seen) => self.text(seen).map(Made::Text),
                Choice::Number(seen) => Some(Made::Raw(self.number(seen))),
                Choice::Boolean => Some(Made::Raw(self.rng.random::<bool>().to_string())),
                Choice::Object => self.object(node),
                Choice::List(seen) => self.list(seen),
            };
            if made.is_some() {
                return made;
            }
        }
        None
    }

    fn object(&mut self, node: &Node) -> Option<Made> {
        let mut members = Vec::new();
        for (name, member) in &node.members {
            if member.absent > 0 && self.rng.random_ratio(1, 3) {
                continue;
            }
            match self.node(member) {
                Some(made) => members.push((name.to_string(), made)),
                None if member.absent > 0 => {}
                None => return None,
            }
        }
        if let Some(others) = &node.others {
            for nth in 0..self.rng.random_range(0..4) {
                let name = format!("key{nth}");
                let is_free = !node.members.contains_key(name.as_str());
                members.extend(self.node(others).filter(|_| is_free).map(|made| (name, made)));
            }
        }
        Some(Made::Object(members))
    }

    fn list(&mut self, seen: &ListSeen) -> Option<Made> {
        let most = seen.len_max.min(seen.len_min.saturating_add(ELEMENTS_MAX));
        let length = self.rng.random_range(seen.len_min..=most);
        let elements = (0..length).map(|_| self.node(&seen.element));
        elements.collect::<Option<_>>().map(Made::List)
    }

    fn number(&mut self, seen: &NumberSeen) -> String {
        if let Some(values) = seen.values.as_ref().filter(|values| !values.is_empty()) {
            let values: Vec<&str> = values.keys().map(|value| &**value).collect();
            return values.choose(self.rng).map_or_else(String::new, |value| (*value).to_owned());
        }
        if let Some((least, most)) = &seen.range {
            return self.number_between(least, most);
        }
        let digits = seen.chars_max.clamp(1, 18);
        let is_odd = seen.whole < seen.count && seen.chars_max >= 3;
        if is_odd && self.rng.random() {
            let odd = ["1.5", "0.0", "1e2", "2.0"].choose(self.rng).copied();
            return odd.unwrap_or("0").to_owned();
        }
        self.rng.random_range(0..10_u64.pow(digits)).to_string()
    }

    fn number_between(&mut self, least: &str, most: &str) -> String {
        let whole = |text: &str| text.split('.').next().and_then(|text| text.parse::<i64>().ok());
        let ends = [least.to_owned(), most.to_owned()];
        if let (Some(low), Some(high)) = (whole(least), whole(most))
            && low <= high
            && self.rng.random()
        {
            let number = self.rng.random_range(low..=high).to_string();
            let is_within = !decimal::compare(&number, least).is_lt()
                && !decimal::compare(&number, most).is_gt();
            if is_within {
                return number;
            }
        }
        ends.choose(self.rng).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
