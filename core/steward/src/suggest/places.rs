//! The places of a shape that a mapping could read: values of the item, and lists of objects.

use lienthong_shape::Node;

use super::names::words;

/// How systems call the Vietnamese language.
const VIETNAMESE: [&str; 3] = ["228", "vi", "vi-VN"];

/// A place that holds values.
pub(super) struct Place<'s> {
    /// Its path, as the mapping language writes it.
    pub(super) path: String,
    /// The words of each step.
    pub(super) words: Vec<Vec<String>>,
    pub(super) node: &'s Node,
}

/// A list of objects.
pub(super) struct Rows<'s> {
    /// Its path, as the mapping language writes it.
    pub(super) path: String,
    /// The words of each step.
    pub(super) words: Vec<Vec<String>>,
    /// The places in each element.
    pub(super) places: Vec<Place<'s>>,
}

/// What an item holds.
#[derive(Default)]
pub(super) struct Item<'s> {
    pub(super) places: Vec<Place<'s>>,
    pub(super) lists: Vec<Rows<'s>>,
}

/// All places of an item, in the order of their names.
pub(super) fn of_item(root: &Node) -> Item<'_> {
    let mut item = Item::default();
    walk(root, "", &[], &mut item);
    item
}

fn walk<'s>(node: &'s Node, path: &str, above: &[Vec<String>], item: &mut Item<'s>) {
    for (name, member) in &node.members {
        let path = if path.is_empty() { step(name) } else { format!("{path}.{}", step(name)) };
        let mut steps = above.to_vec();
        steps.push(words(name));
        let has_values = member.text.is_some() || member.number.is_some() || member.boolean > 0;
        if has_values {
            item.places.push(Place { path: path.clone(), words: steps.clone(), node: member });
        }
        if let Some(list) = &member.list
            && !list.element.members.is_empty()
        {
            by_language(&list.element, &path, &steps, item);
            // Lists in lists are left to a person.
            let mut inner = Item::default();
            walk(&list.element, "", &[], &mut inner);
            let (path, words) = (path.clone(), steps.clone());
            item.lists.push(Rows { path, words, places: inner.places });
        }
        if member.object > 0 {
            walk(member, &path, &steps, item);
        }
    }
}

/// A name in several languages is a list of them: the Vietnamese one is told by its language.
fn by_language<'s>(element: &'s Node, path: &str, above: &[Vec<String>], item: &mut Item<'s>) {
    let Some((key, value)) = element.members.iter().find_map(|(key, member)| {
        let numbers = member.number.as_ref().and_then(|number| number.values.as_ref());
        let texts = member.text.as_ref().and_then(|text| text.values.as_ref());
        let values = numbers.into_iter().chain(texts).flat_map(|values| values.keys());
        let mut vietnamese = values.filter(|value| VIETNAMESE.contains(&&***value));
        let is_language = words(key).iter().any(|word| word.starts_with("lang"));
        vietnamese.next().filter(|_| is_language).map(|value| (key, value))
    }) else {
        return;
    };
    for (name, member) in &element.members {
        if member.text.is_some() && name != key {
            let path = format!("{path}[{}={value}].{}", step(key), step(name));
            item.places.push(Place { path, words: above.to_vec(), node: member });
        }
    }
}

/// One step of a path: a name with points or brackets stands in quotes.
fn step(name: &str) -> String {
    if name.contains(['.', '[', ']']) { format!("\"{name}\"") } else { name.to_owned() }
}
