//! The adapter kind for JSON over HTTP: paged lists, time windows, five ways to log in.
//!
//! The operator writes where the system is and who we are ([`Settings`]); the integrator writes how
//! its requests and answers look ([`Connection`], [`Feed`]). Items are the bytes of each element of
//! the list as they stood in the answer: nothing is parsed and written again, so a number keeps all
//! of its digits.

mod adapter;
mod answer;
mod json;
mod request;
mod settings;

#[cfg(test)]
mod tests;

use lienthong_adapter_api::{Kind, Schemas};

pub use settings::{Connection, Feed, Settings};

/// The descriptor of this kind.
pub const KIND: Kind = Kind {
    name: "http-json",
    summary: "JSON over HTTP: paged lists, time windows, OAuth 2.0 and other logins",
    can_census: true,
    build: adapter::build,
    schemas: || Schemas {
        settings: schemars::schema_for!(Settings),
        connection: schemars::schema_for!(Connection),
        feed: schemars::schema_for!(Feed),
    },
};
