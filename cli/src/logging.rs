//! Logs to stderr, by `--log`, `LIENTHONG_LOG` or the settings.

use std::io;

use lienthong_config::{LogFormat, LogPlan};
use tracing_subscriber::EnvFilter;

use crate::arguments::Global;
use crate::exit::Failure;

/// Starts logging. What the command line says goes before what the settings say.
pub(crate) fn start(global: &Global, settings: Option<&LogPlan>) -> Result<(), Failure> {
    let of_settings = settings.map_or("warn", |log| log.filter.as_str());
    let filter = global.log.as_deref().unwrap_or(of_settings);
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| Failure::of(format!("`{filter}` is not a log filter"), error))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let format = settings.map_or(LogFormat::Text, |log| log.format);
    let started = match format {
        LogFormat::Text => builder.with_ansi(false).with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::of("logging can't be started", error))
}
