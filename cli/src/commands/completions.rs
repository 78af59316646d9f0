//! `lienthong completions SHELL`: completions for a shell, on stdout.

use clap::CommandFactory as _;

use crate::arguments::{Arguments, Completions};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Prints the completions.
pub(crate) fn run(command: &Completions, output: Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "lienthong", &mut script);
    output.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Well)
}
