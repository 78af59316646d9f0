//! Running other programs, and saying so.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

/// What keeps a task from its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// A program can't be started.
    #[error("`{0}` can't be started")]
    Start(String, #[source] std::io::Error),
    /// A program failed.
    #[error("`{0}` failed ({1})")]
    Failed(String, ExitStatus),
    /// Something is not as it must be.
    #[error("{0}")]
    Wrong(String),
    /// The operating system refused something.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Writes a line for the person who watches, to stderr.
pub(crate) fn say(line: &str) {
    // Nobody to tell when even stderr is closed.
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Writes a line of data, to stdout.
pub(crate) fn print(line: &str) {
    // A closed pipe ends the program soon enough.
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// Runs a program in the project's root, and fails when it fails.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<(), TaskError> {
    run_with(program, arguments, &[])
}

/// The same with variables of its environment.
pub(crate) fn run_with(
    program: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<(), TaskError> {
    let line = format!("{program} {}", arguments.join(" "));
    say(&format!("> {line}"));
    let mut command =
        if program == "cargo" { lienthong_job::cargo() } else { Command::new(program) };
    let status = command
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root())
        .status()
        .map_err(|error| TaskError::Start(line.clone(), error))?;
    if status.success() { Ok(()) } else { Err(TaskError::Failed(line, status)) }
}

/// Whether a program can be started at all.
pub(crate) fn is_there(program: &str, argument: &str) -> bool {
    let quiet = std::process::Stdio::null;
    Command::new(program)
        .arg(argument)
        .stdout(quiet())
        .stderr(quiet())
        .status()
        .is_ok_and(|status| status.success())
}
