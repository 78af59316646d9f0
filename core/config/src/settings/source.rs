//! What an operator writes about one system to read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// One system to read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "source")]
pub(crate) struct SourceSettings {
    /// Its name in this connector: lower-case letters, digits and hyphens. It stands in every
    /// record's provenance; renaming it starts its feeds anew.
    pub(crate) name: String,
    /// The system: a folder of `adapters/systems/`, as `lienthong adapter list` shows them.
    pub(crate) system: String,
    /// The feeds to pull; all of the system's if left out.
    #[serde(default)]
    pub(crate) feeds: Option<Vec<String>>,
    /// How often its feeds are pulled.
    #[serde(default)]
    pub(crate) schedule: ScheduleSettings,
    /// Other schedules for single feeds, by the feed's name.
    #[serde(default)]
    pub(crate) schedules: BTreeMap<String, ScheduleSettings>,
    /// The hours at which the system may be asked.
    #[serde(default)]
    pub(crate) calendar: CalendarSettings,
    /// The most items of one page, 1 to 10000.
    #[serde(default = "items_max")]
    pub(crate) items_max: usize,
    /// The most bytes of one page, 65536 to 67108864.
    #[serde(default = "bytes_max")]
    pub(crate) bytes_max: usize,
    /// Addresses, credentials and limits, as the system's adapter kind wants them.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    #[expect(dead_code, reason = "read by the adapter kind")]
    settings: Option<IgnoredAny>,
}

impl SourceSettings {
    /// Settings with defaults for everything but the names, for a source of which no more could be
    /// read.
    pub(crate) fn of_names(name: String, system: String) -> Self {
        Self {
            name,
            system,
            feeds: None,
            schedule: ScheduleSettings::default(),
            schedules: BTreeMap::new(),
            calendar: CalendarSettings::default(),
            items_max: items_max(),
            bytes_max: bytes_max(),
            settings: None,
        }
    }
}

/// How often feeds are pulled: either `every_secs` or `cron`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "schedule")]
pub(crate) struct ScheduleSettings {
    /// The interval, from the end of a pass to the next one, 1 to 2678400; 300 if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) every_secs: Option<u32>,
    /// By how much the interval is lengthened or shortened at random, in hundredths, 0 to 50; 10
    /// if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jitter_percent: Option<u8>,
    /// Minute, hour, day, month and weekday, in Vietnamese time: `0 2 * * *` is every night at
    /// two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cron: Option<String>,
}

/// The hours at which a system may be asked, in Vietnamese time.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "calendar")]
pub(crate) struct CalendarSettings {
    /// Windows of the week: `Mon-Fri 07:00-18:00`, `Sat 08:00-11:30`, `daily 22:00-24:00`. All
    /// week if empty.
    pub(crate) allowed: Vec<String>,
    /// Days on which it is left alone: `2026-09-02`.
    pub(crate) closed: Vec<String>,
}

fn items_max() -> usize {
    2_000
}

fn bytes_max() -> usize {
    8 << 20
}
