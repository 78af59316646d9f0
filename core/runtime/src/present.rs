//! The mapping that a feed uses at present. It changes while the connector runs when a person asks
//! for something that needs the code lists as they are now.

use std::sync::Arc;

use lienthong_config::{Library, LoadedMapping, load_mapping};
use lienthong_diagnostics::{Paint, Problem, render};
use lienthong_mapping::Mapping;
use lienthong_protocol::Provenance;
use lienthong_standard::Standard;

use crate::feed::Feed;
use crate::keeping::{self, made};

/// A mapping, and the provenance of what is mapped with it.
#[derive(Clone)]
pub(crate) struct Present {
    pub(crate) mapping: Arc<Mapping>,
    pub(crate) provenance: Arc<Provenance>,
}

impl Feed {
    /// What the feed maps with.
    pub(crate) fn present(&self) -> Present {
        // Whoever panicked with the lock had only read or replaced what is in it.
        self.present.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Reads the mapping and its code lists again. If they have changed, everything from the next
    /// page on is mapped with them; if they have problems, what is there stays.
    pub(crate) fn refresh(&self, library: &Library, standard: &Arc<Standard>) {
        let present = self.present();
        let name = present.mapping.name();
        let (mapping, files) = match load_mapping(library, standard, name) {
            Ok(LoadedMapping { mapping, files, .. }) => (mapping, files),
            Err(problems) => return self.stays(&problems),
        };
        if mapping.digest() == present.mapping.digest() {
            return;
        }
        if mapping.record_type().name != present.mapping.record_type().name {
            let words = "its mapping makes records of another type now: restart the connector";
            tracing::error!(feed = self.name(), "{words}");
            return;
        }
        if let Some(keeping) = &self.keeping {
            let put = keeping.texts().put(mapping.digest(), files.iter());
            keeping::warn(&self.plan.name, put);
        }
        let mut provenance = Provenance::clone(&present.provenance);
        mapping.digest().clone_into(&mut provenance.mapping_digest);
        tracing::info!(feed = self.name(), "its mapping has changed and is used from now on");
        let new = Present { mapping, provenance: Arc::new(provenance) };
        *self.present.write().unwrap_or_else(std::sync::PoisonError::into_inner) = new;
    }

    fn stays(&self, problems: &[Problem]) {
        let words = render(problems, lienthong_diagnostics::Level::Error, Paint::Plain);
        tracing::error!(
            feed = self.name(),
            "its mapping has problems; that of before stays\n{words}"
        );
    }
}

/// Lets a keep know how the items are mapped that come from now on.
pub(crate) fn note(keep: &mut lienthong_keep::FeedKeep, present: &Present, feed: &str) {
    keeping::warn(feed, keep.map_with(made(&present.provenance)));
}
