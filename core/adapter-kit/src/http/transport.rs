//! The settings of a connection, checked and turned into the HTTP library's client.

use std::path::Path;
use std::time::Duration;

use lienthong_adapter_api::{Problem, Section};
use reqwest::{Url, redirect};

use super::{ClientParts, tls};

fn problem(section: &Section, key: &str, message: String, label: &str) -> Vec<Problem> {
    vec![section.problem_at(section.span_of(key), "LT-1071", message, label, None)]
}

/// Reads an address that a person wrote.
pub(super) fn address(text: &str, section: &Section, key: &str) -> Result<Url, Vec<Problem>> {
    let wrong = |label| problem(section, key, format!("`{key}` is not a usable address"), label);
    let url = Url::parse(text).map_err(|_| wrong("not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("only http and https are read"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("credentials belong in `auth`, not in the address"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("an address here has no query and no fragment"));
    }
    Ok(url)
}

/// Builds the HTTP library's client. With `is_plain` no certificate store is loaded: nothing is
/// encrypted anyway, and a machine without one can still read a system next door.
pub(super) fn transport(
    parts: &ClientParts<'_>,
    is_plain: bool,
) -> Result<reqwest::Client, Vec<Problem>> {
    tls::install_provider();
    let set = parts.transport;
    let section = parts.settings.child("http", "`http`");
    let mut problems = Vec::new();
    let mut within = |key: &str, value: u64, min: u64, max: u64| {
        if value < min || value > max {
            let text = format!("`{key}` must lie between {min} and {max}");
            problems.extend(problem(&section, key, text, "out of bounds"));
        }
    };
    within("connect_timeout_secs", set.connect_timeout_secs, 1, 600);
    within("timeout_secs", set.timeout_secs, 1, 3600);
    within("body_bytes_max", set.body_bytes_max, 1 << 10, 1 << 30);
    within("redirects_max", set.redirects_max.into(), 0, 10);
    within("pause_millis", set.pause_millis, 0, 60_000);
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("lienthong/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(set.connect_timeout_secs))
        .timeout(Duration::from_secs(set.timeout_secs))
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(2)
        .no_proxy();
    if let Some(proxy) = &set.proxy {
        let made = address(proxy, &section, "proxy").and_then(|url| {
            reqwest::Proxy::all(url).map_err(|_| {
                problem(&section, "proxy", "the proxy can't be used".to_owned(), "not a proxy")
            })
        });
        match made {
            Ok(proxy) => builder = builder.proxy(proxy),
            Err(found) => problems.extend(found),
        }
    }
    match &set.root_certificates {
        Some(path) => match certificates(&parts.settings_folder.join(path)) {
            Ok(found) => builder = builder.tls_certs_merge(found),
            Err(why) => {
                let text = format!("the certificates can't be read: {why}");
                let label = "not a readable PEM file";
                problems.extend(problem(&section, "root_certificates", text, label));
            }
        },
        None if is_plain => builder = builder.tls_certs_only([]),
        None => {}
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    builder.build().map_err(|error| {
        let text = format!("no TLS client can be made: {}", error.without_url());
        problem(parts.settings, "base_url", text, "needs TLS")
    })
}

fn certificates(path: &Path) -> Result<Vec<reqwest::Certificate>, String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| error.to_string())?;
    if found.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(found) }
}
