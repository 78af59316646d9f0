//! What an unknown code may have meant: the known ones that are nearest, by code and by name.
//!
//! Texts are compared folded: small letters, no marks, `đ` as `d`, single blanks. So `Dang xu ly`
//! finds `Đang xử lý`, in whatever normal form and tone placement either is written.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most spellings that are compared letter by letter; the others of a long list are left out.
const COMPARED_MAX: usize = 5_000;
/// A shorter text inside another says nothing.
const PART_CHARS_MIN: usize = 4;

/// Picks up to `count` known things whose spelling is nearest to what was written, best first. A
/// thing may come several times, with a spelling each; it is ranked by its nearest.
pub fn candidates<'a, T, I>(written: &str, known: I, count: usize) -> Vec<T>
where
    T: Copy + PartialEq,
    I: IntoIterator<Item = (T, &'a str)>,
{
    let written = fold(written);
    let mut compared = 0;
    let mut ranked: Vec<(usize, T)> = Vec::new();
    for (thing, spelling) in known {
        let Some(rank) = rank(&written, &fold(spelling), &mut compared) else { continue };
        match ranked.iter_mut().find(|(_, other)| *other == thing) {
            Some((best, _)) => *best = rank.min(*best),
            None => ranked.push((rank, thing)),
        }
        // The sort is stable: of equals the first of the list stays first.
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.truncate(count);
    }
    ranked.into_iter().map(|(_, thing)| thing).collect()
}

/// A text as candidates are compared.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let letters = word.nfd().filter(|letter| !is_combining_mark(*letter));
        folded.extend(letters.flat_map(char::to_lowercase).map(|letter| match letter {
            'đ' | 'ð' => 'd',
            letter => letter,
        }));
    }
    folded
}

/// How far two folded texts are from each other; none where they have nothing to do with each
/// other.
fn rank(written: &str, spelling: &str, compared: &mut usize) -> Option<usize> {
    if written.is_empty() || spelling.is_empty() {
        return None;
    }
    let (left, right) = (written.chars().count(), spelling.chars().count());
    let is_part = left.min(right) >= PART_CHARS_MIN
        && (written.contains(spelling) || spelling.contains(written));
    if is_part {
        return Some(usize::from(written != spelling));
    }
    let most = 1 + right / 3;
    if left.abs_diff(right) > most || *compared >= COMPARED_MAX {
        return None;
    }
    *compared += 1;
    let distance = strsim::damerau_levenshtein(written, spelling);
    // Two codes of one character each that differ have nothing in common.
    (distance <= most && distance < left.max(right)).then_some(distance)
}

#[cfg(test)]
mod tests;
