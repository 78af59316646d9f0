//! What a hub holds of the system's feeds, asked page by page.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::compare::Record;
use super::figures::Key;
use crate::command::TaskError;

/// Records of one page.
const PAGE: usize = 1000;

/// A hub on this machine.
#[derive(Debug)]
pub(super) struct Hub<'a> {
    /// Host and port.
    pub(super) address: &'a str,
    /// The token that may read.
    pub(super) token: &'a str,
}

impl Hub<'_> {
    /// All observations of a feed.
    pub(super) fn records(
        &self,
        agency: &str,
        source: &str,
        feed: &str,
        records: &mut BTreeMap<Key, Record>,
    ) -> Result<(), TaskError> {
        let mut after = String::new();
        loop {
            let feed = format!("agency={agency}&source={source}&feed={feed}");
            let behind = if after.is_empty() {
                String::new()
            } else {
                format!("&after={}", escaped(&after))
            };
            let path = format!("/v1/records?{feed}&limit={PAGE}{behind}");
            let body = self.get(&path)?;
            let mut lines = 0;
            for line in body.lines() {
                let line: Value = serde_json::from_str(line)
                    .map_err(|error| TaskError::Wrong(format!("the hub's record: {error}")))?;
                after = text(&line, "key");
                let record = line.get("record").cloned().unwrap_or_default();
                let key = Key {
                    indicator: text(&record, "indicator"),
                    period: text(&record, "period"),
                    comparison: text(&record, "comparison"),
                    data_type: text(&record, "data_type"),
                };
                let name = text(&record, "indicator_name");
                records.insert(key, Record { value: text(&record, "value"), name });
                lines += 1;
            }
            if lines == 0 {
                return Ok(());
            }
        }
    }

    fn get(&self, path: &str) -> Result<String, TaskError> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
            self.address, self.token
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .ok_or_else(|| io::Error::other("the hub's answer has no end of its headers"))?;
        let status = head.lines().next().unwrap_or_default();
        if status.split_whitespace().nth(1) != Some("200") {
            return Err(TaskError::Wrong(format!("{path}: {status}: {body}")));
        }
        Ok(body.to_owned())
    }
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Text for a query: everything but letters and digits as bytes in percent form.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}
