//! The copies of the data folders inside the binary.

use std::borrow::Cow;

use lienthong_config::LibraryFiles;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../adapters/systems/"]
#[prefix = "adapters/systems/"]
struct Systems;

#[derive(RustEmbed)]
#[folder = "../mappings/"]
#[prefix = "mappings/"]
struct Mappings;

#[derive(RustEmbed)]
#[folder = "../docs/errors/"]
struct ErrorPages;

/// The systems and mappings inside the binary.
pub(crate) struct Embedded;

/// The one instance, for those who want a reference that lasts.
pub(crate) static EMBEDDED: Embedded = Embedded;

impl LibraryFiles for Embedded {
    fn paths(&self) -> Vec<Cow<'static, str>> {
        Systems::iter().chain(Mappings::iter()).collect()
    }

    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let file = Systems::get(path).or_else(|| Mappings::get(path))?;
        Some(file.data)
    }
}

/// The page of an error code.
pub(crate) fn error_page(code: &str) -> Option<String> {
    let page = ErrorPages::get(&format!("{code}.md"))?;
    String::from_utf8(page.data.into_owned()).ok()
}

/// All error codes that have a page, sorted.
pub(crate) fn error_codes() -> Vec<String> {
    let names = ErrorPages::iter().filter_map(|name| name.strip_suffix(".md").map(str::to_owned));
    let mut codes: Vec<String> = names.filter(|name| name.starts_with("LT-")).collect();
    codes.sort();
    codes
}
