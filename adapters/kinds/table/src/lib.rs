//! The adapter kind `table`: reports that are published as workbooks.
//!
//! A folder receives workbooks (CSV, BIFF8 `.xls`, `.xlsx`). A feed describes by rules one kind of
//! table in them: what its sheet's title says, where its first row is, what headings its columns
//! have, how its labels are arranged, where the report says its period. Every figure of such a
//! table becomes one `row` item with all that is known of it; whatever no rule explains becomes a
//! fault. One description reads the workbooks of many years, because nothing in it names a file, a
//! date or a cell.

mod adapter;
mod biff;
mod book;
mod extract;
mod feed;
mod folder;
mod grid;
mod legacy;
mod normalise;
mod pattern;
mod period;
mod position;
mod settings;
mod survey;
mod xlsx;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use lienthong_adapter_api::{Kind, Schemas};

pub use feed::{
    Against, ColumnRule, Common, Feed, LabelRule, Layout, PeriodKind, PeriodPlace, PeriodRule,
    SheetRule,
};
pub use legacy::FontText;
pub use normalise::comparable;
pub use pattern::{Pattern, Texts};
pub use settings::{Connection, Settings};

/// The descriptor of this kind.
pub const KIND: Kind = Kind {
    name: "table",
    summary: "reports in workbooks (CSV, .xls, .xlsx), found by rules about their text",
    can_census: false,
    build: adapter::build,
    schemas: || Schemas {
        settings: schemars::schema_for!(Settings),
        connection: schemars::schema_for!(Connection),
        feed: schemars::schema_for!(Feed),
    },
};
