//! What the text functions make of texts that are not known one by one.
//!
//! Texts that are known go through the functions themselves. For all others a function says what
//! is left of what was known; of a function that is not named here, nothing is.

use lienthong_shape::Alphabet;
use lienthong_standard::IdentifierKind;

use super::failure::{Cause, Failures};
use super::tally::Tally;
use super::texts::{Body, Having, Texts, alphabet, union};
use crate::functions::{Outcome, Pad, Step};
use crate::probes::Form;
use crate::words::Kind;

/// What a function gives for some texts.
pub(crate) fn applied(step: &Step, texts: &Texts, failures: &mut Failures) -> Texts {
    let mut out = Texts::default();
    for (text, tally) in &texts.known {
        let mut written = String::new();
        match step.apply(text, &mut written) {
            Outcome::Kept(range) => out.know(text.get(range).unwrap_or_default(), *tally),
            Outcome::Written => out.know(&written, *tally),
            Outcome::Failed(failure) => {
                failures.add_value(Cause::Mapping(Kind::Function(failure)), text, *tally);
            }
        }
    }
    hollow(step, texts, &mut out, failures);
    if let Some(body) = &texts.body {
        filled(step, body, &mut out, failures);
    }
    out
}

/// What a function gives for empty and blank texts; an empty one stays empty.
fn hollow(step: &Step, texts: &Texts, out: &mut Texts, failures: &mut Failures) {
    let count = texts.hollow;
    if !count.is_possible() {
        return;
    }
    let Some(blank) = texts.blank else { return out.add_hollow(count, None) };
    match step {
        Step::Trim | Step::DigitsOnly => out.add_hollow(count, None),
        Step::CollapseSpaces => {
            out.add_hollow(count.some(), None);
            out.know(" ", count.some());
        }
        Step::PhoneVn
        | Step::PhoneE164
        | Step::AgencyCode
        | Step::AgencyCodeGeneration2
        | Step::DossierCode
        | Step::ProcedureCode
        | Step::ProcedureNumber => {
            out.add_hollow(count.some(), None);
            failures.add(not_read(step), count.some());
        }
        Step::PadLeft(pad) => {
            out.add_hollow(count.some(), Some(blank));
            if !pad.with.is_whitespace() {
                out.add_body(Body::anything(count.some()));
            }
        }
        Step::Replace { from, .. } if from.trim().is_empty() => out.add(Texts::anything(count)),
        Step::AfterFirst(_)
        | Step::BeforeFirst(_)
        | Step::Cut(_)
        | Step::Lower
        | Step::Nfc
        | Step::Replace { .. }
        | Step::StripInvisible
        | Step::StripPrefix(_)
        | Step::StripSuffix(_)
        | Step::TonePlacement(_)
        | Step::Upper => out.add_hollow(count, Some(blank)),
        #[allow(unreachable_patterns, reason = "a new function is unknown until it is named here")]
        _ => unknown(count, out, failures),
    }
}

/// A function of which nothing is known here.
fn unknown(count: Tally, out: &mut Texts, failures: &mut Failures) {
    failures.add(Cause::UnknownFunction, count.some());
    out.add(Texts::anything(count));
}

fn not_read(step: &Step) -> Cause {
    // The function itself says why it reads no text of a sign alone.
    match step.apply("-", &mut String::new()) {
        Outcome::Failed(failure) => Cause::Mapping(Kind::Function(failure)),
        _ => Cause::UnknownFunction,
    }
}

