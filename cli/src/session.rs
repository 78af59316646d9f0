//! What most commands begin with: the library, the loaded settings, the async runtime.

use std::future::Future;

use lienthong_catalogue::KINDS;
use lienthong_config::{
    ConnectorPlan, Environment, Library, LoadRequest, Outline, load, load_outline,
};
use lienthong_diagnostics::{Level, Problem};

use crate::arguments::Global;
use crate::embedded::EMBEDDED;
use crate::exit::Failure;
use crate::output::Output;

/// How a command wants problems told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tell {
    /// As marked text on stderr.
    Person,
    /// As JSON on stdout.
    Script,
}

impl From<bool> for Tell {
    fn from(json: bool) -> Self {
        if json { Self::Script } else { Self::Person }
    }
}

impl Tell {
    /// The failure that tells problems in this way.
    pub(crate) fn failure(self, problems: Vec<Problem>) -> Failure {
        match self {
            Self::Person => Failure::Problems(problems),
            Self::Script => Failure::ProblemsAsJson(problems),
        }
    }
}

/// The data folders that the command line asks for.
pub(crate) fn library(global: &Global) -> Library {
    match &global.library {
        Some(folder) => Library::Folder(folder.clone()),
        None => Library::Embedded(&EMBEDDED),
    }
}

/// Loads the settings file; tells the warnings that are the operator's. Those of mappings are the
/// steward's: `lienthong check` shows them.
pub(crate) fn plan(global: &Global, tell: Tell, output: Output) -> Result<ConnectorPlan, Failure> {
    let plan = plan_quietly(global, tell)?;
    let own = plan.warnings.iter().filter(|warning| warning.code.starts_with("LT-1"));
    output.problems(&own.cloned().collect::<Vec<_>>(), Level::Warning);
    Ok(plan)
}

/// Loads the settings file; the caller tells the warnings.
pub(crate) fn plan_quietly(global: &Global, tell: Tell) -> Result<ConnectorPlan, Failure> {
    let environment = Environment::of_process();
    load(&request(global, &environment)).map_err(|problems| tell.failure(problems))
}

/// Reads what the settings file says of the connector itself.
pub(crate) fn outline(global: &Global, tell: Tell) -> Result<Outline, Failure> {
    let environment = Environment::of_process();
    load_outline(&request(global, &environment)).map_err(|problems| tell.failure(problems))
}

fn request<'a>(global: &'a Global, environment: &'a Environment) -> LoadRequest<'a> {
    LoadRequest {
        settings: &global.settings,
        overrides: &global.set,
        library: library(global),
        kinds: KINDS,
        environment,
    }
}

/// Runs async work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    // Fails only when another part has chosen a provider already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::of("the async runtime can't be started", error))?;
    Ok(runtime.block_on(work))
}
