//! The closed list of text functions that a rule may name under `do`, one file each.
//!
//! A function takes text and an argument fixed in the mapping, and gives text or fails. It works on
//! a borrowed slice and writes only where it changes something, so that clean values cost nothing.

mod after_first;
mod before_first;
mod collapse_spaces;
mod cut;
mod digits_only;
mod identifiers;
mod lower;
mod nfc;
mod pad_left;
mod phone;
mod reference;
mod replace;
mod strip_invisible;
mod strip_prefix;
mod strip_suffix;
mod tone_placement;
mod trim;
mod upper;

use std::ops::Range;

use lienthong_text::clean::TonePlacement;

pub(crate) use pad_left::Pad;
pub use reference::functions_reference;

/// One text function of the language, as the reference page shows it.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name written in `do`.
    pub name: &'static str,
    /// What stands beside the name.
    pub argument: Argument,
    /// When it fails; none for a function that can't.
    pub fails: Option<&'static str>,
    /// What it does, and what it is for.
    pub doc: &'static str,
    /// Examples, each run as a test.
    pub examples: &'static [Example],
}

/// What a function needs beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing: `"trim"`.
    None,
    /// A text that is not empty: `{ strip-prefix = "x" }`.
    Text,
    /// `{ replace = { from = "…", to = "…" } }`.
    FromTo,
    /// `{ cut = { max_chars = 1000 } }`.
    MaxChars,
    /// `{ pad-left = { to = 5, with = "0" } }`.
    Pad,
    /// `{ tone-placement = "old" }`.
    TonePlacement,
}

/// One example of a function.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The entry of `do` as it is written in the file.
    pub written: &'static str,
    /// The text that goes in.
    pub input: &'static str,
    /// The text that comes out; none where the function fails.
    pub output: Option<&'static str>,
}

impl Function {
    /// The signature in one line: types in and out, and how it can fail.
    pub fn signature(&self) -> String {
        let argument = match self.argument {
            Argument::None => "",
            Argument::Text => ", text",
            Argument::FromTo => ", { from: text, to: text }",
            Argument::MaxChars => ", { max_chars: whole number }",
            Argument::Pad => ", { to: whole number, with: character }",
            Argument::TonePlacement => ", old or new",
        };
        let fails = if self.fails.is_some() { " or a fault" } else { "" };
        format!("{}(text{argument}) -> text{fails}", self.name)
    }
}

/// Every function of the language, sorted by name.
pub fn functions() -> &'static [Function] {
    const ALL: &[Function] = &[
        after_first::FUNCTION,
        identifiers::AGENCY,
        identifiers::AGENCY_2,
        before_first::FUNCTION,
        collapse_spaces::FUNCTION,
        cut::FUNCTION,
        digits_only::FUNCTION,
        identifiers::DOSSIER,
        lower::FUNCTION,
        nfc::FUNCTION,
        pad_left::FUNCTION,
        phone::E164,
        phone::VN,
        identifiers::PROCEDURE,
        identifiers::PROCEDURE_NUMBER,
        replace::FUNCTION,
        strip_invisible::FUNCTION,
        strip_prefix::FUNCTION,
        strip_suffix::FUNCTION,
        tone_placement::FUNCTION,
        trim::FUNCTION,
        upper::FUNCTION,
    ];
    ALL
}

/// A function with its argument, as the plan holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    AfterFirst(Box<str>),
    AgencyCode,
    AgencyCodeGeneration2,
    BeforeFirst(Box<str>),
    CollapseSpaces,
    Cut(usize),
    DigitsOnly,
    DossierCode,
    Lower,
    Nfc,
    PadLeft(Pad),
    PhoneE164,
    PhoneVn,
    ProcedureCode,
    ProcedureNumber,
    Replace { from: Box<str>, to: Box<str> },
    StripInvisible,
    StripPrefix(Box<str>),
    StripSuffix(Box<str>),
    TonePlacement(TonePlacement),
    Trim,
    Upper,
}

/// What a function did with its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The result is this part of the input.
    Kept(Range<usize>),
    /// The result was appended to the output.
    Written,
    /// There is no result, for this reason.
    Failed(&'static Failure),
}

/// Why a function gave no result, in both languages; never with the value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) english: &'static str,
    pub(crate) vietnamese: &'static str,
}

impl Step {
    /// Applies the function; appends to `out` only when it answers [`Outcome::Written`].
    pub(crate) fn apply(&self, text: &str, out: &mut String) -> Outcome {
        match self {
            Self::AfterFirst(mark) => after_first::apply(text, mark),
            Self::AgencyCode => identifiers::agency(text, out),
            Self::AgencyCodeGeneration2 => identifiers::agency_2(text, out),
            Self::BeforeFirst(mark) => before_first::apply(text, mark),
            Self::CollapseSpaces => collapse_spaces::apply(text, out),
            Self::Cut(chars) => cut::apply(text, *chars),
            Self::DigitsOnly => digits_only::apply(text, out),
            Self::DossierCode => identifiers::dossier(text, out),
            Self::Lower => lower::apply(text, out),
            Self::Nfc => nfc::apply(text, out),
            Self::PadLeft(pad) => pad_left::apply(text, pad, out),
            Self::PhoneE164 => phone::e164(text, out),
            Self::PhoneVn => phone::vn(text, out),
            Self::ProcedureCode => identifiers::procedure(text, out),
            Self::ProcedureNumber => identifiers::procedure_number(text, out),
            Self::Replace { from, to } => replace::apply(text, from, to, out),
            Self::StripInvisible => strip_invisible::apply(text, out),
            Self::StripPrefix(prefix) => strip_prefix::apply(text, prefix),
            Self::StripSuffix(suffix) => strip_suffix::apply(text, suffix),
            Self::TonePlacement(placement) => tone_placement::apply(text, *placement, out),
            Self::Trim => trim::apply(text),
            Self::Upper => upper::apply(text, out),
        }
    }
}

fn whole(text: &str) -> Outcome {
    Outcome::Kept(0..text.len())
}

#[cfg(test)]
mod tests;
