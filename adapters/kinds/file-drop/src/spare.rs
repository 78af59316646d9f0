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

#[cfg(test)]
mod tests {
    //! A buffer is filled again only once nobody holds its page.

    use super::{Bytes, Spare};

    #[test]
    fn a_page_that_is_held_keeps_its_bytes_and_a_free_one_lends_its_buffer() {
        let mut spare = Spare::default();
        let pages: Vec<Bytes> = (0..2).map(|byte| Bytes::from(vec![byte; 1000])).collect();
        for page in &pages {
            spare.remember(page.clone());
        }
        assert_eq!(spare.take().capacity(), 0, "the older page is held");
        assert_eq!(pages[0], vec![0; 1000]);

        drop(pages);
        spare.remember(Bytes::from(vec![2; 10]));
        let buffer = spare.take();
        assert!(buffer.is_empty() && buffer.capacity() >= 1000, "the buffer of the second page");
    }
}
