"""What the mesh did, as rows for lists and queries: projections of its agents' events in D1."""
