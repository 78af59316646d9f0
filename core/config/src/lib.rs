//! The only reader of what people wrote: settings, secrets, adapters' data, mappings, standard.
//!
//! [`load`] reads an agency's settings through their layers (defaults, file, environment, command
//! line), then the data of every system they name, and answers with a whole [`ConnectorPlan`] or
//! with all problems at once, each with its file, line and column.

mod bounds;
mod catalog;
mod endpoint;
mod environment;
mod hub;
mod layers;
mod library;
mod load;
mod overlay;
mod plan;
mod reference;
mod schedule;
mod secrets;
mod settings;
mod shapes;

pub use catalog::{
    FeedSummary, SystemSummary, mapping_files_with_cases, mapping_names, open_standard,
    review_mapping, systems,
};
pub use endpoint::{
    BodyRule, Breaker, Compression, DvcBoUplink, DvcqgUplink, EndpointKind, EndpointPlan, FeedName,
    HeaderValue, HttpAuth, HttpBody, HttpMethod, HttpUplink, HubUplink, Retry, SuccessRule,
};
pub use environment::Environment;
pub use hub::{HubAgency, HubLimits, HubPlan, HubRequest, HubThresholds, PortalAccount, load_hub};
pub use layers::Shown;
pub use library::{Library, LibraryFiles};
pub use lienthong_diagnostics::Problem;
pub use load::{LoadRequest, LoadedMapping, Outline, load, load_mapping, load_outline};
pub use plan::{ConnectorPlan, FeedPlan, Limits, LogPlan, SourcePlan};
pub use reference::{ReferenceFile, reference};
pub use schedule::{Calendar, CronTimes, Schedule, Timetable, Window};
pub use settings::LogFormat;
pub use shapes::{shape_of, shape_path};
