-- Form 1 of the outbox. Never changed once released: a later form is a file of its own, applied on
-- top. Every indexed key is sequential or has few values: random keys cost five times as much.

CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  cursor TEXT,
  version_next INTEGER NOT NULL DEFAULT 1,
  pulled INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  released INTEGER NOT NULL DEFAULT 0,
  discarded INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  halted TEXT,
  last_pass_at INTEGER,
  last_success_at INTEGER,
  last_news_at INTEGER,
  calm INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  UNIQUE (source, name)
) STRICT;

CREATE TABLE endpoint (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Which endpoint gets which feed. A row stays when the settings no longer name it, for its totals
-- and for what still waits; `active` tells.
CREATE TABLE route (
  endpoint INTEGER NOT NULL,
  feed INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  delivered INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  superseded INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  last_settled_at INTEGER,
  PRIMARY KEY (endpoint, feed)
) STRICT, WITHOUT ROWID;

-- How records were read and mapped, as JSON; a handful of rows that batches and quarantine share.
CREATE TABLE provenance (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- A batch as it goes on the wire. Numbers are never used twice: a late settlement must not meet
-- another batch. `place` orders deliveries: 1024 for each batch, so that the parts of a batch cut
-- up for one endpoint find room in its place. The body is last, so that the other columns are read
-- without it.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed INTEGER NOT NULL,
  place INTEGER NOT NULL,
  count INTEGER NOT NULL,
  version_first INTEGER NOT NULL,
  version_last INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  provenance INTEGER NOT NULL,
  digest BLOB NOT NULL,
  origin TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;

-- What waits where. A batch is deleted with its last row here.
CREATE TABLE delivery (
  endpoint INTEGER NOT NULL,
  feed INTEGER NOT NULL,
  place INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  error TEXT,
  PRIMARY KEY (endpoint, feed, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  feed INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  digest BLOB NOT NULL,
  version_first INTEGER NOT NULL,
  version_last INTEGER NOT NULL,
  count INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  settled_at INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  superseded INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  receipt TEXT,
  provenance INTEGER NOT NULL,
  origin TEXT NOT NULL
) STRICT;

-- A row waits while `settled_at` is null; after that it stays for a while as a trace, without its
-- bytes. `content` is the SHA-256 of the bytes.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed INTEGER NOT NULL,
  kind TEXT NOT NULL,
  endpoint INTEGER,
  version INTEGER,
  key TEXT,
  code TEXT NOT NULL,
  reasons TEXT NOT NULL,
  place TEXT NOT NULL,
  content BLOB NOT NULL,
  raw_bytes INTEGER NOT NULL,
  source_digest TEXT,
  provenance INTEGER NOT NULL,
  items INTEGER NOT NULL,
  waiting_for TEXT,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  seen INTEGER NOT NULL DEFAULT 1,
  settled_at INTEGER,
  outcome TEXT
) STRICT;

CREATE INDEX quarantine_waiting ON quarantine (feed, code, waiting_for, endpoint)
  WHERE settled_at IS NULL;
CREATE INDEX quarantine_settled ON quarantine (settled_at) WHERE settled_at IS NOT NULL;

-- The bytes of what waits in quarantine, compressed with zstd.
CREATE TABLE quarantine_raw (
  id INTEGER PRIMARY KEY,
  raw BLOB NOT NULL
) STRICT;

-- The one key that is not ours to order: an endpoint's own key of a record.
CREATE TABLE ledger (
  endpoint INTEGER NOT NULL,
  key TEXT NOT NULL,
  content TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_at ON ledger (at);
