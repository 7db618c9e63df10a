"""The code agent: from words to files that were checked and can be seen."""
