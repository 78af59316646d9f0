//! Sessions: unguessable, bounded in number, ended by the hub's clock. A restart ends them all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// The most sessions at once.
const SESSIONS_MAX: usize = 10_000;

/// The sessions under way.
#[derive(Debug)]
pub(super) struct Sessions {
    life: SignedDuration,
    /// A secret of this process. Sessions follow from it and a counter, so that this is the only
    /// random draw, and one that no record depends on.
    seed: [u8; 32],
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    begun: u64,
    by_name: HashMap<String, Session>,
}

#[derive(Debug)]
struct Session {
    username: String,
    begun_at: Timestamp,
}

impl Sessions {
    /// Sessions that live so many seconds after their login.
    pub(super) fn new(session_secs: u32) -> Self {
        let life = SignedDuration::from_secs(session_secs.into());
        Self { life, seed: rand::random(), open: Mutex::new(Open::default()) }
    }

    /// Begins a session; none when there are too many.
    pub(super) fn begin(&self, username: &str, now: Timestamp) -> Option<String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.by_name.len() >= SESSIONS_MAX {
            open.by_name.retain(|_, session| session.is_alive(self.life, now));
        }
        if open.by_name.len() >= SESSIONS_MAX {
            return None;
        }
        open.begun += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(open.begun.to_be_bytes());
        let mut name = String::with_capacity(64);
        for byte in hash.finalize() {
            name.push(char::from_digit(u32::from(byte >> 4), 16)?);
            name.push(char::from_digit(u32::from(byte & 15), 16)?);
        }
        let session = Session { username: username.to_owned(), begun_at: now };
        open.by_name.insert(name.clone(), session);
        Some(name)
    }

    /// The user of a session that is alive.
    pub(super) fn user(&self, name: &str, now: Timestamp) -> Option<String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.by_name.get(name)?;
        if session.is_alive(self.life, now) {
            return Some(session.username.clone());
        }
        open.by_name.remove(name);
        None
    }
}

impl Session {
    fn is_alive(&self, life: SignedDuration, now: Timestamp) -> bool {
        now.duration_since(self.begun_at) < life
    }
}
