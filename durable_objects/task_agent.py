"""Placeholder of the chat session's object."""

from workers import DurableObject


class TaskAgent(DurableObject):
    pass
