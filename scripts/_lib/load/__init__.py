"""A load on every public surface of a server: see README.md."""
