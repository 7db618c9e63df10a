"""The only part of the package that talks to the Workers runtime.

Everything crosses the border to JavaScript here, as one string where that is possible.
"""
