//! What people write for a file drop.

use std::path::PathBuf;

use lienthong_text::Encoding;
use schemars::JsonSchema;
use serde::Deserialize;

/// The operator's settings: where the folder is and what is allowed there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The folder where files appear, relative to the settings file.
    pub(crate) folder: PathBuf,
    /// Which files are read, by their names: `*` stands for any text, `?` for one character.
    #[serde(default = "any_name")]
    pub(crate) pattern: String,
    /// How many seconds a file must not have been written to before it is read. 0 only where files
    /// appear whole, renamed into the folder.
    #[serde(default = "default_settle_secs")]
    pub(crate) settle_secs: u32,
    /// The most bytes of a file as it lies in the folder.
    #[serde(default = "default_file_bytes_max")]
    pub(crate) file_bytes_max: u64,
    /// The most bytes of one item. A larger one goes to quarantine by its beginning.
    #[serde(default = "default_item_bytes_max")]
    pub(crate) item_bytes_max: usize,
    /// The most bytes that a compressed file may decompress to.
    #[serde(default = "default_decompressed_bytes_max")]
    pub(crate) decompressed_bytes_max: u64,
    /// The most files that may lie in the folder, at most 12000. They are remembered as long as
    /// they lie there, so have them moved away once they are read.
    #[serde(default = "default_files_max")]
    pub(crate) files_max: usize,
}

/// The integrator's part for the whole system: nothing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connection {}

/// The integrator's part for one feed: how its files are written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feed {
    /// Which of the folder's files belong to this feed, by their names, where not all of them do.
    #[serde(default = "any_name")]
    pub(crate) pattern: String,
    /// How the records are written.
    pub(crate) format: Format,
    /// The way to the records. For `json`: the keys down to the array, with dots between them
    /// (`data.items`); empty where the whole text is the array. For `xml`: the names of the
    /// elements below the root, with slashes between them (`DanhSach/HoSo`).
    #[serde(default)]
    pub(crate) path: String,
    /// How the text is written in bytes. Without it the text is UTF-8, and a file that says
    /// something else of itself goes to quarantine. `auto` finds it out for each file; a file for
    /// which it is not clear goes to quarantine, and every item's place says what was found.
    pub(crate) encoding: Option<FileEncoding>,
    /// What stands between the cells of a CSV row: one character of ASCII.
    #[serde(default = "default_delimiter")]
    pub(crate) delimiter: char,
    /// Whether the first row of a CSV file names the columns.
    #[serde(default = "default_header")]
    pub(crate) header: bool,
    /// The names of the columns of a CSV file without a heading.
    #[serde(default)]
    pub(crate) columns: Vec<String>,
}

/// How text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FileEncoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16 with the low byte first, as Windows programs write it.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16 with the high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// UTF-16 that says by its byte order mark which byte is first; one without a mark is refused.
    #[serde(rename = "utf-16")]
    Utf16,
    /// The Vietnamese code page of Windows.
    #[serde(rename = "windows-1258")]
    Windows1258,
    /// TCVN 5712:1993 VN3, known as ABC: the encoding of the `.Vn…` fonts.
    Tcvn3,
    /// VNI for Windows: the encoding of the `VNI-…` fonts.
    Vni,
    /// VISCII, RFC 1456.
    Viscii,
    /// VPS, of the Vietnamese Professionals Society.
    Vps,
    /// What the file looks like, where that is clear.
    Auto,
}

impl FileEncoding {
    /// The encoding; `None` where it is to be found out.
    pub(crate) const fn known(self) -> Option<Encoding> {
        Some(match self {
            Self::Utf8 => Encoding::Utf8,
            Self::Utf16Le => Encoding::Utf16Le,
            Self::Utf16Be => Encoding::Utf16Be,
            Self::Utf16 => Encoding::Utf16,
            Self::Windows1258 => Encoding::Windows1258,
            Self::Tcvn3 => Encoding::Tcvn3,
            Self::Vni => Encoding::Vni,
            Self::Viscii => Encoding::Viscii,
            Self::Vps => Encoding::Vps,
            Self::Auto => return None,
        })
    }
}

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// One JSON value a line.
    JsonLines,
    /// A JSON array.
    Json,
    /// XML elements.
    Xml,
    /// Delimited rows with quoted cells (RFC 4180); an item is an object of column name and text.
    Csv,
}

impl Settings {
    /// The most files that a cursor has room for.
    pub(crate) const FILES_MAX: usize = 12_000;
}

impl Feed {
    /// How the bytes are read; `None` where that is to be found out for each file.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.encoding.map_or(Some(Encoding::Utf8), FileEncoding::known)
    }
}

fn any_name() -> String {
    "*".to_owned()
}

fn default_settle_secs() -> u32 {
    5
}

fn default_file_bytes_max() -> u64 {
    64 << 30
}

fn default_item_bytes_max() -> usize {
    16 << 20
}

fn default_decompressed_bytes_max() -> u64 {
    64 << 30
}

fn default_files_max() -> usize {
    10_000
}

fn default_delimiter() -> char {
    ','
}

fn default_header() -> bool {
    true
}
