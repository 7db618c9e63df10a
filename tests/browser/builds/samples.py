"""Builds in each state that a person may find one in."""

from __future__ import annotations

from tests.browser.builds.scripted_builds import BuildBook, ScriptedBuild

PAGE = (
    "<!doctype html>\n<html lang='en'>\n<title>Tides</title>\n<h1>High water 12:25</h1>\n</html>\n"
)
BROKEN = """<!doctype html><html lang="en"><title>Tides</title><h1>High water 12:25</h1><script>
const report = { type: "littoral-preview-error", message: "tides is not defined", line: 12 };
parent.postMessage({ ...report, source: "js/tides.js" }, "*");
</script></html>"""


def planned(book: BuildBook) -> ScriptedBuild:
    """One whose plan waits for its owner."""
    build = book.add("A table of tides")
    build.plans()
    return build


def growing(book: BuildBook) -> ScriptedBuild:
    """One that writes its second file now."""
    build = planned(book)
    build.begins()
    build.saves("index.html", PAGE)
    build.writes("css/style.css")
    return build


def built(book: BuildBook, *, issues: bool = False) -> ScriptedBuild:
    """One that is done, with two revisions."""
    build = growing(book)
    build.saves("css/style.css", "h1 { color: teal }\n")
    build.completes_phase(0)
    build.begins(1)
    build.saves("js/tides.js", "const tides = [12, 18];\n")
    build.completes_phase(1)
    build.reviews()
    if issues:
        build.finds("The sheet is not linked from the page.")
    build.ends("completed_with_issues" if issues else "completed")
    return build


def failed(book: BuildBook) -> ScriptedBuild:
    build = growing(book)
    error = {"message": "The model refused three times.", "nextStep": "Choose another model."}
    build.ends("failed", error=error)
    return build
