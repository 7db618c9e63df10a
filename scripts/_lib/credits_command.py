"""`scripts/credits`: gives credits by hand, sets a user's budget, and proves the books.

What a movement of credits is belongs to `littoral.credits`; here it is run on the database of a
deployment or of a local server.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import ensure_runtime
from _lib.progress import say
from _lib.wrangler_database import WranglerDatabase

HOUR_MS = 3_600_000


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    sys.path.insert(0, str(project.ROOT / "src"))
    state = None if options.remote else options.state.resolve()
    scratch = project.CACHE / "credits"
    database = WranglerDatabase(ensure_runtime(), scratch=scratch, state=state)
    return int(asyncio.run(_COMMANDS[options.command](database, options)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/credits",
        description="Give credits, set budgets, prove the ledger. Without --remote it works on the "
        "database of a local server, which must not run at that moment.",
    )
    parser.add_argument("--remote", action="store_true", help="the deployed database")
    parser.add_argument("--state", type=Path, default=project.DEFAULT_STATE, metavar="DIR")
    commands = parser.add_subparsers(dest="command", required=True)
    grant = commands.add_parser("grant", help="give credits; the same --ref gives them once")
    grant.add_argument("email")
    grant.add_argument("credits", type=_amount)
    grant.add_argument("--ref", required=True, help="why, in one word: an order, a ticket")
    grant.add_argument("--note", default="", help="shown to the user in the history")
    budget = commands.add_parser("budget", help="credits that a user may spend on a day")
    budget.add_argument("email")
    budget.add_argument("credits", help="a number, or `default` for DAILY_BUDGET_CREDITS")
    commands.add_parser("audit", help="prove the ledger against balances and usage")
    waiting = commands.add_parser("open", help="reservations that nobody settled")
    waiting.add_argument("--hours", type=float, default=24.0, help="older than (default: 24)")
    return parser


def _amount(text: str) -> int:
    """Millicredits; what argparse shows as a wrong argument otherwise."""
    try:
        amount = round(float(text) * 1_000)
    except (ValueError, OverflowError):
        amount = 0
    if amount <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of credits above 0")
    return amount


async def _grant(database: Any, options: argparse.Namespace) -> int:
    ledger, user_id = _ledger(database), await _user(database, options.email)
    await ledger.grant(user_id, options.credits, ref=f"hand/{options.ref}", note=options.note)
    balance = await ledger.balance(user_id)
    say(f"{options.email} has {balance.available / 1000:g} credits")
    return 0


async def _budget(database: Any, options: argparse.Namespace) -> int:
    is_default = options.credits == "default"
    amount = None if is_default else _amount(options.credits)
    await _ledger(database).set_budget(await _user(database, options.email), amount)
    say(f"{options.email} may spend {options.credits} credits on a day")
    return 0


async def _audit(database: Any, _options: argparse.Namespace) -> int:
    from littoral.credits.audit import audit, totals

    findings = await audit(database)
    for each in findings:
        say(f"{each.what}: {each.row}")
    sums = await totals(database)
    say(
        f"granted {sums.granted / 1000:g}, available {sums.available / 1000:g}, "
        f"reserved {sums.reserved / 1000:g}, used {sums.used / 1000:g} credits: "
        + ("the books are right" if not findings else f"{len(findings)} findings")
    )
    return 1 if findings else 0


async def _open(database: Any, options: argparse.Namespace) -> int:
    from littoral.clock import SystemClock, iso
    from littoral.credits.audit import forgotten

    before_ms = SystemClock().now_ms() - int(options.hours * HOUR_MS)
    found = await forgotten(database, before_ms=before_ms)
    for each in found:
        say(f"{iso(each.at_ms)}  {each.user_id}  {each.ref}  {each.amount / 1000:g} credits")
    say(f"{len(found)} reservations are older than {options.hours:g} hours")
    return 0


def _ledger(database: Any) -> Any:
    from littoral.clock import SystemClock
    from littoral.credits.ledger import Ledger

    return Ledger(database, SystemClock(), daily_budget=0)


async def _user(database: Any, email: str) -> str:
    rows = await database.rows("SELECT id FROM users WHERE email = ?", email.lower())
    if not rows:
        raise SetupFailure(
            f"nobody has the address {email!r}", "check it, and the database's place"
        )
    return str(rows[0][0])


_COMMANDS = {"grant": _grant, "budget": _budget, "audit": _audit, "open": _open}
