"""A user's sessions as a whole: the list, and the search over all of them.

What is in a session belongs to the session's own object.
"""
