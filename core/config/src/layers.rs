//! The layers of a setting's value: default, file, environment, command line.

/// One setting as it stands after all layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The way to it: `sources.igate.schedule.every_secs`.
    pub path: String,
    /// Its value as TOML; a secret as its reference.
    pub value: String,
    /// Where it came from: `default`, `h22.toml:7:1`, `LIENTHONG_…`, `--set`.
    pub origin: String,
}
