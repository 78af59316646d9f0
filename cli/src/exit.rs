//! How a command ends: exit codes, and failures with their rendering.

use std::error::Error;
use std::process::ExitCode;

use lienthong_diagnostics::{Level, Problem, chain, render_json};

use crate::output::Output;

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Well,
    /// It found problems.
    Problems,
    /// The work ended, but something waits for a person or for an endpoint.
    Waiting,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Well => Self::SUCCESS,
            Exit::Problems => Self::from(1),
            Exit::Waiting => Self::from(3),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What people wrote has problems.
    #[error("{} problems", .0.len())]
    Problems(Vec<Problem>),
    /// The same, for a script.
    #[error("{} problems", .0.len())]
    ProblemsAsJson(Vec<Problem>),
    /// An operation failed.
    #[error("{what}")]
    Failed {
        /// Which, with its code where it has one.
        what: String,
        /// Why.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// Nobody reads stdout any more.
    #[error("nobody reads the output any more")]
    OutputClosed,
}

impl Failure {
    /// An operation that failed without a deeper cause.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self::Failed { what: what.into(), source: None }
    }

    /// An operation that failed for a reason.
    pub(crate) fn of(
        what: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Failed { what: what.into(), source: Some(source.into()) }
    }

    /// Says it on stderr (for scripts on stdout) and gives the exit code.
    pub(crate) fn say(&self, output: Output) -> ExitCode {
        match self {
            Self::Problems(problems) => output.problems(problems, Level::Error),
            Self::ProblemsAsJson(problems) => {
                let all = serde_json::json!({ "problems": render_json(problems) });
                if output.json(&all).is_err() {
                    return ExitCode::from(1);
                }
            }
            Self::OutputClosed => {}
            failed @ Self::Failed { .. } => output.error(&chain(failed)),
        }
        ExitCode::from(1)
    }
}
