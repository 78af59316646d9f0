//! The buffers of the newest pages, to be filled again once nobody holds those pages any more.

use std::collections::VecDeque;

use bytes::Bytes;

/// The page that is being stored and the one before it, which the keep may hold.
const PAGES: usize = 2;

/// The buffers of a feed's newest pages, oldest first. A pass through a long file then takes its
/// memory once, in place of asking for another page's worth over and over.
#[derive(Debug, Default)]
pub(crate) struct Spare(VecDeque<Bytes>);

impl Spare {
    /// An empty buffer: the oldest page's if it is free, else a new one.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        if self.0.len() < PAGES {
            return Vec::new();
        }
        let free = self.0.pop_front().and_then(|oldest| oldest.try_into_mut().ok());
        let mut buffer = free.unwrap_or_default();
        buffer.clear();
        Vec::from(buffer)
    }

    /// Remembers the buffer of a page that is handed on.
    pub(crate) fn remember(&mut self, buffer: Bytes) {
        self.0.push_back(buffer);
    }
}
