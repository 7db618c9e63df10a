"""What every agent has, whatever it does: connections, the socket's frames, callable methods."""
