"""Sandboxes: commands in a closed place, with their output, order and end kept honestly."""
