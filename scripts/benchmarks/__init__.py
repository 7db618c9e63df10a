"""Benchmarks: what `scripts/bench` runs. Nothing here is part of the Worker."""
