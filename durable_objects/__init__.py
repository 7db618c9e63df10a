"""Durable Object classes: one module each, thin shells around parts of `littoral`."""
