"""The local container engine: runs each sandbox as a closed group of processes on this machine."""
