//! What the tasks of a connector are told to do.

use std::time::Duration;

/// What the tasks of a connector are told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Go on.
    Running,
    /// Nothing more is pulled: deliver what is there, and wait for an endpoint that fails no longer
    /// than this since the last success.
    Draining {
        /// How long to wait in all.
        patience: Duration,
    },
    /// End after the batch under way.
    Stopping,
}
