"""Functions whose result is a JSON document: made by a model, checked against a schema."""
