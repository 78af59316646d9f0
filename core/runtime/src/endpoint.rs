//! One endpoint as the lanes of its feeds share it: the uplink, its breaker, its bounds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lienthong_config::EndpointPlan;
use lienthong_outbox::{EndpointId, Outbox};
use lienthong_standard::Standard;
use tokio::sync::Semaphore;

use crate::breaker::{Breaker, Verdict};
use crate::retry::Retry;
use crate::uplinks::{self, Delivery, Sending, Uplink, UplinkError};
use crate::{Clock, StartError};

/// One endpoint.
pub(crate) struct Endpoint {
    pub(crate) plan: EndpointPlan,
    pub(crate) id: EndpointId,
    pub(crate) retry: Retry,
    uplink: Box<dyn Uplink>,
    breaker: Mutex<Breaker>,
    in_flight: Semaphore,
    clock: Arc<dyn Clock>,
}

impl Endpoint {
    pub(crate) fn new(
        plan: EndpointPlan,
        id: EndpointId,
        standard: &Arc<Standard>,
        outbox: &Outbox,
        clock: &Arc<dyn Clock>,
        seed: u64,
    ) -> Result<Self, StartError> {
        let uplink = uplinks::build(&plan, id, standard, outbox, clock)?;
        let open_for = Duration::from_secs(u64::from(plan.breaker.open_secs));
        Ok(Self {
            id,
            uplink,
            breaker: Mutex::new(Breaker::new(plan.breaker.failures, open_for)),
            in_flight: Semaphore::new(plan.in_flight_max.max(1)),
            retry: Retry {
                min: Duration::from_secs(u64::from(plan.retry.min_secs)),
                max: Duration::from_secs(u64::from(plan.retry.max_secs)),
                seed,
            },
            clock: Arc::clone(clock),
            plan,
        })
    }

    /// How long the breaker holds requests back; zero lets one pass.
    pub(crate) fn held_back_for(&self) -> Duration {
        match self.breaker().ask(self.clock.now()) {
            Verdict::Pass | Verdict::Probe => Duration::ZERO,
            Verdict::Wait(wait) => wait,
        }
    }

    /// Whether of several full states of a record only the newest need go up.
    pub(crate) fn wants_newest_only(&self) -> bool {
        self.plan.coalesce && self.uplink.wants_newest_only()
    }

    /// Whether records are sent in the clear, so that it is worth keeping them until then.
    pub(crate) fn wants_lines(&self) -> bool {
        self.uplink.wants_lines()
    }

    /// Sends a batch, within the bound on requests under way, and tells the breaker how it went.
    pub(crate) async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError> {
        // The semaphore is never closed.
        let permit = self.in_flight.acquire().await;
        let result = self.uplink.deliver(sending).await;
        drop(permit);
        match &result {
            Ok(Delivery::TooLarge { .. }) | Err(UplinkError::Batch(_) | UplinkError::Outbox(_)) => {
                self.breaker().not_asked();
            }
            Ok(_) => self.breaker().succeeded(),
            Err(_) => self.breaker().failed(self.clock.now()),
        }
        result
    }

    /// Sends a heartbeat, where the endpoint takes one.
    pub(crate) async fn beat(
        &self,
        heartbeat: &lienthong_protocol::Heartbeat,
    ) -> Result<(), UplinkError> {
        self.uplink.beat(heartbeat).await
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
