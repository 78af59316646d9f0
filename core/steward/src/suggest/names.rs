//! How alike two names are: without marks, signs and capitals, and by the names that systems use.

use std::collections::{BTreeMap, BTreeSet};

use lienthong_standard::Title;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The names that systems use, as data.
const SYNONYMS: &str = include_str!("../../data/synonyms.toml");

/// The names that systems use for national fields.
pub(super) struct Synonyms {
    pub(super) by_table: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Synonyms {
    /// The file is part of the program, and a test reads it: one that can't be read has no names.
    pub(super) fn new() -> Self {
        Self { by_table: toml::from_str(SYNONYMS).unwrap_or_default() }
    }

    pub(super) fn of_record(&self, record_type: &str, field: &str) -> &[String] {
        self.of(record_type, field)
    }

    pub(super) fn of_group(&self, group: &str) -> &[String] {
        self.of("groups", group)
    }

    pub(super) fn of_group_field(&self, field: &str) -> &[String] {
        self.of("group-fields", field)
    }

    fn of(&self, table: &str, name: &str) -> &[String] {
        self.by_table.get(table).and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }
}

/// How alike a source path (its words, from the item down) and a national field are, from 0 to 1.
pub(super) fn likeness(path: &[Vec<String>], field: &str, title: &Title, known: &[String]) -> f32 {
    let Some(own) = path.last() else { return 0.0 };
    // The last steps of the path together: `procedure.code` is more than `code`.
    let ends = (1..=path.len().min(3)).map(|steps| {
        path.iter().rev().take(steps).rev().flatten().map(String::as_str).collect::<String>()
    });
    let ends: Vec<String> = ends.collect();
    let own_name: String = own.concat();
    let names = [words(field).concat(), words(&title.vi).concat(), words(&title.en).concat()];
    if own_name == names[0] {
        return 1.0;
    }
    if names.contains(&own_name) {
        return 0.95;
    }
    let longest = known
        .iter()
        .filter(|name| ends.contains(&words(name).concat()))
        .map(|name| name.split(' ').count())
        .max();
    if let Some(steps) = longest {
        // A name of several steps says more than one that many things bear.
        return if steps > 1 { 0.95 } else { 0.85 };
    }
    let ours: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    let shared = |other: &str| {
        let theirs = words(other);
        let theirs: BTreeSet<&str> = theirs.iter().map(String::as_str).collect();
        let common = ours.intersection(&theirs).count();
        let all = ours.union(&theirs).count().max(1);
        #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
        let share = common as f32 / all as f32;
        share
    };
    let best = [field, &title.vi, &title.en].map(shared).into_iter().fold(0.0, f32::max);
    if best >= 0.5 { best * 0.8 } else { 0.0 }
}

/// The words of a name: `NgayTiepNhan`, `ngay_tiep_nhan` and `Ngày tiếp nhận` have the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_inside = false;
    let mut was_small = false;
    for letter in name.nfd().filter(|letter| !is_combining_mark(*letter)) {
        let letter = match letter {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        };
        if !letter.is_alphanumeric() {
            is_inside = false;
            was_small = false;
            continue;
        }
        let begins = !is_inside || (letter.is_uppercase() && was_small);
        was_small = letter.is_lowercase();
        is_inside = true;
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}
