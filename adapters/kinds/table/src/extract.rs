//! From a workbook to items and faults: sheets, tables, headings, labels, cells.

mod columns;
mod headings;
mod item;
mod labels;
mod table;
mod titles;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use lienthong_adapter_api::Position;

use crate::book::{Book, SheetName};
use crate::feed::{Feed, Layout};
use crate::grid::Sheet;
use crate::legacy::Doubt;

pub(crate) use titles::{Top, tops};

/// The longest excerpt that a fault keeps.
const EXCERPT_BYTES_MAX: usize = 512;

/// One thing found in a workbook, in the order of its sheets and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A figure with what is known of it, as JSON text.
    Item {
        /// File and sheet.
        origin: String,
        /// Its cell.
        position: Position,
        /// The item.
        json: String,
    },
    /// Something that no rule explains, or that is not what it should be.
    Fault(Flaw),
    /// What the operator should know of how a sheet was read.
    Note(String),
}

/// A fault before it is put on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) code: &'static str,
    pub(crate) reason: String,
    pub(crate) hint: &'static str,
    pub(crate) origin: String,
    pub(crate) position: Position,
    pub(crate) excerpt: Bytes,
    pub(crate) items: u64,
}

/// The codes of this kind's faults.
pub(crate) mod code {
    /// The workbook can't be opened.
    pub(crate) const NO_WORKBOOK: &str = "LT-2050";
    /// No sheet of the workbook is the feed's.
    pub(crate) const NO_SHEET: &str = "LT-2051";
    /// The sheet's table is not laid out as described.
    pub(crate) const NO_TABLE: &str = "LT-2052";
    /// The report does not say its period.
    pub(crate) const NO_PERIOD: &str = "LT-2053";
    /// A column that no rule explains.
    pub(crate) const COLUMN: &str = "LT-2054";
    /// A row that no rule explains.
    pub(crate) const ROW: &str = "LT-2055";
    /// A cell that should hold a figure and does not.
    pub(crate) const CELL: &str = "LT-2056";
    /// A label that stands twice in one table.
    pub(crate) const TWICE: &str = "LT-2057";
}

/// Reads everything that a feed wants from one workbook.
pub(crate) fn extract(feed: &Feed, book: &mut Book, file: &str) -> Vec<Found> {
    let tops = match tops(book) {
        Ok(tops) => tops,
        Err(error) => return vec![Found::Fault(damaged(file, &error.to_string()))],
    };
    let is_ours = |top: &&Top| top.sheet.visible && feed.sheet.title.fit(&top.comparable);
    let ours: Vec<&Top> = tops.iter().filter(is_ours).collect();
    if ours.is_empty() {
        let explained = |top: &Top| crate::pattern::is_in_any(&feed.sheet.instead, &top.comparable);
        if tops.iter().any(explained) {
            return Vec::new();
        }
        return vec![Found::Fault(no_sheet(file, &tops))];
    }
    let mut found = Vec::new();
    let mut tables_read: Vec<(String, String)> = Vec::new();
    for top in ours {
        let place = SheetPlace { file, sheet: &top.sheet, title: &top.title };
        let sheet = match book.read(&top.sheet) {
            Ok(sheet) => sheet,
            Err(error) => {
                found.push(Found::Fault(damaged(&place.origin(), &error.to_string())));
                continue;
            }
        };
        read_sheet(feed, &sheet, top, &place, &mut tables_read, &mut found);
        found.extend(notes(&sheet, &place).map(Found::Note));
    }
    found
}

/// What is doubtful about the texts of a sheet, in words.
fn notes(sheet: &Sheet, place: &SheetPlace<'_>) -> impl Iterator<Item = String> {
    let origin = place.origin();
    sheet.doubts().map(move |(doubt, cells, first)| {
        let first = item::cell_name(first);
        let what = match doubt {
            Doubt::ByFontAlone => {
                "could be Unicode or their font's encoding, and were read by the font"
            }
            Doubt::Unreadable => {
                "hold characters that their font's encoding does not have, left as they are"
            }
        };
        format!("{origin}: cells that {what}: {cells}, the first at {first}")
    })
}

