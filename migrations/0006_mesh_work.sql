-- What the mesh did, for lists and queries: projections of its agents' events, made anew from these
-- on demand. Only receipts are facts of their own. Times are milliseconds since 1970 in UTC.

-- How far each agent's events were taken. Numbers have no gap: the trigger refuses any other step, and
-- with it everything that was to be written for these events.
CREATE TABLE mesh_positions (
  owner TEXT NOT NULL,
  agent TEXT NOT NULL,
  first INTEGER NOT NULL, -- number of the first event of the last step
  number INTEGER NOT NULL CHECK (number >= first), -- and of its last one
  PRIMARY KEY (owner, agent)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER mesh_positions_begin BEFORE INSERT ON mesh_positions
WHEN NEW.first <> 1 AND NOT EXISTS (SELECT 1 FROM mesh_positions WHERE owner = NEW.owner AND agent = NEW.agent)
BEGIN
  SELECT raise(ABORT, 'mesh events do not begin at 1');
END;

CREATE TRIGGER mesh_positions_step BEFORE UPDATE ON mesh_positions
WHEN NEW.first <> OLD.number + 1
BEGIN
  SELECT raise(ABORT, 'mesh events do not follow the last one');
END;

CREATE TABLE mesh_tasks (
  owner TEXT NOT NULL,
  id TEXT NOT NULL,
  goal TEXT NOT NULL,
  work TEXT NOT NULL, -- empty when the planner decides
  status TEXT NOT NULL,
  digest TEXT NOT NULL, -- of the request
  parts INTEGER NOT NULL DEFAULT 0,
  usage TEXT NOT NULL DEFAULT '{}',
  error TEXT, -- JSON
  credits INTEGER, -- millicredits charged; NULL until settled
  deadline INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mesh_tasks_newest ON mesh_tasks (owner, created_at DESC, id DESC);

CREATE TABLE mesh_parts (
  owner TEXT NOT NULL,
  task_id TEXT NOT NULL,
  number INTEGER NOT NULL, -- from 1
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  work TEXT NOT NULL,
  status TEXT NOT NULL,
  worker TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  result TEXT, -- JSON
  error TEXT, -- JSON
  took_ms INTEGER,
  PRIMARY KEY (owner, task_id, number)
) STRICT, WITHOUT ROWID;

-- Who sent how many messages of a kind to whom, and how many came.
CREATE TABLE mesh_messages (
  owner TEXT NOT NULL,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  kind TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (owner, sender, receiver, kind)
) STRICT, WITHOUT ROWID;

-- What came of a part: the first outcome stands, however often the part was done.
CREATE TABLE mesh_receipts (
  owner TEXT NOT NULL,
  part_id TEXT NOT NULL,
  worker TEXT NOT NULL,
  outcome TEXT NOT NULL, -- JSON
  times INTEGER NOT NULL CHECK (times > 0), -- how often it was done
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (owner, part_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mesh_receipts_old ON mesh_receipts (owner, at_ms);
