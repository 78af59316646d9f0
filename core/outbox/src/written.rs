//! A write under way.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;

use crate::Error;

/// A write under way: it happens whether or not this is awaited, and is durable once this is ready.
#[must_use = "a write can fail; await it, or say that the failure does not matter"]
pub struct Written<T> {
    answer: oneshot::Receiver<Result<T, Error>>,
}

impl<T> Written<T> {
    pub(crate) fn new(answer: oneshot::Receiver<Result<T, Error>>) -> Self {
        Self { answer }
    }

    /// Blocks until the write is durable; for programs without an async runtime.
    ///
    /// # Errors
    /// As the write.
    ///
    /// # Panics
    /// When called from async code.
    pub fn wait(self) -> Result<T, Error> {
        self.answer.blocking_recv().unwrap_or(Err(Error::Closed))
    }
}

impl<T> Future for Written<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(Pin::new(&mut self.answer).poll(context));
        Poll::Ready(answer.unwrap_or(Err(Error::Closed)))
    }
}

impl<T> fmt::Debug for Written<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Written")
    }
}
