//! Judging each record that is new beside what was known before: states that go back, steps that come
//! late, twice, or beside the state of their record.
//!
//! A record's row in the index keeps its state. Steps are events of their own; for each record whose
//! steps a feed tells, its subject, a second row keeps the newest step that is known.

use lienthong_standard::{HistoryRule, StateCode, States, Steps};
use rusqlite::CachedStatement;

use super::apply::{BatchWork, Entry, Known};
use super::index::{Index, Row, subjects_of};
use super::{StoreError, blob};

/// Between the fields of a key.
pub(super) const KEY_SEPARATOR: char = '\u{1f}';

/// The history of the records of one batch.
pub(super) struct History<'b> {
    states: &'b States,
    feed_id: i64,
    batch_id: i64,
    /// The feed of the records that the steps belong to.
    beside: Option<i64>,
    subject: Option<Subject<'b>>,
    rows: blob::Writer,
}

/// The record whose steps are being judged: they follow each other in the order of their time.
struct Subject<'b> {
    key: &'b str,
    /// When the newest step was taken that was known before the batch.
    known_until: Option<i64>,
    /// The newest step that is known now.
    newest: Option<(i64, StateCode)>,
    /// The state of the record itself.
    state: StateCode,
    /// The step of the batch that is the newest.
    row: Option<Row>,
}

/// The rules over the history that one record broke.
#[derive(Clone, Copy, Default)]
pub(super) struct Broken<'b>([Option<&'b HistoryRule>; 4]);

impl<'b> Broken<'b> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'b HistoryRule> {
        self.0.into_iter().flatten()
    }

    /// The first rule for which the standard wants the record refused.
    pub(super) fn refusing(&self) -> Option<&'b HistoryRule> {
        self.iter().find(|rule| rule.severity == lienthong_standard::Severity::Refuse)
    }
}

impl<'b> History<'b> {
    /// None for record types without states.
    pub(super) fn new(
        batch: &'b BatchWork,
        known: &Known,
        feed_id: i64,
        batch_id: i64,
    ) -> Option<Self> {
        let states = batch.record_type.states.as_ref()?;
        let beside = states.steps.as_ref().and_then(|steps| known.beside(&batch.feed, &steps.of));
        let rows = blob::Writer::default();
        Some(Self { states, feed_id, batch_id, beside, subject: None, rows })
    }

    /// Judges a record that is new. Records come in the order of their keys.
    pub(super) fn judge(
        &mut self,
        entry: &'b Entry,
        stored: Option<Row>,
        index: &mut Index,
        find: &mut CachedStatement<'_>,
    ) -> Result<Broken<'b>, StoreError> {
        let States { table, back, steps, .. } = self.states;
        let Some(steps) = steps else {
            let before = stored.map_or(StateCode::NONE, |row| row.state);
            let is_back = !table.leads_to(before, entry.state);
            return Ok(Broken([is_back.then_some(back), None, None, None]));
        };
        self.open(entry, index, find)?;
        // A step that is known and comes with other words was judged when it came first.
        Ok(match &self.subject {
            Some(subject) if stored.is_none() => subject.judge(entry, self.states, steps),
            _ => Broken::default(),
        })
    }

    /// Takes a step as known.
    pub(super) fn take(&mut self, entry: &Entry) {
        let Some(subject) = &mut self.subject else { return };
        if subject.newest.is_none_or(|(at, _)| at <= entry.at) {
            let Entry { at, version, place, state, .. } = *entry;
            subject.newest = Some((at, state));
            let batch_id = self.batch_id;
            subject.row = Some(Row { revision: at, version, batch_id, place, content: 0, state });
        }
    }

    /// Notes the last subject down, and gives all of them for the batch.
    pub(super) fn end(mut self, index: &mut Index) -> blob::Writer {
        self.close(index);
        self.rows
    }

    fn open(
        &mut self,
        entry: &'b Entry,
        index: &mut Index,
        find: &mut CachedStatement<'_>,
    ) -> Result<(), StoreError> {
        let key = entry.key.split(KEY_SEPARATOR).next().unwrap_or_default();
        if self.subject.as_ref().is_some_and(|subject| subject.key == key) {
            return Ok(());
        }
        self.close(index);
        let newest = index.get(find, subjects_of(self.feed_id), key)?;
        let record = match self.beside {
            Some(feed_id) => index.get(find, feed_id, key)?,
            None => None,
        };
        self.subject = Some(Subject {
            key,
            known_until: newest.map(|row| row.revision),
            newest: newest.map(|row| (row.revision, row.state)),
            state: record.map_or(StateCode::NONE, |row| row.state),
            row: None,
        });
        Ok(())
    }

    fn close(&mut self, index: &mut Index) {
        if let Some(Subject { key, row: Some(row), .. }) = self.subject.take() {
            index.put(subjects_of(self.feed_id), key, row, &mut self.rows);
        }
    }
}

impl Subject<'_> {
    fn judge<'b>(&self, entry: &Entry, states: &'b States, steps: &'b Steps) -> Broken<'b> {
        let leads_to = |before, after| states.table.leads_to(before, after);
        let either_way = |one, other| leads_to(one, other) || leads_to(other, one);
        let is_late = self.known_until.is_some_and(|known| entry.at < known);
        let (is_back, is_twice) = match self.newest {
            None => (false, false),
            Some((at, state)) if at == entry.at => {
                // In one second either of the two may have been first.
                (!either_way(state, entry.state), state == entry.state)
            }
            Some((at, state)) => (at < entry.at && !leads_to(state, entry.state), false),
        };
        let is_beside = !either_way(entry.state, self.state);
        Broken([
            is_back.then_some(&states.back),
            is_late.then_some(&steps.late),
            is_twice.then_some(&steps.twice),
            is_beside.then_some(&steps.beside),
        ])
    }
}
