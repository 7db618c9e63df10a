-- Users, their keys, and the invitations that were used. Times are milliseconds since 1970 in UTC.

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE, -- lower case
  name TEXT NOT NULL,
  owner TEXT NOT NULL UNIQUE, -- names the user's objects: own_…, or the guest whose chats were claimed
  claiming INTEGER NOT NULL DEFAULT 0 CHECK (claiming IN (0, 1)), -- 1 until the guest's chats are closed to the guest's cookie
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL, -- SHA-256 of the secret; the secret itself is nowhere
  last_four TEXT NOT NULL,
  scopes TEXT NOT NULL, -- separated by spaces
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER,
  last_used_at_ms INTEGER,
  revoked_at_ms INTEGER
) STRICT;

CREATE INDEX keys_of_user ON keys (user_id, created_at_ms);

CREATE TABLE invites (
  code_hash TEXT PRIMARY KEY, -- SHA-256 of the code: each code makes one account
  user_id TEXT NOT NULL REFERENCES users (id),
  used_at_ms INTEGER NOT NULL
) STRICT;
