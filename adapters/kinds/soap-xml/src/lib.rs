//! The adapter kind for SOAP 1.1 and 1.2: request templates, WS-Security, paging, faults.
//!
//! The integrator puts the whole envelope as a template into the system's folder and says at which
//! path of the answer a record begins. Items are the bytes of each record's element as they stood
//! in the answer. A prefix that an element around the record declares is not declared again in the
//! item: mappings go by local names.

mod adapter;
mod answer;
mod request;
mod scan;
mod security;
mod settings;

#[cfg(test)]
mod tests;

use lienthong_adapter_api::{Kind, Schemas};

pub use settings::{Connection, Feed, PasswordType, Security, Settings, SoapVersion};

/// The descriptor of this kind.
pub const KIND: Kind = Kind {
    name: "soap-xml",
    summary: "SOAP 1.1 and 1.2: request templates, WS-Security UsernameToken, paging, faults",
    can_census: true,
    build: adapter::build,
    schemas: || Schemas {
        settings: schemars::schema_for!(Settings),
        connection: schemars::schema_for!(Connection),
        feed: schemars::schema_for!(Feed),
    },
};
