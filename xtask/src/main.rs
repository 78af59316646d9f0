//! The project's own tasks: `cargo xtask test`, `bench`, `crash`, `fidelity`, `gso`, `generate`.

mod bench;
mod command;
mod crash;
mod fidelity;
mod generate;
mod gso;
mod inputs;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own tasks.
#[derive(Parser)]
#[command(name = "xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what the tests need, then runs formatting, lints, all tests, doc tests and the tidy
    /// rules.
    Test,
    /// Times the 20-field job beside its hand-written roof.
    Bench {
        /// How many dossiers.
        #[arg(long, default_value_t = 200_000)]
        records: usize,
        /// How many times each program runs, in turn.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// Kills the real programs at seeded points and counts what was lost or doubled.
    Crash {
        /// At how many points.
        #[arg(long, default_value_t = 200)]
        points: u64,
        /// The seed of the points.
        #[arg(long, default_value_t = 20_251_121)]
        seed: u64,
    },
    /// Compares what the 20-field job delivers with a reference.
    Fidelity,
    /// Writes the settings reference and its schemas anew.
    Generate,
    /// Reads the published statistical workbooks through the real programs and compares.
    Gso {
        /// The folder of workbooks; the one beside the project if left out.
        workbooks: Option<PathBuf>,
        /// The folder of the reference's tables.
        reference: Option<PathBuf>,
        /// The `lienthong` to run; it is built in release form if left out.
        #[arg(long)]
        program: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test => test::run_all(),
        Task::Bench { records, rounds } => bench::run(records, rounds),
        Task::Crash { points, seed } => crash::run(points, seed),
        Task::Fidelity => fidelity::run_all(),
        Task::Generate => generate::run(),
        Task::Gso { workbooks, reference, program } => {
            gso::run(workbooks.as_deref(), reference.as_deref(), program.as_deref())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            command::say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
