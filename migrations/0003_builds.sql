-- The list of builds. A build itself lives in its own object, which keeps its row here up to date.
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE builds (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  user_id TEXT NOT NULL,
  title TEXT NOT NULL,
  query TEXT NOT NULL, -- its first 500 characters
  status TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('deterministic', 'smart')),
  active INTEGER NOT NULL CHECK (active IN (0, 1)), -- takes one of its user's places
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  files INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX builds_of_owner ON builds (owner, created_at DESC, id);
CREATE INDEX active_builds ON builds (user_id) WHERE active = 1;
