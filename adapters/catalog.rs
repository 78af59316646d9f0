//! The catalogue of adapter kinds: a literal list, sorted by name, one line for each folder of
//! `kinds/`.

use lienthong_adapter_api::Kind;

/// Every adapter kind that this program has.
pub static KINDS: &[Kind] = &[
    lienthong_kind_file_drop::KIND,
    lienthong_kind_http_json::KIND,
    lienthong_kind_soap_xml::KIND,
    lienthong_kind_table::KIND,
];
