"""The HTTP API: what requests look like, what they are answered, and nothing of how it is done.

``gateway`` is what it needs from the rest of the platform. The work itself is in the agents'
objects.
"""
