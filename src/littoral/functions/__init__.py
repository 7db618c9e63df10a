"""Functions: described in words, then computed, made, built, or asked of a person."""
