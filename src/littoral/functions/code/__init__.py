"""Functions of type code: written by a model once, run in an isolate, kept by hash."""
