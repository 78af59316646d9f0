//! What the source of a rule gives: one path, the first of several, or several joined.

use super::place::{Aim, Stand, Walk};
use super::seen::Seen;
use super::tally::Tally;
use super::texts::{Body, Texts, alphabet, union};
use crate::Input;
use crate::path::Path;
use crate::plan::{Number, Rule, Source};
use crate::words::Kind;

use super::failure::{Cause, Failures};

/// Combinations of known values that are put together one by one.
const COMBINATIONS_MAX: usize = 64;

/// What a rule with a source finds in the rows of a scope; `of` is how many rows were learned.
pub(crate) fn found(
    rule: &Rule,
    stands: &[Stand<'_>],
    of: u64,
    input: Input,
    failures: &mut Failures,
) -> Seen {
    let walk = Walk { input, aim: Aim::Value };
    let mut look = |path: &str| match Path::parse(path, input) {
        Ok(path) => {
            if let Some(crossing) = path.crossing() {
                failures.add(Cause::Document(crossing.format), Tally::up_to(of));
            }
            walk.look(stands, &path)
        }
        // It was read once already, when the mapping was compiled.
        Err(_) => Seen::anything(Tally::up_to(of), &[], true),
    };
    let seen: Vec<Seen> = rule.paths.iter().map(|path| look(path)).collect();
    let mut seen = seen.into_iter();
    match &rule.source {
        Source::FirstOf(_) => first_of(seen, of),
        Source::Join { with, .. } => join(seen, with, rule.number, of, failures),
        _ => seen.next().unwrap_or_default(),
    }
}

/// The first that has a value; what is no single value counts only where no other has one.
fn first_of(paths: impl Iterator<Item = Seen>, of: u64) -> Seen {
    let mut all = Seen::default();
    let mut unfit = Vec::new();
    // How many rows come to the next path without a value.
    let mut left = Tally::exactly(of);
    let mut is_first = true;
    for mut path in paths {
        let hollow = path.texts.hollow;
        let without = path.nothing + hollow + path.unfit_count();
        path.texts.hollow = Tally::NEVER;
        path.texts.blank = None;
        unfit.append(&mut path.unfit);
        path.nothing = Tally::NEVER;
        if !is_first {
            path = path.of_some(left.most);
        }
        is_first = false;
        all.add(path);
        left = Tally { least: 0, most: left.most.max(1).min(without.most) };
        if !without.is_possible() {
            return all;
        }
    }
    for (why, tally) in &unfit {
        all.add_unfit(*why, Tally::up_to(tally.most.min(left.most)));
    }
    let found = all.texts.count() + all.numbers.count() + all.truth;
    let least = if unfit.is_empty() { of.saturating_sub(found.most) } else { 0 };
    all.nothing = Tally { least: least.min(left.most), most: left.most };
    all
}

impl Seen {
    /// The same of so many rows at most, of which nobody knows which they are.
    fn of_some(mut self, most: u64) -> Self {
        let some = |tally: &mut Tally| {
            if tally.is_possible() {
                *tally = Tally::up_to(tally.most.min(most));
            }
        };
        some(&mut self.truth);
        self.texts.known.iter_mut().for_each(|(_, tally)| some(tally));
        self.numbers.known.iter_mut().for_each(|(_, tally)| some(tally));
        if let Some(body) = &mut self.texts.body {
            some(&mut body.count);
            *body = body.clone().of_some();
        }
        if let Some(body) = &mut self.numbers.body {
            some(&mut body.count);
            some(&mut body.broken);
        }
        self
    }
}

/// One part of a join.
struct Part {
    /// Whether it may have no text.
    may_lack: bool,
    texts: Texts,
}

/// All that are there, with a text between them.
fn join(
    paths: impl Iterator<Item = Seen>,
    with: &str,
    number: Number,
    of: u64,
    failures: &mut Failures,
) -> Seen {
    let mut parts = Vec::new();
    let mut may_fail = false;
    for path in paths {
        for (why, tally) in &path.unfit {
            failures.add(Cause::Mapping(Kind::Unfit(*why)), tally.some());
            may_fail = true;
        }
        if path.truth.is_possible() {
            failures.add(Cause::Mapping(Kind::BoolForText), path.truth.some());
            may_fail = true;
        }
        let mut texts = path.texts;
        if path.numbers.is_possible() && number == Number::Refused {
            failures.add(Cause::Mapping(Kind::NumberForText), path.numbers.count().some());
            may_fail = true;
        } else {
            texts.add(path.numbers.into_texts());
        }
        let may_lack = path.nothing.is_possible() || texts.hollow.is_possible();
        parts.push(Part { may_lack, texts });
    }
    let mut seen = Seen::default();
    if parts.iter().any(|part| !part.may_lack && !part.texts.is_filled()) {
        // One part is never a text, so that nothing is ever joined.
        return seen;
    }
    let count = Tally::up_to(of);
    if parts.iter().all(|part| part.may_lack) {
        seen.texts.hollow = count;
    }
    if !parts.iter().any(|part| part.texts.is_filled()) {
        seen.texts.hollow = if may_fail { count } else { Tally { least: of, most: of.max(1) } };
        return seen;
    }
    match combined(&parts, with) {
        Some(known) => known.iter().for_each(|text| seen.texts.know(text, count)),
        None => seen.texts.body = Some(joined(&parts, with, count)),
    }
    seen
}

/// Every text that can come of parts that are known one by one; none if there are too many.
fn combined(parts: &[Part], with: &str) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    for part in parts {
        if part.texts.body.is_some() {
            return None;
        }
        let mut next = Vec::new();
        for text in &all {
            if part.may_lack {
                next.push(text.clone());
            }
            for (known, _) in &part.texts.known {
                let between = if text.is_empty() { "" } else { with };
                next.push(format!("{text}{between}{known}"));
            }
        }
        if next.len() > COMBINATIONS_MAX {
            return None;
        }
        all = next;
    }
    all.retain(|text| !text.is_empty());
    Some(all)
}

