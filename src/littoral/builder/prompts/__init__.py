"""The words that models are asked with, one text for each kind of request."""
