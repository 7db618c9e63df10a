"""Runs that show everything there is, and how one ends that nobody saw end."""

from __future__ import annotations

from tests.browser.runs.scripted_runs import RunBook, ScriptedRun


def busy_run(book: RunBook) -> ScriptedRun:
    """One that shows everything there is while it runs."""
    run = book.add(
        commands=["pip install requests", "python3 fetch.py"], network=["api.example.org"]
    )
    run.begin(0)
    run.prints("Collecting \x1b[1mrequests\x1b[0m\n")
    run.prints("careful\n", stream="stderr")
    run.skips(1_234_567)
    run.ends_step(0)
    run.begin(1)
    run.prints("\x1b[32m12:25\x1b[0m \x1b[7m3.1 m\x1b[0m \x1b[44mdeep\x1b[0m\n", step=1)
    run.keeps("tides.json", b"{}")
    return run


def lost_run(book: RunBook) -> ScriptedRun:
    run = book.add(command="sleep 4000")
    run.begin()
    run.ends_step(code=None, status="unknown", reason="lost")
    message = "The sandbox was lost while the command ran."
    run.ends("failed", code="unknown", error={"message": message, "nextStep": "Run it again."})
    return run
