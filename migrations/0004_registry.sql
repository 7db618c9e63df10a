-- Agents as data, what they answered, and answers that may be given again. Times are milliseconds
-- since 1970 in UTC. An execution itself lives in its own object, which keeps its row here up to date.

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  definition TEXT NOT NULL, -- JSON: model, prompts, parameters, places, filter, cache, gateway, memory
  version INTEGER NOT NULL CHECK (version >= 1),
  archived_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  executions INTEGER NOT NULL DEFAULT 0, -- ended ones; this and what follows is the trigger's
  failed INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER,
  latencies TEXT NOT NULL DEFAULT '[]' -- JSON: of the newest 30 completed ones, newest first
) STRICT;

CREATE INDEX agents_of_owner ON agents (owner, created_at DESC, id);

CREATE TABLE agent_versions ( -- every definition that an agent ever had; never changed
  agent_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (agent_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE executions (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  user_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
  place TEXT NOT NULL, -- of its object: a location hint, or auto
  edge_location TEXT NOT NULL, -- where it ran
  latency_ms INTEGER,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  words TEXT NOT NULL, -- input, agent's name and output in lower case, cut: for searching
  body TEXT NOT NULL -- JSON: the execution as callers see it
) STRICT;

CREATE INDEX executions_of_owner ON executions (owner, created_at DESC, id);
CREATE INDEX executions_of_agent ON executions (agent_id, created_at DESC, id);
CREATE INDEX open_executions ON executions (user_id) WHERE ended_at IS NULL;

-- An execution counts once, when it ends.
CREATE TRIGGER executions_count AFTER UPDATE OF ended_at ON executions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
BEGIN
  UPDATE agents SET
    executions = executions + 1,
    failed = failed + (NEW.status = 'failed'),
    last_at = max(coalesce(last_at, 0), NEW.ended_at)
    WHERE id = NEW.agent_id;
  UPDATE agents SET latencies = (
      SELECT json_group_array(value) FROM (
        SELECT NEW.latency_ms AS value
        UNION ALL SELECT value FROM (SELECT value FROM json_each(agents.latencies) ORDER BY key LIMIT 29)
      )
    )
    WHERE id = NEW.agent_id AND NEW.status = 'completed' AND NEW.latency_ms IS NOT NULL;
END;

-- Answers that were filtered already, by everything that decides an answer.
CREATE TABLE kept_answers (
  owner TEXT NOT NULL,
  key TEXT NOT NULL, -- SHA-256 of model, prompts, parameters and filter
  answer TEXT NOT NULL, -- JSON
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_answers_by_end ON kept_answers (expires_at);
