"""A conversation with a model as a durable operation: transcript, streams, turns."""
