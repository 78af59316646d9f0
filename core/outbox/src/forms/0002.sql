-- How often each data-quality rule of the standard was broken in a feed: records that went on with a
-- warning, and items that were refused. A few dozen rows a feed.
CREATE TABLE rule_count (
  feed INTEGER NOT NULL,
  rule TEXT NOT NULL,
  warned INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (feed, rule)
) STRICT, WITHOUT ROWID;
