//! `lienthong init`: a settings file to start from.

use std::io::{IsTerminal as _, Write as _};

use crate::arguments::Init;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// The settings file that is written.
const TEMPLATE: &str = include_str!("init/template.toml");
/// The agency where nothing is said and nobody can be asked.
const AGENCY: &str = "H22";

/// Writes `lienthong.toml` with folders for secrets and workbooks; never over a file that is there.
pub(crate) fn run(command: &Init, output: Output) -> Result<Exit, Failure> {
    let agency = match &command.agency {
        Some(agency) => agency.clone(),
        None if std::io::stdin().is_terminal() => ask(output)?,
        None => AGENCY.to_owned(),
    };
    // The code goes into a quoted string; `lienthong check` judges it.
    if agency.contains(['"', '\\', '\n']) {
        return Err(Failure::new(format!("`{}` is not an agency's code", agency.escape_debug())));
    }
    let path = command.folder.join("lienthong.toml");
    let failed = |error| Failure::of(format!("`{}` can't be written", path.display()), error);
    for folder in ["secrets", "inbox"] {
        std::fs::create_dir_all(command.folder.join(folder)).map_err(failed)?;
    }
    keep_private(&command.folder.join("secrets")).map_err(failed)?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
    let file = file.as_mut().map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Failure::new(format!("`{}` is there already", path.display()))
        } else {
            Failure::new(format!("`{}` can't be written: {error}", path.display()))
        }
    })?;
    file.write_all(TEMPLATE.replace("{agency}", &agency).as_bytes()).map_err(failed)?;
    output.line(path.display().to_string())?;
    output.note("next: put the hub's token into secrets/hub-token, then `lienthong check`");
    Ok(Exit::Well)
}

fn ask(output: Output) -> Result<String, Failure> {
    output.note(format!("The agency's code [{AGENCY}]:"));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_err(|error| Failure::of("the answer can't be read", error))?;
    let answer = answer.trim();
    Ok(if answer.is_empty() { AGENCY.to_owned() } else { answer.to_owned() })
}

#[cfg(unix)]
fn keep_private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}
