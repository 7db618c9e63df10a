"""Memory of a registry agent: documents, their passages, and the search for the nearest ones."""
