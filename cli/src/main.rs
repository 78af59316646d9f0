//! The command line: reads arguments, runs one command, answers with an exit code.
//!
//! Data goes to stdout, everything else to stderr. Exit codes: 0 all is well; 1 something failed or
//! has problems; 2 the command line was not understood; 3 the work ended, but something waits for a
//! person or for an endpoint.

mod arguments;
mod commands;
mod embedded;
mod exit;
mod items;
mod logging;
mod outbox;
mod output;
mod progress;
mod session;
mod signals;
mod table;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::exit::Failure;
use crate::output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.global.colour);
    match run(arguments, output) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.say(output),
    }
}

fn run(arguments: Arguments, output: Output) -> Result<exit::Exit, Failure> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Adapter(command) => commands::adapter::run(&command, &global, output),
        Command::Check(command) => commands::check::run(&command, &global, output),
        Command::Completions(command) => commands::completions::run(&command, output),
        Command::Config(command) => commands::config::run(&command, &global, output),
        Command::Demo(command) => commands::demo::run(&command, &global, output),
        Command::Explain(command) => commands::explain::run(&command, &global, output),
        Command::Hub(command) => commands::hub::run(&command, &global, output),
        Command::Init(command) => commands::init::run(&command, output),
        Command::Mapping(command) => commands::mapping::run(&command, &global, output),
        Command::Preview(command) => commands::preview::run(&command, &global, output),
        Command::Quarantine(command) => commands::quarantine::run(&command, &global, output),
        Command::Replay(command) => commands::replay::run(&command, &global, output),
        Command::Run(command) => commands::run::run(&command, &global, output),
        Command::Status(command) => commands::status::run(&command, &global, output),
    }
}
