"""Clients that keep talking while the runtime is killed under them, and the account of it."""
