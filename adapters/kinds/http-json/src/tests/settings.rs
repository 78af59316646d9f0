//! What people write wrong, answered with code and place.

use super::{built, problems};

const FEED: &str = "[feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\n";
const NONE: &str = "paging = { type = \"none\" }\n";
const BASE: &str = "base_url = \"http://127.0.0.1:1\"\n";

/// A feed by windows, whose table goes on with these words.
fn windowed(more: &str) -> String {
    format!("{FEED}query = {{ a = \"{{from}}\" }}\n{NONE}window = {{ {more} }}\n")
}

#[test]
fn usable_settings_have_no_problems() {
    built(BASE, &format!("{FEED}{NONE}"));
}

/// The operator's further settings, the rest of `adapter.toml`, and what is said about them.
fn mistakes() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("end_point = \"x\"", format!("{FEED}{NONE}"), "LT-1004 `end_point` is not a setting"),
        (
            "",
            format!("[feeds.f.read]\npath = \"/x\"\n{NONE}"),
            "LT-1005 feed `f` needs the setting `key`",
        ),
        (
            "",
            format!("[feeds.f.read]\npath = \"/x\"\nkey = []\n{NONE}"),
            "LT-1071 a feed needs a `key`",
        ),
        (
            "",
            format!("{FEED}query = {{ a = \"{{secret:KEY}}\" }}\n{NONE}"),
            "LT-1072 the template can't be used: a secret",
        ),
        (
            "",
            format!("{FEED}query = {{ a = \"{{pages}}\" }}\n{NONE}"),
            "there is no placeholder {pages} [\"{pages}\"]",
        ),
        (
            "",
            format!("{FEED}query = {{ a = \"{{param:unit}}\" }}\n{NONE}"),
            "LT-1074 the system needs the parameter `unit`",
        ),
        (
            "",
            format!("{FEED}paging = {{ type = \"page\", size = 5 }}\n"),
            "LT-1072 the request does not use {page}",
        ),
        (
            "",
            format!("{FEED}paging = {{ type = \"offset\", size = 5 }}\n"),
            "the request does not use {offset}",
        ),
        (
            "",
            format!("{FEED}query = {{ a = \"{{from}}\" }}\n{NONE}"),
            "but the feed has no `window`",
        ),
        (
            "",
            format!("{FEED}{NONE}window = {{ start = \"2025-01-01T00:00:00Z\" }}\n"),
            "uses neither {from} nor {until}",
        ),
        ("", windowed("start = \"2025\""), "LT-1071 `start` is not a moment"),
        (
            "since = \"today\"",
            windowed("start = \"2025-01-01T00:00:00Z\""),
            "LT-1071 `since` is not a moment",
        ),
        (
            "",
            windowed("start = \"2025-01-01T00:00:00Z\", timezone = \"Asia/Saigon2\""),
            "there is no time zone `Asia/Saigon2`",
        ),
        (
            "",
            windowed("start = \"2025-01-01T00:00:00Z\", format = \"%J\""),
            "LT-1071 the format can't be used",
        ),
        ("", format!("{FEED}body = \"x\"\n{NONE}"), "LT-1071 a GET request has no body"),
        (
            "",
            format!("{FEED}query = {{ a = \"{{security}}\" }}\n{NONE}"),
            "{security} belongs into SOAP requests",
        ),
        (
            "",
            format!(
                "{FEED}query = {{ a = \"{{page}}\" }}\npaging = {{ type = \"page\", size = 0 }}\n"
            ),
            "at least one new item",
        ),
        (
            "",
            format!(
                "{FEED}at_end = \"stay\"\nquery = {{ a = \"{{page}}\" }}\n\
                 paging = {{ type = \"page\", size = 5 }}\n"
            ),
            "a list that is waited on can't be read by page numbers",
        ),
        ("", format!("{FEED}remember = 20001\n{NONE}"), "`remember` can be at most 20000"),
        (
            "auth = { type = \"oauth2\", client_id = \"u\", client_secret = { env = \"IGATE\" } }",
            format!("{FEED}{NONE}"),
            "LT-1005 it is not known where tokens come from",
        ),
        (
            "auth = { type = \"bearer\", token = { env = \"NONE\" } }",
            format!("{FEED}{NONE}"),
            "LT-1070 the environment variable `NONE` is not set",
        ),
        ("auth = { type = \"bearer\", token = \"abc\" }", format!("{FEED}{NONE}"), "LT-1006"),
    ]
}

#[test]
fn every_mistake_is_named_with_its_place() {
    for (more, adapter, expected) in mistakes() {
        let found = problems(&format!("{BASE}{more}"), &adapter);
        assert_eq!(found.len(), 1, "{expected}: {found:#?}");
        assert!(found[0].contains(expected), "{} should say {expected}", found[0]);
    }
}

#[test]
fn problems_of_all_parts_come_together() {
    let adapter = "[connection]\nheader = {}\n[feeds.a.read]\npath = 5\n[feeds.b.read]\nx = 1\n";
    let found = problems("base_url = 1\nunknown = 2", adapter);
    assert!(found.len() >= 6, "{found:#?}");
}

#[test]
fn the_schemas_describe_what_is_read() {
    let schemas = (crate::KIND.schemas)();
    for (schema, key) in [
        (schemas.settings, "base_url"),
        (schemas.connection, "token_path"),
        (schemas.feed, "paging"),
    ] {
        assert!(schema.pointer(&format!("/properties/{key}")).is_some(), "{key}");
    }
}
