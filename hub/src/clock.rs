//! The clock that the hub is given: nothing here asks the machine what time it is.

use jiff::Timestamp;

/// Tells the present moment. Any function that does is one.
pub trait Clock: Send + Sync + 'static {
    /// The present moment by this clock. It may jump, as a machine's clock does.
    fn now(&self) -> Timestamp;
}

impl<F> Clock for F
where
    F: Fn() -> Timestamp + Send + Sync + 'static,
{
    fn now(&self) -> Timestamp {
        self()
    }
}
