use std::path::PathBuf;

use lienthong_adapter_api::{SecretError, SecretReader as _, SecretRef, Section};

use super::Secrets;
use crate::Environment;

fn file(name: &str) -> SecretRef {
    SecretRef::File { file: PathBuf::from(name) }
}

#[test]
fn a_secret_is_the_first_line_of_a_file_beside_the_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), "abc \r\nmore\n").expect("written");
    std::fs::write(folder.path().join("empty"), "\nabc").expect("written");
    let environment = Environment::default();
    let secrets = Secrets::new(&environment, folder.path());
    assert_eq!(secrets.read(&file("token")).expect("there").expose(), "abc");
    assert!(matches!(secrets.read(&file("empty")), Err(SecretError::Empty(_))));
    assert!(matches!(secrets.read(&file("none")), Err(SecretError::NoFile { .. })));
}

#[test]
fn a_variable_that_is_not_set_or_empty_is_no_secret() {
    let environment = Environment::new([("SET", "abc"), ("EMPTY", "")]);
    let secrets = Secrets::new(&environment, ".".as_ref());
    let read = |env: &str| secrets.read(&SecretRef::Env { env: env.to_owned() });
    assert_eq!(read("SET").expect("there").expose(), "abc");
    assert!(matches!(read("EMPTY"), Err(SecretError::NoVariable(_))));
    assert!(matches!(read("NONE"), Err(SecretError::NoVariable(_))));
}

#[cfg(unix)]
#[test]
fn a_file_open_to_others_is_warned_of_once_and_at_its_name() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    for (name, mode) in [("open", 0o640), ("own", 0o600)] {
        let path = folder.path().join(name);
        std::fs::write(&path, "abc").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
    }
    let environment = Environment::default();
    let secrets = Secrets::new(&environment, folder.path());
    for name in ["open", "own", "open"] {
        secrets.read(&file(name)).expect("there");
    }
    let section = Section::parse("a.toml", "a = { file = \"open\" }", "a test").expect("TOML");
    let warnings = secrets.warnings(&section);
    let places: Vec<_> = warnings.iter().map(|w| (w.code, w.line_column())).collect();
    assert_eq!(places, [("LT-1022", (1, 15))]);
}
