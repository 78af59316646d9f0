//! Where the records of a feed come from and how they are made, as it stands in every batch.

use lienthong_config::{FeedPlan, SourcePlan};
use lienthong_protocol::Provenance;
use lienthong_standard::Standard;

/// The provenance of what a feed gives at present.
pub(crate) fn provenance(
    agency: &str,
    standard: &Standard,
    source: &SourcePlan,
    feed: &FeedPlan,
) -> Provenance {
    Provenance {
        agency: agency.to_owned(),
        source: source.name.clone(),
        feed: feed.name.clone(),
        record_type: feed.mapping.record_type().name.to_string(),
        standard: standard.name().to_owned(),
        standard_digest: standard.digest().to_owned(),
        mapping: feed.mapping.name().to_owned(),
        mapping_digest: feed.mapping.digest().to_owned(),
        adapter: format!("{} {}@{}", source.kind, source.system, source.adapter_version),
    }
}
