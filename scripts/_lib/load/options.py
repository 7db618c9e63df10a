"""Owns what a load can be asked for: the command line, and the mix of surfaces."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from _lib.dev_command import port_number

DEFAULT_MIX = "chat=40,functions=15,executions=20,memory=10,mesh=8,runs=5,builds=2"
PORT = 8878
SECONDS, CLIENTS = 60.0, 8
MOST_CLIENTS = 256


@dataclass(frozen=True, kw_only=True)
class Options:
    """`url` is empty for a server of its own. `seed` decides who does what when."""

    url: str
    key: str
    port: int
    mix: Mapping[str, int]
    seconds: float
    clients: int
    seed: int
    json: Path | None


def read_options(arguments: Sequence[str], known: Sequence[str]) -> Options:
    """`known` are the surfaces that there are."""
    parser = argparse.ArgumentParser(
        prog="scripts/load",
        description="Drive every public surface of a server at once, check its answers, and print "
        "throughput, latencies, errors and memory. Ends with 1 when an answer is wrong or missing, "
        "or memory is not flat (docs/performance.md says how that is judged).",
    )
    parser.add_argument(
        "--url",
        default="",
        help="the server; without it a local one of its own, on a state folder of its own",
    )
    parser.add_argument(
        "--key", default="", help="key of an account of that server; without it one signs up"
    )
    parser.add_argument(
        "--port", type=port_number, default=PORT, help="of its own server (default: %(default)s)"
    )
    parser.add_argument(
        "--mix",
        type=lambda text: read_mix(text, known),
        default=read_mix(DEFAULT_MIX, known),
        metavar="NAME=SHARE,…",
        help=f"how often each surface is chosen; of {', '.join(known)} (default: {DEFAULT_MIX})",
    )
    parser.add_argument("--seconds", type=_seconds, default=SECONDS, help="default: %(default)g")
    parser.add_argument("--clients", type=_clients, default=CLIENTS, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    return Options(**vars(parser.parse_args(list(arguments))))


def read_mix(text: str, known: Sequence[str]) -> dict[str, int]:
    """Shares by surface; a surface with 0, or without a share, is left out."""
    mix = {}
    for entry in text.split(","):
        name, _, share = entry.strip().partition("=")
        if name not in known or not share.isdecimal():
            raise argparse.ArgumentTypeError(
                f"{entry.strip()!r} is no share: write one of {', '.join(known)}, =, a whole number"
            )
        mix[name] = int(share)
    if not any(mix.values()):
        raise argparse.ArgumentTypeError("all shares are 0: nothing would be done")
    return {name: share for name, share in mix.items() if share}


def _seconds(text: str) -> float:
    if not text.replace(".", "", 1).isdecimal() or not 1 <= float(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 1 to 86400")
    return float(text)


def _clients(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CLIENTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_CLIENTS}")
    return int(text)
