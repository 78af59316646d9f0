//! `lienthong demo`: the whole way on this machine, with nothing simulated but the systems' data.
//!
//! Two agencies, each with a settings file of its own that is loaded like any other: a province
//! with three systems that are really asked over HTTP and SOAP, and a ministry whose workbooks are
//! really read from a folder. Both send to a hub that listens on a free port of this machine.

mod drive;
mod layout;
mod report;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_config::{ConnectorPlan, Environment, HubRequest, LoadRequest, load, load_hub};
use lienthong_hub::Hub;
use lienthong_runtime::{Clock as _, SystemClock};
use lienthong_sample_sources::SampleServer;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::layout::Layout;
use crate::arguments::{Demo, Global};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{block_on, library};
use crate::{logging, signals};

/// Runs the demo once, or until it is asked to stop.
pub(crate) fn run(command: &Demo, global: &Global, output: Output) -> Result<Exit, Failure> {
    logging::start(global, None)?;
    let failed = |error| Failure::of("the data folder can't be made", error);
    // Lives as long as the demo; with `--data` there is none to remove.
    let temporary = match &command.data {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("lienthong-demo-").tempdir().map_err(failed)?),
    };
    let folder: PathBuf = match (&command.data, &temporary) {
        (Some(folder), _) => folder.clone(),
        (None, Some(folder)) => folder.path().to_path_buf(),
        (None, None) => return Err(Failure::new("there is no data folder")),
    };
    block_on(demo(&folder, command, global, output))?
}

async fn demo(
    folder: &Path,
    command: &Demo,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let samples = start_samples(global).await?;
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(|error| Failure::of("no port can be had", error))?;
    let address =
        listener.local_addr().map_err(|error| Failure::of("the hub has no address", error))?;
    let layout = Layout::new(folder);
    layout.write(&library(global), address, |system| samples.base_url(system))?;
    let operator = layout.operator_token()?;
    let hub = open_hub(&layout, global)?;
    let (stop, stopped) = watch::channel(false);
    let mut serving = JoinSet::new();
    let clock = Arc::new(|| SystemClock.now());
    serving.spawn(hub.serve(listener, clock, until(stopped)));
    let plans = [layout.province(), layout.ministry()];
    let plans = plans.iter().map(|settings| plan(settings, global)).collect::<Result<_, _>>()?;
    let worked = work(plans, address, &operator, command, output).await;
    stop.send_replace(true);
    if let Some(served) = serving.join_next().await {
        let served = served.map_err(|error| Failure::of("the hub broke down", error))?;
        served.map_err(super::hub::failure)?;
    }
    samples.stop().await.map_err(|error| Failure::of("the sample systems broke down", error))?;
    worked
}

async fn work(
    plans: Vec<ConnectorPlan>,
    address: SocketAddr,
    operator: &str,
    command: &Demo,
    output: Output,
) -> Result<Exit, Failure> {
    let connectors = drive::Connectors::open(plans).await?;
    let before = connectors.delivered()?;
    let finished = connectors.run_once(output).await?;
    let hub = report::hub(address, operator).await?;
    let report = report::Report::new(&connectors.feeds()?, &before, hub);
    report.say(command.json, output)?;
    if !command.once && finished {
        output.note(format!("health page: http://{address}/ (Ctrl-C ends the demo)"));
        connectors.run(signals::stop_requested()).await;
    }
    connectors.close().await?;
    Ok(if finished && report.adds_up() { Exit::Well } else { Exit::Problems })
}

async fn start_samples(global: &Global) -> Result<SampleServer, Failure> {
    let library = library(global);
    let file = move |path: &str| library.bytes(&format!("adapters/systems/{path}"));
    SampleServer::start(file)
        .await
        .map_err(|error| Failure::of("the sample systems can't be served", error))
}

fn open_hub(layout: &Layout, global: &Global) -> Result<Hub, Failure> {
    let environment = Environment::default();
    let settings = layout.hub();
    let library = library(global);
    let request =
        HubRequest { settings: &settings, overrides: &[], library, environment: &environment };
    let plan = load_hub(&request).map_err(Failure::Problems)?;
    Hub::open(super::hub::settings(plan)).map_err(super::hub::failure)
}

fn plan(settings: &Path, global: &Global) -> Result<ConnectorPlan, Failure> {
    // The demo's settings are its own: variables and options are meant for a real connector.
    let environment = Environment::default();
    let request = LoadRequest {
        settings,
        overrides: &[],
        library: library(global),
        kinds: lienthong_catalogue::KINDS,
        environment: &environment,
    };
    load(&request).map_err(Failure::Problems)
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same as one that says stop.
    drop(stopped.wait_for(|stop| *stop).await);
}

#[cfg(test)]
mod tests;
