//! What came through the portal's contract: dossiers by code, every write, progress as it arrived.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::Serialize;

use super::StoreError;

/// Whether a request wants to make dossiers or to change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DossierKind {
    /// `isUpdating` is "False".
    Insert,
    /// `isUpdating` is "True".
    Update,
}

/// Dossiers of one request that passed their checks.
#[derive(Debug)]
pub(crate) struct DossierWork {
    /// What the request wants.
    pub(crate) kind: DossierKind,
    /// Whose they are.
    pub(crate) account: String,
    /// Code and JSON text of each.
    pub(crate) records: Vec<(String, String)>,
    /// When they came.
    pub(crate) received_at: Timestamp,
}

/// Progress of one request that passed its checks.
#[derive(Debug)]
pub(crate) struct ProgressWork {
    /// Whose it is.
    pub(crate) account: String,
    /// Dossier code, JSON text and a hash of the text of each.
    pub(crate) rows: Vec<(String, String, i64)>,
    /// When it came.
    pub(crate) received_at: Timestamp,
}

/// What became of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is stored.
    Stored,
    /// An insert of a dossier that exists.
    Exists,
    /// An update, or progress, of a dossier that does not exist.
    Missing,
    /// The dossier belongs to another account.
    Foreign,
    /// It was fine, but another record of its request was not: nothing of the request is stored.
    Withheld,
}

/// How a write is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteKind {
    /// A dossier was made.
    Insert,
    /// A dossier was changed.
    Update,
    /// An insert was refused.
    InsertRefused,
    /// An update was refused.
    UpdateRefused,
}

impl WriteKind {
    fn text(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::InsertRefused => "insert-refused",
            Self::UpdateRefused => "update-refused",
        }
    }
}

/// What came through the portal's contract, counted from the noted writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DvcqgStats {
    /// Dossiers that exist.
    pub(crate) dossiers: u64,
    /// Inserts that were carried out.
    pub(crate) inserts: u64,
    /// Updates that were carried out.
    pub(crate) updates: u64,
    /// Inserts that were refused because the dossier existed.
    pub(crate) inserts_refused: u64,
    /// Updates that were refused because the dossier did not exist.
    pub(crate) updates_refused: u64,
    /// Dossiers with more than one carried out insert.
    pub(crate) inserted_twice: u64,
    /// Rows of progress.
    pub(crate) progress: u64,
    /// Rows of progress that equal an earlier one.
    pub(crate) progress_doubled: u64,
}

/// Stores the dossiers of a request, all or none.
pub(super) fn store_dossiers(
    transaction: &Transaction<'_>,
    work: &DossierWork,
) -> Result<Vec<Written>, StoreError> {
    let mut judged = Vec::with_capacity(work.records.len());
    let mut made = HashSet::new();
    for (code, _) in &work.records {
        let owner = owner_of(transaction, code)?;
        let is_first = made.insert(code);
        let is_new = owner.is_none() && (is_first || work.kind == DossierKind::Update);
        judged.push(match (work.kind, is_new) {
            _ if owner.is_some_and(|owner| owner != work.account) => Written::Foreign,
            (DossierKind::Insert, true) | (DossierKind::Update, false) => Written::Stored,
            (DossierKind::Insert, false) => Written::Exists,
            (DossierKind::Update, true) => Written::Missing,
        });
    }
    let judged = all_or_none(judged);
    let now = work.received_at.as_microsecond();
    for ((code, record), written) in work.records.iter().zip(&judged) {
        let kind = match (written, work.kind) {
            (Written::Stored, DossierKind::Insert) => {
                insert_dossier(transaction, code, &work.account, record, now)?;
                WriteKind::Insert
            }
            (Written::Stored, DossierKind::Update) => {
                update_dossier(transaction, code, record, now)?;
                WriteKind::Update
            }
            (Written::Exists, _) => WriteKind::InsertRefused,
            (Written::Missing, _) => WriteKind::UpdateRefused,
            (Written::Foreign | Written::Withheld, _) => continue,
        };
        transaction
            .prepare_cached(
                "INSERT INTO dvcqg_writes (code, kind, written_at) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![code, kind.text(), now])?;
    }
    Ok(judged)
}

fn insert_dossier(
    transaction: &Transaction<'_>,
    code: &str,
    account: &str,
    record: &str,
    now: i64,
) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached(
            "INSERT INTO dvcqg_dossiers (code, account, record, changed_at)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![code, account, record, now])
}

fn update_dossier(
    transaction: &Transaction<'_>,
    code: &str,
    record: &str,
    now: i64,
) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached("UPDATE dvcqg_dossiers SET record = ?2, changed_at = ?3 WHERE code = ?1")?
        .execute(params![code, record, now])
}

