//! Addresses as they may be shown: without user information and query values.

use reqwest::Url;

/// Writes a URL for messages: scheme, host, port, path and the names of the query's parameters.
pub fn shown_url(url: &Url) -> String {
    let mut shown = url.origin().ascii_serialization();
    shown.push_str(url.path());
    let names: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    if !names.is_empty() {
        shown.push('?');
        shown.push_str(&names.join("&"));
    }
    shown
}
