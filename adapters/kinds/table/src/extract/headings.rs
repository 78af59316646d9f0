//! Headings: the texts above a column, joined, without the unit of measure.

use crate::feed::Layout;
use crate::grid::Sheet;
use crate::normalise::{comparable, tidy};

/// The texts above the columns of a table, and the unit found among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Headings {
    /// By column, from the first one with figures on.
    pub(crate) texts: Vec<(u32, String)>,
    pub(crate) unit: Option<String>,
}

/// Collects the headings from a stretch of rows, for the columns from the first one with figures.
pub(crate) fn collect(
    layout: &Layout,
    sheet: &Sheet,
    rows: &[u32],
    columns: std::ops::RangeInclusive<u32>,
) -> Headings {
    let mut headings = Headings::default();
    let first = *columns.start();
    for column in columns {
        let mut heading = String::new();
        for row in rows {
            // What begins left of the figures is the title or a label, however far it is merged.
            let Some((_, cell)) = sheet.seen_at(*row, column).filter(|(from, _)| *from >= first)
            else {
                continue;
            };
            let mut text = tidy(&cell.value.shown());
            take_unit(layout, &mut text, &mut headings.unit);
            heading.push(' ');
            heading.push_str(&text);
        }
        let heading = tidy(&heading);
        if !heading.is_empty() {
            headings.texts.push((column, heading));
        }
    }
    if headings.unit.is_none() {
        headings.unit = unit_of_title(layout, sheet, rows, first);
    }
    headings
}

impl Headings {
    /// The heading of a column as a person reads it.
    pub(crate) fn of(&self, column: u32) -> &str {
        self.texts.iter().find(|(at, _)| *at == column).map_or("", |(_, text)| text)
    }

    /// The headings as rules see them.
    pub(crate) fn comparable(&self) -> impl Iterator<Item = String> {
        self.texts.iter().map(|(_, text)| comparable(text))
    }
}

/// Takes the unit of measure out of a text above the table, and keeps the first one found.
fn take_unit(layout: &Layout, text: &mut String, unit: &mut Option<String>) {
    for pattern in &layout.unit {
        let Some(found) = pattern.regex().captures(text) else { continue };
        if unit.is_none() {
            *unit = found.name("unit").map(|name| name.as_str().to_owned());
        }
        let whole = found.get_match().range();
        text.replace_range(whole, " ");
    }
}

/// The unit of a table that says it on the left, above its labels.
fn unit_of_title(layout: &Layout, sheet: &Sheet, rows: &[u32], first: u32) -> Option<String> {
    let mut unit = None;
    for row in rows {
        for (_, cell) in sheet.row(*row).filter(|(column, _)| *column < first) {
            let mut text = tidy(&cell.value.shown());
            take_unit(layout, &mut text, &mut unit);
        }
    }
    unit
}
