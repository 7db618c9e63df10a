"""Workflow classes: one module each, thin shells around ``littoral.orchestrator.motor``."""
