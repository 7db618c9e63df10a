"""Interactive shells on pseudo-terminals, watched and driven over WebSockets.

Plain asyncio and the standard library; the daemon that mounts this decides which library speaks
WebSocket and hands over ``Channel`` objects (see ``channel.py``).
"""
