//! The client against a real server on loopback that misbehaves as servers do.

mod answers;
mod login;
mod server;
mod ways;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lienthong_adapter_api::{Secret, SecretError, SecretReader, SecretRef, Section};

use super::{Auth, Client, ClientParts, KeyPlace, Transport};

/// Secrets by the name of their variable.
struct Secrets(HashMap<&'static str, &'static str>);

impl SecretReader for Secrets {
    fn read(&self, reference: &SecretRef) -> Result<Secret, SecretError> {
        match reference {
            SecretRef::Env { env } => match self.0.get(env.as_str()) {
                Some(value) => Ok(Secret::new((*value).to_owned())),
                None => Err(SecretError::NoVariable(env.clone())),
            },
            SecretRef::File { file } => Err(SecretError::Empty(file.clone())),
        }
    }
}

fn secrets() -> Secrets {
    Secrets(HashMap::from([
        ("KEY", "s3cr3t-key"),
        ("PASSWORD", "s3cr3t-password"),
        ("LINES", "s3cr3t\nlines"),
    ]))
}

/// What an operator writes, as this module's tests need it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    base_url: String,
    #[serde(default)]
    auth: Auth,
    #[serde(default)]
    http: Transport,
}

fn build(text: &str) -> Result<Client, Vec<String>> {
    let section = Section::parse("settings.toml", text, "the test").expect("TOML");
    let written: Written = section.read().map_err(|problems| {
        problems
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.message))
            .collect::<Vec<_>>()
    })?;
    let key = KeyPlace { header: Some("ApiKey".to_owned()), query: Some("APIKey".to_owned()) };
    let parts = ClientParts {
        settings: &section,
        settings_folder: Path::new("/nowhere"),
        base_url: &written.base_url,
        auth: &written.auth,
        key: &key,
        token_path: Some("/token"),
        transport: &written.http,
    };
    Client::build(parts, &secrets()).map_err(|problems| {
        problems
            .iter()
            .map(|problem| {
                let marked = problem.text.get(problem.span.clone()).unwrap_or_default();
                format!("{} {} [{marked}]", problem.code, problem.message)
            })
            .collect()
    })
}

fn client(base_url: &str, more: &str) -> Client {
    build(&format!("base_url = \"{base_url}\"\n{more}")).expect("usable settings")
}

fn now() -> Timestamp {
    "2025-06-20T01:35:00Z".parse().expect("a moment")
}

fn certificates() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")
}

#[test]
fn unusable_settings_are_named_all_at_once() {
    let found = build(
        "base_url = \"https://user:s3cr3t@example.vn/x\"\n\
         auth = { type = \"basic\", username = \"u\", password = { env = \"NONE\" } }\n\
         [http]\ntimeout_secs = 0\nproxy = \"socks5://x\"\nroot_certificates = \"none.pem\"",
    );
    let Err(found) = found else { panic!("the settings are unusable") };
    let codes: Vec<_> = found.iter().map(|line| line.split(' ').next().unwrap_or("")).collect();
    assert_eq!(codes, ["LT-1071", "LT-1070", "LT-1071", "LT-1071", "LT-1071"], "{found:#?}");
}

#[test]
fn a_file_without_certificates_is_refused() {
    let path = certificates();
    let text = format!(
        "base_url = \"https://example.vn\"\n[http]\nroot_certificates = \"{}\"",
        path.display()
    );
    let Err(found) = build(&text) else { panic!("there is no certificate in it") };
    assert!(found.concat().contains("LT-1071"), "{found:?}");
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_before_it_is_sent() {
    for (auth, expected) in [
        ("type = \"header\", name = \"X Key\", value = { env = \"KEY\" }", "the name of a header"),
        ("type = \"header\", name = \"X-Key\", value = { env = \"LINES\" }", "can't stand in a"),
    ] {
        let Err(found) = build(&format!("base_url = \"http://h\"\nauth = {{ {auth} }}")) else {
            panic!("{expected}");
        };
        assert!(found.concat().contains(expected), "{found:?}");
        assert!(!found.concat().contains("s3cr3t"), "{found:?}");
    }
}

#[test]
fn a_literal_secret_is_refused() {
    let text = "base_url = \"http://h\"\nauth = { type = \"bearer\", token = \"abc\" }";
    let Err(found) = build(text) else { panic!("the secret stands there in plain sight") };
    assert!(found.concat().starts_with("LT-1006"), "{found:?}");
}

#[test]
fn retry_after_is_read_in_both_forms() {
    let cases = [
        ("120", Some(120)),
        (" 5 ", Some(5)),
        ("999999999999999999999", Some(86_400)),
        ("Fri, 20 Jun 2025 01:36:30 GMT", Some(90)),
        ("Fri, 20 Jun 2025 01:00:00 GMT", Some(0)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ];
    for (written, secs) in cases {
        let read = super::retry_after(written, Some(now()));
        assert_eq!(read.map(|wait| wait.as_secs()), secs, "{written}");
    }
    assert_eq!(super::retry_after("Fri, 20 Jun 2025 01:36:30 GMT", None), None);
}

#[test]
fn a_shown_address_has_no_values_and_no_user() {
    let url =
        "https://user:pass@example.vn:8443/a/b?APIKey=s3cr3t&page=2#x".parse().expect("a URL");
    assert_eq!(super::shown_url(&url), "https://example.vn:8443/a/b?APIKey&page");
}
