//! What an operator and an integrator write for this kind beside the feeds' rules.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::grid::Limits;

/// Where the workbooks appear, and how much one may hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The folder that the workbooks are put into. Folders inside it are not looked into.
    pub folder: PathBuf,
    /// How long a file must have been left alone before it is read, so that a copy under way is
    /// not taken for a workbook.
    #[serde(default = "defaults::settle_secs")]
    pub settle_secs: u32,
    /// The largest workbook that is read.
    #[serde(default = "defaults::file_mb_max")]
    pub file_mb_max: u32,
    /// The largest workbook after unpacking.
    #[serde(default = "defaults::unpacked_mb_max")]
    pub unpacked_mb_max: u32,
    /// The most cells of a sheet.
    #[serde(default = "defaults::cells_max")]
    pub cells_max: u32,
}

/// What holds for all feeds of a system: nothing, for a folder of workbooks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {}

mod defaults {
    pub(super) fn settle_secs() -> u32 {
        10
    }

    pub(super) fn file_mb_max() -> u32 {
        32
    }

    pub(super) fn unpacked_mb_max() -> u32 {
        128
    }

    pub(super) fn cells_max() -> u32 {
        200_000
    }
}

const MEGABYTE: u64 = 1_000_000;

/// The most sheets of a workbook; a monthly report has some forty.
const SHEETS_MAX: usize = 500;

/// The most rows of a sheet: what an `.xls` file can hold.
const ROWS_MAX: u32 = 65_536;

impl Settings {
    /// The bounds of one workbook.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            unpacked_bytes: u64::from(self.unpacked_mb_max) * MEGABYTE,
            sheets: SHEETS_MAX,
            cells: usize::try_from(self.cells_max).unwrap_or(usize::MAX),
            rows: ROWS_MAX,
        }
    }

    /// The most bytes of a file.
    pub(crate) fn file_bytes_max(&self) -> u64 {
        u64::from(self.file_mb_max) * MEGABYTE
    }
}
