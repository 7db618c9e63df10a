"""What goes along into the isolate of a Python function; runs under CPython too, for tests."""
