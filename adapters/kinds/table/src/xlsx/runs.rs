//! The fonts of runs within a cell of an `.xlsx` workbook, which the calamine crate does not hand
//! out: read from the table of shared strings, and found again by the text.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::grid::Limits;

/// The first code unit and the font of every run of a text; without a font it is the cell's.
pub(super) type Fonts = Vec<(usize, Option<String>)>;

/// The texts of a workbook that have more than one run.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// `None` where equal texts have different fonts: then it is not known which is meant.
    by_text: HashMap<String, Option<Fonts>>,
}

impl Runs {
    /// Reads them. A table of shared strings that can't be read has none: whether the workbook is
    /// sound is for its reader to say.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Self {
        shared_strings(bytes, limits).map(|xml| Self::of(&xml, limits)).unwrap_or_default()
    }

    /// The fonts of a text that has runs.
    pub(super) fn fonts(&self, text: &str) -> &[(usize, Option<String>)] {
        self.by_text.get(text).and_then(Option::as_deref).unwrap_or_default()
    }

    fn of(xml: &str, limits: &Limits) -> Self {
        let mut runs = Self::default();
        let mut reader = Reader::from_str(xml);
        let mut entry = Entry::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => entry.open(&start),
                Ok(Event::Empty(start)) => entry.font(&start),
                Ok(Event::Text(text)) => entry.text(&text.xml10_content()),
                Ok(Event::CData(text)) => entry.text(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => {
                    let letter = match reference.resolve_char_ref() {
                        Ok(Some(letter)) => Some(letter),
                        _ => named(&reference),
                    };
                    entry.text(letter.map(String::from).as_deref().unwrap_or_default());
                }
                Ok(Event::End(end)) => match end.local_name().into_inner() {
                    "t" => entry.end_text(),
                    "rPh" => entry.is_phonetic = false,
                    "si" => runs.add(std::mem::take(&mut entry), limits),
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return runs,
                Ok(_) => {}
            }
        }
    }

    fn add(&mut self, entry: Entry, limits: &Limits) {
        if entry.fonts.is_empty() || self.by_text.len() >= limits.cells {
            return;
        }
        let fonts = Some(entry.fonts);
        let known = self.by_text.entry(entry.whole).or_insert_with(|| fonts.clone());
        if *known != fonts {
            *known = None;
        }
    }
}

/// One shared string as far as it was read.
#[derive(Default)]
struct Entry {
    whole: String,
    fonts: Fonts,
    /// The text of the run that is being read; `None` outside.
    piece: Option<String>,
    keeps_blanks: bool,
    is_phonetic: bool,
}

impl Entry {
    fn open(&mut self, start: &BytesStart<'_>) {
        match start.local_name().into_inner() {
            "r" => self.fonts.push((self.whole.encode_utf16().count(), None)),
            "rPh" => self.is_phonetic = true,
            "t" if !self.is_phonetic => {
                self.piece = Some(String::new());
                self.keeps_blanks = attribute(start, "xml:space").as_deref() == Some("preserve");
            }
            _ => self.font(start),
        }
    }

    fn font(&mut self, start: &BytesStart<'_>) {
        if start.local_name().into_inner() == "rFont"
            && let Some((_, font)) = self.fonts.last_mut()
        {
            *font = attribute(start, "val");
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(piece) = &mut self.piece {
            piece.push_str(text);
        }
    }

    /// Ends a run's text as calamine does, so that the whole is what calamine reads.
    fn end_text(&mut self) {
        let Some(piece) = self.piece.take() else { return };
        let blanks = [' ', '\t', '\r', '\n'];
        self.whole.push_str(if self.keeps_blanks { &piece } else { piece.trim_matches(blanks) });
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|it| it.key.into_inner() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn named(reference: &str) -> Option<char> {
    Some(match reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The XML of the shared strings, within bounds.
fn shared_strings(bytes: &[u8], limits: &Limits) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let is_table = |name: &str| name.eq_ignore_ascii_case("xl/sharedStrings.xml");
    let names = archive.file_names().flatten();
    let name = names.into_iter().find(|name| is_table(name))?.into_owned();
    let mut xml = String::new();
    let entry = archive.by_name(&name).ok()?;
    entry.take(limits.unpacked_bytes).read_to_string(&mut xml).ok()?;
    Some(xml)
}
