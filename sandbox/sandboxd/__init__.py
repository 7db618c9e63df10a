"""The daemon inside a sandbox: runs commands, keeps their output and their end, over HTTP."""
