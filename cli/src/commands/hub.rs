//! `lienthong hub`: the receiving and monitoring side.

use std::sync::Arc;

use lienthong_config::{Environment, HubPlan, HubRequest, load_hub};
use lienthong_diagnostics::Level;
use lienthong_hub::{
    AgencyCredential, DvcqgAccount, DvcqgSettings, HubSettings, Limits, Thresholds, TokenDigest,
};
use lienthong_runtime::{Clock as _, SystemClock};
use tokio::net::TcpListener;

use crate::arguments::{Global, Hub};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{block_on, library};
use crate::{logging, signals};

/// Runs a hub until it is asked to stop.
pub(crate) fn run(command: &Hub, global: &Global, output: Output) -> Result<Exit, Failure> {
    let environment = Environment::of_process();
    let request = HubRequest {
        settings: &global.settings,
        overrides: &global.set,
        library: library(global),
        environment: &environment,
    };
    let plan = load_hub(&request).map_err(Failure::Problems)?;
    output.problems(&plan.warnings, Level::Warning);
    logging::start(global, Some(&plan.log))?;
    let listen = command.listen.unwrap_or(plan.listen);
    let hub = lienthong_hub::Hub::open(settings(plan)).map_err(failure)?;
    block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| Failure::of(format!("the hub can't listen on {listen}"), error))?;
        let address =
            listener.local_addr().map_err(|error| Failure::of("the hub has no address", error))?;
        output.note(format!("hub listens on http://{address}/; Ctrl-C ends it"));
        let clock = Arc::new(|| SystemClock.now());
        hub.serve(listener, clock, signals::stop_requested()).await.map_err(failure)?;
        Ok(Exit::Well)
    })?
}

/// A hub's failure.
pub(crate) fn failure(error: lienthong_hub::Error) -> Failure {
    Failure::of("the hub can't run", error)
}

/// A hub's settings as the hub takes them: of secrets only the digests.
pub(crate) fn settings(plan: HubPlan) -> HubSettings {
    let digest = |secret: &lienthong_adapter_api::Secret| TokenDigest::of(secret.expose());
    let credentials = plan.agencies.iter().flat_map(|agency| {
        agency.tokens.iter().map(|token| AgencyCredential {
            agency: agency.code.clone(),
            name: agency.name.clone(),
            token: digest(token),
        })
    });
    let accounts = plan.agencies.iter().filter_map(|agency| {
        let portal = agency.portal.as_ref()?;
        Some(DvcqgAccount {
            username: portal.username.clone(),
            password: digest(&portal.password),
            unit: agency.code.clone(),
        })
    });
    let (limits, thresholds) = (plan.limits, plan.thresholds);
    HubSettings {
        agencies: credentials.collect(),
        readers: plan.readers.iter().map(digest).collect(),
        operator: plan.operator.as_ref().map(digest),
        dvcqg: DvcqgSettings {
            accounts: accounts.collect(),
            session_secs: plan.portal_session_secs,
        },
        thresholds: Thresholds {
            silent_intervals: thresholds.silent_intervals,
            late_secs: thresholds.late_secs,
            clock_secs: thresholds.clock_secs,
        },
        limits: Limits {
            body_bytes_max: limits.body_bytes_max,
            headers_max: limits.headers_max,
            depth_max: limits.depth_max,
            connections_max: limits.connections_max,
            requests_max: limits.requests_max,
            requests_per_sec: limits.requests_per_sec,
            requests_burst: limits.requests_burst,
            header_timeout_ms: limits.header_timeout_ms,
            body_timeout_ms: limits.body_timeout_ms,
            request_timeout_ms: limits.request_timeout_ms,
            stop_secs: limits.stop_secs,
            store_bytes_max: limits.store_bytes_max,
        },
        data_folder: plan.data_folder,
        standard: plan.standard,
    }
}
