"""Placeholder of the user's session list."""

from workers import DurableObject


class SessionDirectory(DurableObject):
    pass
