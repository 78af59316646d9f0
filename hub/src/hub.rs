//! The hub as a whole: opened from settings, served on a listener or as a router.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::access::Access;
use crate::app::{App, Exposure, Refusals, Shared};
use crate::clock::Clock;
use crate::dvcqg::Portal;
use crate::error::Error;
use crate::rate::Rates;
use crate::settings::HubSettings;
use crate::store::Store;
use crate::{router, serve};

/// A hub with an open store. One process at a time can have a data folder open.
#[derive(Debug)]
pub struct Hub {
    shared: Arc<Shared>,
}

impl Hub {
    /// Checks the settings and opens the store, or makes it.
    ///
    /// # Errors
    /// When a token stands for two parties, or the folder or store can't be used. Nothing is then
    /// held open.
    pub fn open(settings: HubSettings) -> Result<Self, Error> {
        let access = Access::new(&settings).map_err(Error::Settings)?;
        let portal = Portal::new(settings.dvcqg, settings.limits).map_err(Error::Settings)?;
        let limits = settings.limits;
        let mut agencies: Vec<(String, String)> = Vec::new();
        for credential in settings.agencies {
            if credential.agency.is_empty() {
                return Err(Error::Settings("an agency without a code".to_owned()));
            }
            if !agencies.iter().any(|(code, _)| *code == credential.agency) {
                agencies.push((credential.agency, credential.name));
            }
        }
        let store = Store::open(&settings.data_folder, limits.store_bytes_max)?;
        let [openers, readers, bodies] = Shared::semaphores();
        let shared = Shared {
            standard: settings.standard,
            access,
            agencies,
            rates: Rates::new(limits.requests_per_sec, limits.requests_burst),
            store,
            portal,
            thresholds: settings.thresholds,
            limits,
            requests: Arc::new(Semaphore::new(limits.requests_max)),
            refusals: Refusals::default(),
            openers,
            readers,
            bodies,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The hub's routes, for a program that serves them itself. It must keep to the bounds on
    /// connections and headers that [`Hub::serve`] keeps.
    pub fn router(&self, clock: Arc<dyn Clock>, exposure: Exposure) -> Router {
        router::router(App { shared: Arc::clone(&self.shared), clock, exposure })
    }

    /// Serves requests until `shutdown` is done, then finishes those under way, empties the store's
    /// log and closes the store. On a loopback address the health page needs no credential.
    ///
    /// # Errors
    /// When the listener has no address. A connection that fails ends alone.
    pub async fn serve(
        self,
        listener: TcpListener,
        clock: Arc<dyn Clock>,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), Error> {
        let address = listener.local_addr().map_err(Error::Listen)?;
        let is_local = address.ip().is_loopback();
        let exposure = if is_local { Exposure::Loopback } else { Exposure::Network };
        let router = self.router(clock, exposure);
        serve::serve(listener, router, &self.shared.limits, shutdown).await;
        let shared = self.shared;
        // The writer may have work left; its end is waited for off the async threads.
        let closed = tokio::task::spawn_blocking(move || shared.store.close()).await;
        if closed.is_err() {
            tracing::error!("the store could not be closed in order");
        }
        Ok(())
    }
}
