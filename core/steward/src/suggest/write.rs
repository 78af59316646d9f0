//! The proposed mapping as a file, every guess marked.

use std::fmt::Write as _;

use lienthong_shape::Shape;
use lienthong_standard::{Field, RecordType, Standard};

use super::fit::quoted;
use super::places::Item;
use super::{GroupGuess, Guess, Guesses, Suggestion};

/// Writes the guesses as a mapping.
pub(super) fn written(
    shape: &Shape,
    record_type: &RecordType,
    standard: &Standard,
    item: &Item<'_>,
    fields: &Guesses<'_>,
    groups: &[GroupGuess<'_>],
) -> Suggestion {
    let mut file = File { text: String::new(), guessed: 0, missing: Vec::new() };
    let items = shape.items;
    file.line(&format!(
        "# Proposed from the shape of {items} items by names, types and values. Every line marked\n\
         # `guess` is to be confirmed by a person who knows the system; take the mark away then.\n\
         # Đề xuất từ cấu trúc của {items} bản ghi. Mỗi dòng có chữ `guess` là phỏng đoán, cần người\n\
         # nắm hệ thống nguồn xác nhận.\n"
    ));
    file.line(&format!("mapping = {}", quoted(&shape.mapping)));
    file.line(&format!("standard = {}", quoted(standard.name())));
    file.line(&format!("record_type = {}", quoted(&record_type.name)));
    file.line(&format!("input = {{ format = {} }}", quoted(shape.format.name())));
    file.line("timezone = \"Asia/Ho_Chi_Minh\"\n\n[fields]");
    file.fields(&record_type.fields, fields, "");
    for guess in groups {
        let Some(group) = record_type.groups.get(guess.group) else { continue };
        file.line(&format!("\n[groups.{}]", group.name));
        file.line(&format!("each = {} # guess: name", quoted(&guess.rows.path)));
        file.fields(&group.fields, &guess.fields, "fields.");
    }
    for group in record_type.groups.iter().filter(|group| group.parent.is_none() && group.required)
    {
        let is_there = groups.iter().any(|guess| {
            record_type.groups.get(guess.group).is_some_and(|other| other.name == group.name)
        });
        if !is_there {
            file.missing.push(group.name.to_string());
        }
    }
    file.unread(item, fields, groups);
    let File { text, guessed, missing } = file;
    Suggestion { text, guessed, missing }
}

struct File {
    text: String,
    guessed: usize,
    missing: Vec<String>,
}

impl File {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn fields(&mut self, fields: &[Field], guesses: &Guesses<'_>, prefix: &str) {
        for (index, field) in fields.iter().enumerate() {
            match guesses.get(&index) {
                Some(guess) => self.guess(field, guess, prefix),
                None if field.required => {
                    self.line(&format!("# {prefix}{} is REQUIRED: nothing found", field.name));
                    self.missing.push(field.name.to_string());
                }
                None => {}
            }
        }
    }

    fn guess(&mut self, field: &Field, guess: &Guess<'_>, prefix: &str) {
        self.guessed += 1;
        let mut rule = format!("{{ from = {}", quoted(&guess.place.path));
        for key in &guess.fit.keys {
            // Writing to a string can't fail.
            write!(rule, ", {key}").unwrap_or_default();
        }
        let (name, why) = (guess.name, guess.fit.why.join(", "));
        let score = guess.score;
        self.line(&format!(
            "{prefix}{} = {rule} }} # guess {score:.2}: name {name:.2}, {why}",
            field.name
        ));
        for (value, count) in guess.fit.unmapped.iter().take(20) {
            self.line(&format!("#   no national code known for {} ({count} items)", quoted(value)));
        }
    }

    /// Lists what no guess reads: to be mapped, or to be left out on purpose with `unmapped`.
    fn unread(&mut self, item: &Item<'_>, fields: &Guesses<'_>, groups: &[GroupGuess<'_>]) {
        let is_read = |path: &str| fields.values().any(|guess| guess.place.path == path);
        let places = item.places.iter().map(|place| &place.path).filter(|path| !is_read(path));
        let is_mapped = |path: &str| groups.iter().any(|guess| guess.rows.path == path);
        let lists = item.lists.iter().map(|rows| &rows.path).filter(|path| !is_mapped(path));
        let paths: Vec<&String> = places.chain(lists).collect();
        if paths.is_empty() {
            return;
        }
        self.line("\n# Source fields that no guess reads: map them, or name them in `unmapped`.");
        for path in paths {
            self.line(&format!("#   {path}"));
        }
    }
}
