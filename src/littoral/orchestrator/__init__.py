"""The orchestrator: long work in sandboxes that survives anything, described by rows."""
