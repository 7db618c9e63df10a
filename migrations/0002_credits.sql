-- Credits and usage. Amounts are whole millicredits (1000 = 1 credit = 1 US cent of list price), times
-- milliseconds since 1970 in UTC, days YYYY-MM-DD in UTC.

-- Every movement of credits, for ever. The sum of a user's amounts is what the user may spend.
--   grant    +amount                 credits given
--   reserve  -amount                 set aside before work begins
--   settle   +(reserved - cost)      what the work did not use comes back
--   release  +reserved               nothing was used; also closes a ref that nothing was reserved for
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL,
  entry TEXT NOT NULL CHECK (entry IN ('grant', 'reserve', 'settle', 'release')),
  ref TEXT NOT NULL, -- names the work, chosen by who asks for it: asking again changes nothing
  kind TEXT NOT NULL, -- kind of work, empty for a grant
  amount INTEGER NOT NULL CHECK ((entry = 'reserve' AND amount < 0) OR (entry = 'grant' AND amount > 0) OR (entry IN ('settle', 'release') AND amount >= 0)),
  day TEXT NOT NULL, -- whose budget it counts against: the day of the reservation
  note TEXT NOT NULL DEFAULT '',
  at_ms INTEGER NOT NULL,
  closes INTEGER NOT NULL CHECK (closes = (entry IN ('settle', 'release'))),
  UNIQUE (user_id, ref, closes) -- a ref is opened once and closed once
) STRICT;

CREATE INDEX ledger_of_user ON ledger (user_id, id);

-- What follows from the ledger, kept by its triggers: written by nobody else.
CREATE TABLE balances (
  user_id TEXT PRIMARY KEY,
  available INTEGER NOT NULL DEFAULT 0 CONSTRAINT available_is_never_negative CHECK (available >= 0),
  budget_per_day INTEGER CHECK (budget_per_day >= 0) -- this user's own; NULL: DAILY_BUDGET_CREDITS
) STRICT, WITHOUT ROWID;

CREATE TABLE reservations ( -- the open ones
  user_id TEXT NOT NULL,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE spending ( -- settled and reserved, by day of the reservation
  user_id TEXT NOT NULL,
  day TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (user_id, day)
) STRICT, WITHOUT ROWID;

-- What was done: one row for each piece of work that ended, paid or free.
CREATE TABLE usage (
  user_id TEXT NOT NULL,
  day TEXT NOT NULL,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
  output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
  cost INTEGER NOT NULL CHECK (cost >= 0), -- what was charged
  latency_ms INTEGER NOT NULL CHECK (latency_ms >= 0),
  outcome TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, day, ref)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_counts AFTER INSERT ON ledger BEGIN
  INSERT INTO balances (user_id) SELECT NEW.user_id
    WHERE NOT EXISTS (SELECT 1 FROM balances WHERE user_id = NEW.user_id);
  UPDATE balances SET available = available + NEW.amount WHERE user_id = NEW.user_id;
  INSERT INTO reservations (user_id, ref, kind, amount, at_ms)
    SELECT NEW.user_id, NEW.ref, NEW.kind, -NEW.amount, NEW.at_ms WHERE NEW.entry = 'reserve';
  DELETE FROM reservations
    WHERE NEW.entry IN ('settle', 'release') AND user_id = NEW.user_id AND ref = NEW.ref;
  INSERT INTO spending (user_id, day, amount) SELECT NEW.user_id, NEW.day, 0
    WHERE NEW.entry = 'reserve'
    AND NOT EXISTS (SELECT 1 FROM spending WHERE user_id = NEW.user_id AND day = NEW.day);
  UPDATE spending SET amount = amount - NEW.amount
    WHERE NEW.entry <> 'grant' AND user_id = NEW.user_id AND day = NEW.day;
END;

-- Rows of the past stay as they are. (REPLACE deletes without asking a DELETE trigger.)
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger BEGIN
  SELECT RAISE(ABORT, 'rows of the ledger are never changed');
END;
CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger BEGIN
  SELECT RAISE(ABORT, 'rows of the ledger are never deleted');
END;
CREATE TRIGGER ledger_is_not_replaced BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM ledger
    WHERE user_id = NEW.user_id AND ref = NEW.ref AND closes = NEW.closes)
BEGIN
  SELECT RAISE(ABORT, 'rows of the ledger are never replaced');
END;
CREATE TRIGGER usage_is_not_changed BEFORE UPDATE ON usage BEGIN
  SELECT RAISE(ABORT, 'rows of usage are never changed');
END;
CREATE TRIGGER usage_is_not_deleted BEFORE DELETE ON usage BEGIN
  SELECT RAISE(ABORT, 'rows of usage are never deleted');
END;
CREATE TRIGGER usage_is_not_replaced BEFORE INSERT ON usage
WHEN EXISTS (SELECT 1 FROM usage WHERE user_id = NEW.user_id AND day = NEW.day AND ref = NEW.ref)
BEGIN
  SELECT RAISE(ABORT, 'rows of usage are never replaced');
END;
