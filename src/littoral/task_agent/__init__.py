"""The chat agent that keeps tasks: one object per session, composed of the kit's parts."""
