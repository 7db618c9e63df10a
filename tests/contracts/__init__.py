"""Contracts that a double and the real thing pass alike; plain functions, so they run anywhere."""
