"""The machinery that runs the real Worker for tests; tests/README.md says how to use it."""