/// What a function gives for texts that are not blank.
fn filled(step: &Step, body: &Body, out: &mut Texts, failures: &mut Failures) {
    let (fewest, most) = body.chars;
    let kinds = body.alphabet;
    match step {
        Step::Trim if !kinds.outer_blank => out.add_body(body.clone()),
        Step::Trim => {
            let kinds = Alphabet { outer_blank: false, ..kinds };
            out.add_body(body.changed((1, most), kinds).keeping(body, has_no_outer_blank));
        }
        Step::CollapseSpaces if !kinds.odd_blank => out.add_body(body.clone()),
        Step::CollapseSpaces => {
            let kinds = Alphabet { odd_blank: false, ..kinds };
            out.add_body(body.changed((1, most), kinds).keeping(body, has_no_odd_blank));
        }
        Step::Nfc if !kinds.not_composed => out.add_body(body.clone()),
        Step::Nfc => {
            let kinds = Alphabet { not_composed: false, ..kinds };
            let chars = (1, most.saturating_mul(3));
            out.add_body(body.changed(chars, kinds).keeping(body, is_ascii));
        }
        Step::StripInvisible if !kinds.invisible => out.add_body(body.clone()),
        Step::StripInvisible => visible(body, out),
        Step::Upper | Step::Lower if !kinds.beyond_ascii => {
            out.add_body(body.changed(body.chars, kinds).keeping(body, has_no_letters));
        }
        Step::Upper | Step::Lower => {
            let kinds = Alphabet { not_composed: true, ..kinds };
            out.add_body(body.changed((fewest, most.saturating_mul(3)), kinds));
        }
        // The mark moves from one letter to its neighbour, and both stay one character.
        Step::TonePlacement(_) => {
            let is_kept = |form: &str| is_ascii(form) || is_length(form);
            out.add_body(body.changed(body.chars, kinds).keeping(body, is_kept));
        }
        Step::Cut(chars) => cut(body, u32::try_from(*chars).unwrap_or(u32::MAX), out),
        Step::PadLeft(pad) => padded(body, pad, out),
        Step::DigitsOnly => digits(body, out),
        Step::BeforeFirst(_) | Step::AfterFirst(_) => part(body, 1, true, out),
        Step::StripPrefix(gone) | Step::StripSuffix(gone) => {
            let chars = u32::try_from(gone.chars().count()).unwrap_or(u32::MAX);
            let may_be_hollow = fewest <= chars || kinds.outer_blank;
            part(body, fewest.saturating_sub(chars), may_be_hollow, out);
        }
        Step::Replace { from, to } => replaced(body, from, to, out),
        Step::PhoneVn => {
            let number = Body::plain(body.count, (10, 11));
            read(step, body, &Form::PhoneVn, number, out, failures);
        }
        Step::PhoneE164 => {
            let number = Body::plain(body.count, (9, 16));
            read(step, body, &Form::PhoneE164, number, out, failures);
        }
        Step::AgencyCode
        | Step::AgencyCodeGeneration2
        | Step::DossierCode
        | Step::ProcedureCode
        | Step::ProcedureNumber => {
            let form = Form::Reads(step.clone());
            read(step, body, &form, identifier(step, body), out, failures);
        }
        #[allow(unreachable_patterns, reason = "a new function is unknown until it is named here")]
        _ => unknown(body.count, out, failures),
    }
}

fn visible(body: &Body, out: &mut Texts) {
    // What stood around an invisible character stands side by side then.
    let kinds = Alphabet {
        invisible: false,
        control: false,
        outer_blank: true,
        odd_blank: true,
        not_composed: body.alphabet.not_composed || body.alphabet.beyond_ascii,
        ..body.alphabet
    };
    out.add_hollow(body.count.some(), Some(kinds));
    out.add_body(body.changed((1, body.chars.1), kinds).keeping(body, is_length));
}

fn padded(body: &Body, pad: &Pad, out: &mut Texts) {
    let to = u32::try_from(pad.to).unwrap_or(u32::MAX);
    if body.chars.0 >= to {
        return out.add_body(body.clone());
    }
    let with = alphabet(&pad.with.to_string());
    let mut kinds = union(body.alphabet, with);
    kinds.odd_blank |= with.outer_blank;
    kinds.not_composed |= kinds.beyond_ascii && !pad.with.is_ascii_digit();
    out.add_body(body.changed((to, body.chars.1.max(to)), kinds));
}

/// A canonical code is plain, and of its kind but where a part was taken away.
fn identifier(step: &Step, body: &Body) -> Body {
    let kind = match step {
        Step::AgencyCode => Some(IdentifierKind::Agency),
        Step::DossierCode => Some(IdentifierKind::Dossier),
        Step::ProcedureCode => Some(IdentifierKind::Procedure),
        _ => None,
    };
    let form = kind.map(|kind| Form::Identifier(kind).name());
    let mut code = Body::plain(body.count, (1, u32::MAX));
    code.forms.extend(form.map(|form| (form.into(), Having::All)));
    code
}

