-- Where the items of a feed differ from its shape: one row for each difference, until a shape knows
-- it or it is gone.
CREATE TABLE drift (
  feed INTEGER NOT NULL,
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  what TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  items INTEGER NOT NULL,
  PRIMARY KEY (feed, kind, path, what)
) STRICT, WITHOUT ROWID;
