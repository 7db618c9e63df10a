"""Promises about the whole project, kept by tests. Each rule is shown to fail on a bad sample."""
