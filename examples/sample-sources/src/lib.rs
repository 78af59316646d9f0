//! Four systems on loopback that serve the samples of `adapters/systems`, for the demo and tests.
//!
//! They behave as the README of each system says the real one does: they want credentials, page,
//! filter by dates and tell errors their own way. What they serve is data: the sample files, whose
//! records go out byte for byte as they stand there. Nothing depends on the time of day, and a
//! second run answers as the first did.

mod gplx;
mod igate;
mod ldtbxh;
mod lgsp;
mod samples;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use samples::SampleError;

/// What a connector has to know to be let in. The values are invented and mean nothing elsewhere.
pub mod credentials {
    /// The OAuth 2.0 client of `igate`.
    pub const IGATE_CLIENT_ID: &str = "lienthong-demo";
    /// Its secret.
    pub const IGATE_CLIENT_SECRET: &str = "igate-demo-secret";
    /// The agency that `igate` is asked for.
    pub const IGATE_AGENCY: &str = "000.00.16.H48";
    /// The key of `gplx`.
    pub const GPLX_KEY: &str = "gplx-demo-key";
    /// The unit that `gplx` is asked for.
    pub const GPLX_UNIT: &str = "H48.13";
    /// The key of `ldtbxh`.
    pub const LDTBXH_KEY: &str = "ldtbxh-demo-key";
    /// The province that `ldtbxh` is asked for.
    pub const LDTBXH_PROVINCE: &str = "38";
    /// The user of `lgsp-one-stop`.
    pub const LGSP_USERNAME: &str = "lienthong-demo";
    /// Its password.
    pub const LGSP_PASSWORD: &str = "lgsp-demo-password";
    /// The unit that `lgsp-one-stop` is asked for.
    pub const LGSP_UNIT: &str = "000.00.12.H48";
}

/// The systems, served until [`SampleServer::stop`] or until it is dropped.
#[derive(Debug)]
pub struct SampleServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl SampleServer {
    /// Starts serving on a free port of 127.0.0.1. `file` gives a sample file by its path below
    /// `adapters/systems`, such as `igate/samples/dossiers.json`.
    ///
    /// # Errors
    /// When a sample file is missing or is not what its system serves, or no port is to be had.
    pub async fn start(file: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self, SampleError> {
        let systems = Router::new()
            .nest("/igate", igate::router(&file)?)
            .nest("/gplx", gplx::router(&file)?)
            .nest("/ldtbxh", ldtbxh::router(&file)?)
            .nest("/lgsp-one-stop", lgsp::router(&file)?);
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(SampleError::NoPort)?;
        let address = listener.local_addr().map_err(SampleError::NoPort)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, systems).with_graceful_shutdown(async {
            // A dropped sender ends the server as well.
            drop(stopped.await);
        });
        #[expect(clippy::disallowed_methods, reason = "the systems run beside their reader")]
        let task = tokio::spawn(async move { serving.await });
        Ok(Self { address, stop: Some(stop), task })
    }

    /// Starts serving the samples below a folder, `adapters/systems` of a checkout.
    ///
    /// # Errors
    /// As for [`SampleServer::start`].
    pub async fn start_from(folder: PathBuf) -> Result<Self, SampleError> {
        Self::start(|path| std::fs::read(folder.join(path)).ok()).await
    }

    /// The base address of a system, as its operator would write it.
    pub fn base_url(&self, system: &str) -> String {
        format!("http://{}/{system}", self.address)
    }

    /// Stops taking requests, lets those under way end, and waits for that.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn stop(mut self) -> Result<(), SampleError> {
        drop(self.stop.take());
        match self.task.await {
            Ok(served) => served.map_err(SampleError::NoPort),
            Err(error) => Err(SampleError::NoPort(std::io::Error::other(error))),
        }
    }
}
