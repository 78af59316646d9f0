//! A first mapping for a feed, proposed from its shape: names, types, forms and values.
//!
//! Every line is a guess and says so, with what speaks for it. What nothing speaks for is left out and
//! listed: nothing is invented to make the mapping complete.

mod fit;
mod names;
mod places;
mod write;

use std::collections::BTreeMap;

use lienthong_shape::Shape;
use lienthong_standard::{Field, RecordType, Standard};

use fit::Fit;
use names::Synonyms;
use places::{Place, Rows};

/// The least score of a guess that is written down.
const SCORE_MIN: f32 = 0.5;

/// A proposed mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The mapping's file, with every guess marked.
    pub text: String,
    /// How many fields have a guess.
    pub guessed: usize,
    /// Required fields for which nothing was found.
    pub missing: Vec<String>,
}

/// A guess for one field.
struct Guess<'s> {
    place: &'s Place<'s>,
    score: f32,
    name: f32,
    fit: Fit,
}

/// The guesses for the fields of a record or of the rows of a group, by their place.
type Guesses<'s> = BTreeMap<usize, Guess<'s>>;

/// The guesses for one group.
struct GroupGuess<'s> {
    group: usize,
    rows: &'s Rows<'s>,
    fields: Guesses<'s>,
}

/// Proposes a mapping of the shape's feed to a record type.
pub fn suggest(shape: &Shape, standard: &Standard, record_type: &RecordType) -> Suggestion {
    let synonyms = Synonyms::new();
    let item = places::of_item(&shape.root);
    let known = |field: &Field| synonyms.of_record(&record_type.name, &field.name);
    let fields = guesses(standard, &record_type.fields, &item.places, known);
    let mut groups: Vec<GroupGuess<'_>> = Vec::new();
    for (index, group) in record_type.groups.iter().enumerate() {
        // Groups inside groups and single objects are left to a person.
        if group.parent.is_some() || group.single {
            continue;
        }
        let own_names = synonyms.of_group(&group.name);
        let named = item.lists.iter().filter_map(|rows| {
            let score = names::likeness(&rows.words, &group.name, &group.title, own_names);
            let is_free = !groups.iter().any(|other| other.rows.path == rows.path);
            (score >= SCORE_MIN && is_free).then_some((score, rows))
        });
        let Some((_, rows)) = named.max_by(|one, other| one.0.total_cmp(&other.0)) else {
            continue;
        };
        let known = |field: &Field| synonyms.of_group_field(&field.name);
        let fields = guesses(standard, &group.fields, &rows.places, known);
        if !fields.is_empty() {
            groups.push(GroupGuess { group: index, rows, fields });
        }
    }
    write::written(shape, record_type, standard, &item, &fields, &groups)
}

/// The best place for each field, each place for one field; the surest guess first.
fn guesses<'s, 'n>(
    standard: &Standard,
    fields: &[Field],
    places: &'s [Place<'s>],
    known: impl Fn(&Field) -> &'n [String],
) -> Guesses<'s> {
    let mut all = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        for (at, place) in places.iter().enumerate() {
            let name = names::likeness(&place.words, &field.name, &field.title, known(field));
            let Some(fit) = fit::of(standard, field, place.node) else { continue };
            let score = name * 0.7 + fit.weight * 0.3;
            if name > 0.0 && score >= SCORE_MIN {
                all.push((index, at, Guess { place, score, name, fit }));
            }
        }
    }
    all.sort_by(|one, other| {
        other.2.score.total_cmp(&one.2.score).then((one.0, one.1).cmp(&(other.0, other.1)))
    });
    let (mut found, mut taken) = (Guesses::new(), Vec::new());
    for (field, at, guess) in all {
        if !found.contains_key(&field) && !taken.contains(&at) {
            taken.push(at);
            found.insert(field, guess);
        }
    }
    found
}

#[cfg(test)]
mod tests;
