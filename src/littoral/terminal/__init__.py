"""The way to a session's terminal: tickets, shares, and what each viewer may send."""
