//! The only reader of what people wrote: settings, secrets, adapters' data, mappings, standard.
//!
//! [`load`] reads an agency's settings through their layers (defaults, file, environment, command
//! line), then the data of every system they name, and answers with a whole [`ConnectorPlan`] or
//! with all problems at once, each with its file, line and column.

mod endpoint;
mod layers;
mod library;
mod plan;
mod schedule;

pub use endpoint::{
    BodyRule, Breaker, Compression, DvcqgUplink, EndpointKind, EndpointPlan, FeedName, HeaderValue,
    HttpAuth, HttpBody, HttpMethod, HttpUplink, HubUplink, Retry, SuccessRule,
};
pub use layers::Shown;
pub use library::{Library, LibraryFiles};
pub use plan::{ConnectorPlan, FeedPlan, Limits, SourcePlan};
pub use schedule::{Calendar, CronTimes, Schedule, Timetable, Window};
