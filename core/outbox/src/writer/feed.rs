//! Feeds: creating one, and remembering how its passes end.

use crate::integer::signed;
use crate::reader::feed_row;
use crate::writer::{Store, Write};
use crate::{Error, FeedId, FeedRow, Pass};

/// Finds a feed, or creates it.
pub(crate) struct AddFeed {
    pub(crate) source: String,
    pub(crate) feed: String,
}

/// Remembers how a pass ended.
pub(crate) struct EndPass {
    pub(crate) feed: FeedId,
    pub(crate) pass: Pass,
    pub(crate) at: i64,
}

/// Stops a feed until a person has done something.
pub(crate) struct Halt {
    pub(crate) feed: FeedId,
    pub(crate) why: String,
    pub(crate) at: i64,
}

/// Lets a halted or waiting feed run at once.
pub(crate) struct Resume {
    pub(crate) feed: FeedId,
}

impl Write for AddFeed {
    type Output = FeedRow;

    fn apply(&self, store: &mut Store) -> Result<FeedRow, Error> {
        let names = (&self.source, &self.feed);
        let add = "INSERT INTO feed (source, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        store.connection.prepare_cached(add)?.execute(names)?;
        let find = "SELECT * FROM feed WHERE source = ?1 AND name = ?2";
        Ok(store.connection.prepare_cached(find)?.query_row(names, feed_row)?)
    }
}

impl Write for EndPass {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let Self { feed, pass, at } = self;
        let changed = match pass {
            Pass::Succeeded { pulled } => {
                let mut row = store.connection.prepare_cached(
                    "UPDATE feed SET attempt = 0, due_at = NULL, halted = NULL, last_error = NULL,
                       last_pass_at = ?2, last_success_at = ?2,
                       last_news_at = CASE WHEN ?3 > 0 THEN ?2 ELSE last_news_at END,
                       calm = CASE WHEN ?3 > 0 THEN 0 ELSE calm + 1 END
                     WHERE id = ?1",
                )?;
                row.execute((feed.0, at, signed(*pulled)))?
            }
            Pass::Failed { attempt, due_at, error } => {
                let mut row = store.connection.prepare_cached(
                    "UPDATE feed SET attempt = ?3, due_at = ?4, last_error = ?5, last_pass_at = ?2
                     WHERE id = ?1",
                )?;
                row.execute((feed.0, at, attempt, due_at, error))?
            }
        };
        found(changed, *feed)
    }
}

impl Write for Halt {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let mut row = store.connection.prepare_cached(
            "UPDATE feed SET halted = ?2, last_error = ?2, due_at = NULL, last_pass_at = ?3
             WHERE id = ?1",
        )?;
        found(row.execute((self.feed.0, &self.why, self.at))?, self.feed)
    }
}

impl Write for Resume {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let mut row = store.connection.prepare_cached(
            "UPDATE feed SET halted = NULL, attempt = 0, due_at = NULL WHERE id = ?1",
        )?;
        found(row.execute([self.feed.0])?, self.feed)
    }
}

fn found(changed: usize, feed: FeedId) -> Result<(), Error> {
    if changed == 1 { Ok(()) } else { Err(Error::Unknown { what: "feed", id: feed.0 }) }
}
