"""Littoral: AI agents in Python on Cloudflare Python Workers.

This package is plain Python. Only ``littoral.platform`` talks to the Workers runtime; everything
else declares the small protocols it needs and runs under CPython as well.
"""

__version__ = "0.1.0"