/// Stores the progress of a request, all or none.
pub(super) fn store_progress(
    transaction: &Transaction<'_>,
    work: &ProgressWork,
) -> Result<Vec<Written>, StoreError> {
    let mut judged = Vec::with_capacity(work.rows.len());
    for (code, _, _) in &work.rows {
        judged.push(match owner_of(transaction, code)? {
            None => Written::Missing,
            Some(owner) if owner != work.account => Written::Foreign,
            Some(_) => Written::Stored,
        });
    }
    let judged = all_or_none(judged);
    let stored = judged.iter().all(|written| *written == Written::Stored);
    for (code, record, content) in work.rows.iter().filter(|_| stored) {
        transaction
            .prepare_cached(
                "INSERT INTO dvcqg_progress (code, account, content, record, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                code,
                work.account,
                content,
                record,
                work.received_at.as_microsecond()
            ])?;
    }
    Ok(judged)
}

/// Withholds what is fine when anything is not.
fn all_or_none(mut judged: Vec<Written>) -> Vec<Written> {
    if judged.iter().any(|written| *written != Written::Stored) {
        for written in judged.iter_mut().filter(|written| **written == Written::Stored) {
            *written = Written::Withheld;
        }
    }
    judged
}

fn owner_of(connection: &Connection, code: &str) -> rusqlite::Result<Option<String>> {
    let mut query =
        connection.prepare_cached("SELECT account FROM dvcqg_dossiers WHERE code = ?1")?;
    query.query_row([code], |row| row.get(0)).optional()
}

/// The JSON text of an account's dossier.
pub(crate) fn find_dossier(
    connection: &Connection,
    account: &str,
    code: &str,
) -> Result<Option<String>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT record FROM dvcqg_dossiers WHERE code = ?1 AND account = ?2")?;
    Ok(query.query_row(params![code, account], |row| row.get(0)).optional()?)
}

/// Counts what came through the contract.
pub(crate) fn stats(connection: &Connection) -> Result<DvcqgStats, StoreError> {
    let count = |sql: &str| -> rusqlite::Result<u64> {
        connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).map(i64::unsigned_abs)
    };
    let writes = |kind: WriteKind| -> rusqlite::Result<u64> {
        let mut query =
            connection.prepare_cached("SELECT count(*) FROM dvcqg_writes WHERE kind = ?1")?;
        query.query_row([kind.text()], |row| row.get(0)).map(i64::unsigned_abs)
    };
    Ok(DvcqgStats {
        dossiers: count("SELECT count(*) FROM dvcqg_dossiers")?,
        inserts: writes(WriteKind::Insert)?,
        updates: writes(WriteKind::Update)?,
        inserts_refused: writes(WriteKind::InsertRefused)?,
        updates_refused: writes(WriteKind::UpdateRefused)?,
        inserted_twice: count(
            "SELECT count(*) FROM (SELECT code FROM dvcqg_writes WHERE kind = 'insert'
             GROUP BY code HAVING count(*) > 1)",
        )?,
        progress: count("SELECT count(*) FROM dvcqg_progress")?,
        progress_doubled: count(
            "SELECT (SELECT count(*) FROM dvcqg_progress) -
             (SELECT count(*) FROM (SELECT DISTINCT code, content FROM dvcqg_progress))",
        )?,
    })
}
