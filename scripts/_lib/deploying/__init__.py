"""What `scripts/deploy` does: an environment, its resources, the Worker, Pages, the checks."""
