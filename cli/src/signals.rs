//! Ctrl-C and SIGTERM as a future.

use crate::exit::Failure;

/// Waits for the first request to stop. A second one ends the process at once: what is under way is
/// safe in the outbox, because it is made to survive a kill.
pub(crate) async fn stop_requested() {
    if let Err(failure) = wait().await {
        tracing::error!("stop requests can't be heard: {failure}");
        std::future::pending::<()>().await;
    }
    tracing::info!("stopping; once more ends at once");
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime
            && runtime.block_on(wait()).is_ok()
        {
            std::process::exit(130);
        }
    });
}

#[cfg(unix)]
async fn wait() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error| Failure::of("signals can't be heard", error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn wait() -> Result<(), Failure> {
    tokio::signal::ctrl_c().await.map_err(|error| Failure::of("signals can't be heard", error))
}
