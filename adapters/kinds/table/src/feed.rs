//! The rules of a feed: how to find a table in a workbook and what its rows and columns mean.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::legacy::FontText;
use crate::pattern::{Pattern, Texts};

/// One feed of a system: one kind of table, in every workbook of the folder.
///
/// Rules speak of text, never of a file, a date or a cell. Nothing is guessed: a sheet, row or
/// column of the feed's tables that no rule explains is reported as a fault.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// How the workbooks' text is read. `auto-by-font`: by the font of each cell and of each run in
    /// it, TCVN3 in `.Vn…` (capitals where the name ends in H) and VNI in `VNI-…`, unless the words
    /// speak for Unicode; cells where only the font decides, or that hold what the encoding does
    /// not have, are counted in the log. `unicode`: as it stands, whatever the font.
    #[serde(default)]
    pub text: FontText,
    /// Which sheets are the feed's.
    pub sheet: SheetRule,
    /// What holds for all layouts, behind what each says itself.
    #[serde(default)]
    pub common: Common,
    /// How its tables are laid out; the first that fits a sheet reads it.
    pub layouts: Vec<Layout>,
}

/// Rules that all layouts of a feed share.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// As in a layout.
    #[serde(default)]
    pub continued: Vec<Pattern>,
    /// As in a layout.
    #[serde(default)]
    pub unit: Vec<Pattern>,
    /// As in a layout.
    #[serde(default)]
    pub columns: Vec<ColumnRule>,
    /// As in a layout.
    #[serde(default)]
    pub skip_columns: Vec<Pattern>,
    /// As in a layout.
    #[serde(default)]
    pub skip_rows: Vec<Pattern>,
    /// As in a layout.
    #[serde(default)]
    pub missing: Vec<String>,
    /// As in a layout's labels.
    #[serde(default)]
    pub sections: Vec<Pattern>,
    /// As in a layout's labels.
    #[serde(default)]
    pub part_marks: Vec<Pattern>,
    /// As in a layout's labels.
    #[serde(default)]
    pub strip: Vec<Pattern>,
}

/// Which sheets of a workbook are the feed's.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetRule {
    /// What the sheet's title says: the lines at its top that begin in one column.
    pub title: Texts,
    /// Titles of sheets that explain why a workbook has none for this feed, such as the table
    /// that was published before this one. A workbook with neither is reported.
    #[serde(default)]
    pub instead: Vec<Pattern>,
}

/// One way in which the feed's tables are laid out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its name, which goes into every item.
    pub name: String,
    /// Only sheets whose title says this; all of the feed's where left out.
    #[serde(default)]
    pub title: Option<Texts>,
    /// Where the report's period is said; the first that says one holds.
    pub period: Vec<PeriodRule>,
    /// The label of the table's first row: above it stand the headings.
    pub begin: Texts,
    /// Labels of which one must be in the table: tells apart tables that are titled and begin
    /// alike.
    #[serde(default)]
    pub has_row: Vec<Pattern>,
    /// How the title is repeated where the table goes on, as on the next printed page; headings
    /// follow it again.
    #[serde(default)]
    pub continued: Vec<Pattern>,
    /// How the unit of measure is written above the table; the group `unit` is the unit.
    #[serde(default)]
    pub unit: Vec<Pattern>,
    /// What the columns mean, by their headings; the first that fits holds.
    #[serde(default)]
    pub columns: Vec<ColumnRule>,
    /// Headings of columns that are left out on purpose.
    #[serde(default)]
    pub skip_columns: Vec<Pattern>,
    /// Labels of rows that are left out on purpose, such as notes below the table.
    #[serde(default)]
    pub skip_rows: Vec<Pattern>,
    /// How the rows' labels are read.
    #[serde(default)]
    pub labels: LabelRule,
    /// What is written in a cell to say that there is no figure. Such a cell is no item.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// A place where the report's period may be said.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodRule {
    /// The place.
    pub from: PeriodPlace,
    /// How it is said there.
    pub any_of: Vec<Pattern>,
}

/// Where a report's period may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodPlace {
    /// In the sheet's title.
    Title,
    /// In the columns' headings, where the latest period said holds.
    Heading,
    /// In the sheet's name.
    SheetName,
    /// In the file's name: the last resort, for workbooks that hold no date at all.
    FileName,
}

/// What a column means, told by its heading: the texts above it, from top to bottom, with those of
/// merged cells carried over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnRule {
    /// The column's name in the items.
    pub id: String,
    /// How the heading reads.
    pub any_of: Vec<Pattern>,
    /// How many months before the report's the heading's own period must end.
    #[serde(default)]
    pub months_before_report: Option<u16>,
    /// What the figures are compared with. Where the heading says a date for it, it must be that.
    #[serde(default)]
    pub against: Option<Against>,
    /// The kind of period that the figures are for.
    #[serde(default)]
    pub period: PeriodKind,
}

/// What a figure may be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// The same period a year earlier.
    SamePeriodLastYear,
    /// The month before.
    PreviousMonth,
    /// December of the year before.
    DecemberLastYear,
}

/// The kinds of period that a column's figures may be for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// The month that the heading says, or the report's.
    #[default]
    Month,
    /// The quarter that the heading says, or the one of its month.
    Quarter,
    /// The year that the heading says, or the report's.
    Year,
}

/// How the rows' labels are read: the texts left of the first figure.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelRule {
    /// Labels that open a section of the table, whatever their indentation. Each opens one
    /// section; a second row of such a name lies inside the section.
    #[serde(default)]
    pub sections: Vec<Pattern>,
    /// Marks in front of a label which say that this row and those below it, as far as they stand
    /// further in, are parts of the row above: "Trong đó:".
    #[serde(default)]
    pub part_marks: Vec<Pattern>,
    /// Whether a label may go on in the next row, which then begins with a small letter or a
    /// bracket and holds the figures.
    #[serde(default)]
    pub wrapped: bool,
    /// What is put in front of every key, where labels mean another thing than they do in the
    /// feed's other layouts.
    #[serde(default)]
    pub key_prefix: String,
    /// What is taken off a label before it becomes a key, such as the sign of a note.
    #[serde(default)]
    pub strip: Vec<Pattern>,
}

impl Feed {
    /// Puts the common rules behind those of every layout.
    #[must_use]
    pub(crate) fn complete(mut self) -> Self {
        let common = &self.common;
        for layout in &mut self.layouts {
            layout.continued.extend_from_slice(&common.continued);
            layout.unit.extend_from_slice(&common.unit);
            layout.columns.extend_from_slice(&common.columns);
            layout.skip_columns.extend_from_slice(&common.skip_columns);
            layout.skip_rows.extend_from_slice(&common.skip_rows);
            layout.missing.extend_from_slice(&common.missing);
            layout.labels.sections.extend_from_slice(&common.sections);
            layout.labels.part_marks.extend_from_slice(&common.part_marks);
            layout.labels.strip.extend_from_slice(&common.strip);
        }
        self
    }
}
