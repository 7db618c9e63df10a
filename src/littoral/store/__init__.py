"""Durable storage of one agent object: SQL, migrations, the event log, jobs."""