fn cut(body: &Body, to: u32, out: &mut Texts) {
    let (fewest, most) = body.chars;
    if most <= to {
        return out.add_body(body.clone());
    }
    // The cut may leave a blank at the end, or only the blanks at the start.
    if body.alphabet.outer_blank {
        out.add_hollow(body.count.some(), Some(body.alphabet));
    }
    let kinds = Alphabet { outer_blank: true, ..body.alphabet };
    out.add_body(body.changed((fewest.min(to), to), kinds));
}

/// A part of each text.
fn part(body: &Body, fewest: u32, may_be_hollow: bool, out: &mut Texts) {
    let kinds = Alphabet { outer_blank: true, ..body.alphabet };
    if may_be_hollow {
        out.add_hollow(body.count.some(), Some(kinds));
    }
    out.add_body(body.changed((fewest, body.chars.1), kinds).keeping(body, is_length));
}

fn digits(body: &Body, out: &mut Texts) {
    let has_digit = [
        "integer",
        "date:",
        "timestamp:",
        "decimal:",
        "whole-decimal:",
        "phone:",
        "identifier:dossier",
    ];
    let is_sure = |form: &str| has_digit.iter().any(|kind| form.starts_with(kind));
    if !body.forms.keys().any(|form| is_sure(form) && body.have_all(form)) {
        out.add_hollow(body.count.some(), None);
    }
    out.add_body(body.changed((1, body.chars.1), Alphabet::default()).keeping(body, is_length));
}

fn replaced(body: &Body, from: &str, to: &str, out: &mut Texts) {
    let chars = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let (fewest, most) = body.chars;
    let (gone, new) = (chars(from), chars(to));
    let fewest = if new >= gone { fewest } else { 1 };
    let most = if new <= gone { most } else { most.saturating_mul(new) };
    let mut kinds = union(body.alphabet, alphabet(to));
    kinds.outer_blank = true;
    kinds.odd_blank = true;
    kinds.not_composed |= kinds.beyond_ascii;
    if to.trim().is_empty() {
        out.add_hollow(body.count.some(), Some(kinds));
    }
    out.add_body(body.changed((fewest, most), kinds));
}

/// What a function makes of the texts that it reads.
fn read(
    step: &Step,
    body: &Body,
    form: &Form,
    made: Body,
    out: &mut Texts,
    failures: &mut Failures,
) {
    let refused = body.without(&[form.name()]);
    failures.add(not_read(step), refused);
    let count = Tally {
        least: body.count.least.saturating_sub(refused.most),
        most: body.count.most.saturating_sub(refused.least).max(1),
    };
    out.add_body(Body { count, ..made });
}

/// Whether no text of a form has a blank at an end.
fn has_no_outer_blank(form: &str) -> bool {
    let has_outer = form.ends_with(char::is_whitespace) || form.contains(": ");
    is_ascii(form) && !has_outer || is_length(form)
}

/// Whether no text of a form has other blanks than single spaces.
fn has_no_odd_blank(form: &str) -> bool {
    let is_odd = |letter: char| letter != ' ' && letter.is_whitespace();
    // A fraction that is left out brings what stands around it together.
    let has_odd = form.contains("  ") || form.contains("%.f") || form.contains(is_odd);
    is_ascii(form) && !has_odd || is_length(form)
}

/// Whether every text of a form is plain ASCII.
fn is_ascii(form: &str) -> bool {
    let kinds = ["integer", "identifier:", "date:", "timestamp:", "decimal:", "whole-decimal:"];
    form.is_ascii() && kinds.iter().any(|kind| form.starts_with(kind))
}

/// Whether no text of a form has a letter in it.
fn has_no_letters(form: &str) -> bool {
    form == "integer" || is_length(form)
}

/// Whether a shorter text has the form as well.
fn is_length(form: &str) -> bool {
    form.starts_with("max-chars:")
}
