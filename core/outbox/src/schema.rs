//! The forms of the database: which one a file has, and the way to the newest.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;
use crate::integer::length;

/// All forms in order; a file's `user_version` says how many of them it has been through.
const FORMS: [&str; 3] = [
    include_str!("forms/0001.sql"),
    include_str!("forms/0002.sql"),
    include_str!("forms/0003.sql"),
];

/// `LTOB`: what tells an outbox from other SQLite files.
const APPLICATION_ID: i64 = 0x4C54_4F42;

/// Brings a database to the newest form, each step in a transaction of its own.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let found = form(connection)?;
    check(found, path)?;
    let done = usize::try_from(found).unwrap_or(0);
    for (index, sql) in FORMS.iter().enumerate().skip(done) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(sql)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", length(index + 1))?;
        step.commit()?;
    }
    Ok(())
}

/// Refuses a database that a newer program has written.
pub(crate) fn check_readable(connection: &Connection, path: &Path) -> Result<(), Error> {
    let found = form(connection)?;
    if found == 0 {
        let folder = path.parent().unwrap_or(path).to_path_buf();
        return Err(Error::Absent { folder });
    }
    check(found, path)
}

fn form(connection: &Connection) -> Result<i64, Error> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn check(found: i64, path: &Path) -> Result<(), Error> {
    let known = i64::try_from(FORMS.len()).unwrap_or(i64::MAX);
    if (0..=known).contains(&found) {
        return Ok(());
    }
    Err(Error::Form { database: path.to_path_buf(), found, known })
}