fn joined(parts: &[Part], with: &str, count: Tally) -> Body {
    let between = alphabet(with);
    let with_chars = u32::try_from(with.chars().count()).unwrap_or(u32::MAX);
    let mut own = between;
    // A blank at the end of the text between is none at the end of the whole.
    own.outer_blank = false;
    let (mut fewest, mut most) = (0_u32, 0_u32);
    let (mut least_parts, mut parts_max) = (0_u32, 0_u32);
    let mut fewest_of_any = u32::MAX;
    for part in parts {
        let bodies = part.texts.known.iter().map(|(text, tally)| Body::of_text(text, *tally));
        let bodies: Vec<Body> = bodies.chain(part.texts.body.clone()).collect();
        let Some(min) = bodies.iter().map(|body| body.chars.0).min() else { continue };
        let max = bodies.iter().map(|body| body.chars.1).max().unwrap_or(u32::MAX);
        own = bodies.iter().fold(own, |own, body| union(own, body.alphabet));
        most = most.saturating_add(max);
        parts_max += 1;
        fewest_of_any = fewest_of_any.min(min);
        if !part.may_lack {
            fewest = fewest.saturating_add(min);
            least_parts += 1;
        }
    }
    let fewest = fewest.saturating_add(with_chars.saturating_mul(least_parts.saturating_sub(1)));
    let most = most.saturating_add(with_chars.saturating_mul(parts_max.saturating_sub(1)));
    own.odd_blank |= own.outer_blank || between.outer_blank;
    // A mark at the start of a part may join the letter before it.
    let stays_apart = with.ends_with([' ', ';', ',', '.', ':', '/', '|', '#', '-']);
    own.not_composed |= own.beyond_ascii && !stays_apart;
    let fewest = if least_parts == 0 { fewest_of_any } else { fewest };
    Body::anything(count).changed((fewest, most), own)
}