fn read_sheet(
    feed: &Feed,
    sheet: &Sheet,
    top: &Top,
    place: &SheetPlace<'_>,
    tables_read: &mut Vec<(String, String)>,
    found: &mut Vec<Found>,
) {
    let fits = |layout: &&Layout| {
        layout.title.as_ref().is_none_or(|title| title.fit(&top.comparable))
            && table::begins_at(layout, sheet).is_some()
    };
    let Some(layout) = feed.layouts.iter().find(fits) else {
        found.push(Found::Fault(place.flaw(
            code::NO_TABLE,
            "no layout of the feed fits the sheet: its first row is not where one would begin",
            "compare the layouts' `title` and `begin` with the sheet",
            Position::Row(1),
            &top.title,
        )));
        return;
    };
    let Some((start, first_column)) = table::begins_at(layout, sheet) else { return };
    match table::Table::prepare(layout, sheet, top, place, (start, first_column)) {
        Ok(mut table) => {
            let name = (layout.name.clone(), table.period.to_string());
            if tables_read.contains(&name) {
                found.push(Found::Fault(place.flaw(
                    code::NO_TABLE,
                    "a second sheet of the workbook holds the same table for the same period",
                    "ask the publisher which of the two sheets holds",
                    Position::Row(u64::from(start)),
                    &top.title,
                )));
                return;
            }
            tables_read.push(name);
            table.read(found);
        }
        Err(flaw) => found.push(Found::Fault(*flaw)),
    }
}

/// The place of a sheet, for items and faults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SheetPlace<'a> {
    pub(crate) file: &'a str,
    pub(crate) sheet: &'a SheetName,
    pub(crate) title: &'a str,
}

impl SheetPlace<'_> {
    /// File and sheet as an item's origin.
    pub(crate) fn origin(&self) -> String {
        format!("{} [{}]", self.file, self.sheet.name)
    }

    /// A fault at a place of the sheet.
    pub(crate) fn flaw(
        &self,
        code: &'static str,
        reason: impl Into<String>,
        hint: &'static str,
        position: Position,
        excerpt: &str,
    ) -> Flaw {
        Flaw {
            code,
            reason: reason.into(),
            hint,
            origin: self.origin(),
            position,
            excerpt: cut(excerpt),
            items: 1,
        }
    }
}

/// A fault of a workbook, or of one of its sheets, that can't be read.
pub(crate) fn damaged(origin: &str, reason: &str) -> Flaw {
    Flaw {
        code: code::NO_WORKBOOK,
        reason: format!("the workbook can't be read: {reason}"),
        hint: "open it in a spreadsheet program and save it again, or ask for another copy",
        origin: origin.to_owned(),
        position: Position::Byte(0),
        excerpt: Bytes::new(),
        items: 1,
    }
}

fn no_sheet(file: &str, tops: &[Top]) -> Flaw {
    let titles: Vec<&str> =
        tops.iter().map(|top| top.title.as_str()).filter(|title| !title.is_empty()).collect();
    Flaw {
        code: code::NO_SHEET,
        reason: format!("none of the {} sheets has a title of this feed's tables", tops.len()),
        hint: "add the title to the feed's `sheet.title`, or to `sheet.instead` what replaces it",
        origin: file.to_owned(),
        position: Position::Index(0),
        excerpt: cut(&titles.join(" | ")),
        items: 1,
    }
}

/// The beginning of a text as an excerpt.
fn cut(text: &str) -> Bytes {
    let end = text.floor_char_boundary(EXCERPT_BYTES_MAX);
    Bytes::copy_from_slice(text.get(..end).unwrap_or_default().as_bytes())
}
