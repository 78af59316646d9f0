//! Pulling of a whole feed, page by page, the way a runtime does.

use lienthong_adapter_api::{Adapter, Cursor, Page, PullError, PullRequest};

use super::fixture::Conformance;

/// How a feed is pulled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gait {
    pub(super) items_max: usize,
    pub(super) bytes_max: usize,
    /// Builds the adapter anew before every page.
    pub(super) is_restarted: bool,
    /// Pulls every page twice and compares.
    pub(super) is_repeated: bool,
}

impl Gait {
    pub(super) const STEADY: Self =
        Self { items_max: 3, bytes_max: 64 << 20, is_restarted: false, is_repeated: false };
}

/// A page as it can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Bytes and place.
    pub(super) items: Vec<(Vec<u8>, String)>,
    /// Code and place.
    pub(super) faults: Vec<(&'static str, String)>,
    pub(super) next: Option<String>,
    pub(super) more: bool,
    pub(super) bytes: usize,
}

impl Seen {
    pub(super) fn of(page: &Page) -> Self {
        let items = page.items().map(|item| (item.bytes.to_vec(), item.place.to_string()));
        let faults = page.faults().iter().map(|fault| {
            (fault.code, format!("{} {:?} {}", fault.origin, fault.position, fault.reason))
        });
        Self {
            items: items.collect(),
            faults: faults.collect(),
            next: page.next.as_ref().map(|next| next.as_text().to_owned()),
            more: page.more,
            bytes: page.bytes(),
        }
    }
}

/// The most pages a sample source may have, so that an endless feed ends.
const PAGES_MAX: usize = 10_000;

impl Conformance {
    pub(super) fn request<'a>(&'a self, after: Option<&'a Cursor>, gait: Gait) -> PullRequest<'a> {
        PullRequest {
            feed: &self.feed,
            after,
            items_max: gait.items_max,
            bytes_max: gait.bytes_max,
            now: self.now,
        }
    }

    /// Pulls the feed from its beginning to its end. Returns the pages and the last cursor.
    pub(super) async fn walk(&self, gait: Gait) -> Result<(Vec<Seen>, Option<Cursor>), String> {
        let mut adapter = self.build()?;
        let (mut pages, mut after) = (Vec::new(), None);
        while pages.len() < PAGES_MAX {
            if gait.is_restarted {
                adapter = self.build()?;
            }
            let request = self.request(after.as_ref(), gait);
            let page = pull(&*adapter, request).await?;
            let seen = Seen::of(&page);
            if gait.is_repeated {
                let again = Seen::of(&pull(&*adapter, request).await?);
                if again != seen {
                    return Err(format!(
                        "page {} differs the second time: {}",
                        pages.len() + 1,
                        difference(&seen, &again)
                    ));
                }
            }
            let (is_empty, more) = (page.is_empty(), page.more);
            if is_empty && more && page.next.is_none() {
                return Err("an empty page promises more and does not move".to_owned());
            }
            if let Some(next) = page.next {
                // The runtime keeps text, nothing else.
                let text = next.as_text().to_owned();
                after = Some(Cursor::from_text(text).map_err(|error| error.to_string())?);
            }
            pages.push(seen);
            if !more {
                return Ok((pages, after));
            }
        }
        Err(format!("there is no end after {PAGES_MAX} pages"))
    }

    /// Compares what pages hold with what the source is known to hold.
    pub(super) fn compare(&self, pages: &[Seen]) -> Result<(), String> {
        self.compare_items(pages)?;
        let faults: Vec<&'static str> =
            pages.iter().flat_map(|page| page.faults.iter().map(|(code, _)| *code)).collect();
        if faults != self.faults {
            return Err(format!("faults {faults:?} instead of {:?}", self.faults));
        }
        Ok(())
    }

    /// The same without the faults: in a small page, what is too large may come before what else
    /// is wrong.
    pub(super) fn compare_items(&self, pages: &[Seen]) -> Result<(), String> {
        let items: Vec<&Vec<u8>> =
            pages.iter().flat_map(|page| page.items.iter().map(|(bytes, _)| bytes)).collect();
        for (index, (found, expected)) in items.iter().zip(&self.items).enumerate() {
            if *found != expected {
                let (found, expected) = (shown(found), shown(expected));
                return Err(format!("item {index} is {found} and should be {expected}"));
            }
        }
        if items.len() != self.items.len() {
            return Err(format!("{} items instead of {}", items.len(), self.items.len()));
        }
        Ok(())
    }
}

pub(super) async fn pull(adapter: &dyn Adapter, request: PullRequest<'_>) -> Result<Page, String> {
    adapter.pull(request).await.map_err(|error| described(&error))
}

/// The error with everything behind it.
pub(super) fn described(error: &PullError) -> String {
    format!("{} {error} {error:?}", error.code())
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned()
}

fn difference(one: &Seen, other: &Seen) -> String {
    if one.items != other.items {
        format!("{} and {} items", one.items.len(), other.items.len())
    } else if one.faults != other.faults {
        format!("faults {:?} and {:?}", one.faults, other.faults)
    } else if one.next != other.next {
        format!("cursors {:?} and {:?}", one.next, other.next)
    } else {
        "the promise of more, or the size".to_owned()
    }
}
