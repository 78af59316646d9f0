//! `cargo xtask test`: everything that must hold before a change is let in.

use crate::command::{TaskError, is_there, run, say};

/// Programs that the tests start, how to see that they are there, and the Debian package of each.
const NEEDED: [(&str, &str, &str); 3] = [
    ("cc", "--version", "gcc"),
    ("python3", "--version", "python3"),
    ("iconv", "--version", "libc-bin"),
];

/// Installs what is missing, then runs formatting, lints, all tests, doc tests and the tidy rules.
pub(crate) fn run_all() -> Result<(), TaskError> {
    install()?;
    run("cargo", &["fmt", "--all", "--check"])?;
    let deny = ["--", "-D", "warnings"];
    run("cargo", &[&["clippy", "--workspace", "--all-targets", "--locked"][..], &deny].concat())?;
    // The crash test and the demo test start the real program, as users build it.
    let programs = ["-p", "lienthong-cli", "-p", "lienthong-sink", "-p", "lienthong-roof"];
    run("cargo", &[&["build", "--release", "--locked"][..], &programs].concat())?;
    if is_there("cargo-nextest", "--version") {
        run("cargo", &["nextest", "run", "--workspace", "--locked"])?;
    } else {
        run("cargo", &["test", "--workspace", "--lib", "--bins", "--tests", "--locked"])?;
    }
    run("cargo", &["test", "--workspace", "--doc", "--locked"])?;
    say("everything passes");
    Ok(())
}

fn install() -> Result<(), TaskError> {
    let missing: Vec<_> = NEEDED
        .iter()
        .filter(|(program, argument, _)| !is_there(program, argument))
        .map(|(_, _, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_there("apt-get", "--version") {
        return Err(TaskError::Wrong(format!("please install: {}", missing.join(", "))));
    }
    run("apt-get", &["update", "-qq"])?;
    run("apt-get", &[&["install", "-y", "-qq", "--no-install-recommends"][..], &missing].concat())
}
