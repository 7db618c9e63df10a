"""`python -m sandboxd`: the daemon of this sandbox, with the small first process above it."""

from __future__ import annotations

import sys

from sandboxd import init
from sandboxd.configuration import Configuration


def main() -> int:
    configuration = Configuration.read()

    def daemon() -> int:
        from sandboxd import server  # the first process need not carry the HTTP library

        return server.run(configuration)

    return init.run(daemon, configuration.limits)


if __name__ == "__main__":
    sys.exit(main())
