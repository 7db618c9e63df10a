"""What operators see: health with its age, charts and tables, traces as waterfalls, the log."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.operations.operations_server import REFUSED, OperationsServer, up
from tests.browser.problems import PageProblems


def opened(page: Page, where: str = "") -> Page:
    page.goto(f"/#/operations{where}")
    expect(page.locator("h1")).to_have_text("Operations")
    return page


def panel(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def test_health_tells_each_state_in_words_and_its_age(page: Page, server: OperationsServer) -> None:
    server.dependencies["database"] = up(status="down", detail="D1 did not answer.", ageMs=65_000)
    opened(page)

    health = panel(page, "Health")
    expect(health.get_by_role("status")).to_have_text("Something that is needed does not answer.")
    database = health.get_by_role("listitem").filter(has_text="Database (D1)")
    expect(database).to_contain_text("down")
    expect(database).to_contain_text("D1 did not answer.")
    expect(database).to_contain_text("1 min ago")
    expect(panel(page, "Requests")).to_contain_text("1 (50%)")


def test_a_chart_is_also_a_table_of_the_same_figures(page: Page, server: OperationsServer) -> None:
    opened(page)
    over_time = panel(page, "Over time")
    expect(over_time.get_by_role("img")).to_have_accessible_name(
        re.compile(r"Requests: Rate; at most 2 / min, at ")
    )
    over_time.get_by_label("Of what").select_option("work")
    over_time.get_by_role("radio", name="Failures").check()
    over_time.get_by_role("button", name="Show as a table").click()

    table = over_time.get_by_role("table")
    expect(table.get_by_role("columnheader", name="task-agent")).to_be_visible()
    expect(table.get_by_role("cell", name="1", exact=True)).to_be_visible()
    over_time.get_by_role("radio", name="Times").check()
    expect(table.get_by_role("columnheader", name="99 %")).to_be_visible()


def test_the_tables_part_the_figures_by_route_agent_and_model(
    page: Page, server: OperationsServer
) -> None:
    opened(page)
    detail = panel(page, "In detail")
    expect(detail.get_by_role("row").filter(has_text="POST /api/chat")).to_contain_text("1 (50%)")
    detail.get_by_role("tab", name="Models").click()
    expect(detail.get_by_role("row").filter(has_text="@cf/meta/llama")).to_be_visible()
    expect(panel(page, "Errors by code")).to_contain_text("dependency_unavailable")


def test_a_trace_is_shown_as_a_waterfall(page: Page, server: OperationsServer) -> None:
    opened(page, "/traces")
    traces = page.get_by_role("list", name="Traces").get_by_role("link")
    expect(traces).to_have_count(2)
    page.get_by_label("Only with failures").check()
    expect(traces).to_have_count(1)
    traces.first.click()

    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("POST /api/chat")
    expect(rows.nth(2)).to_contain_text("task-agent chat.send")
    expect(page.get_by_role("row").filter(has_text="@cf/meta/llama")).to_contain_text(
        "tokens read: 120"
    )
    expect(rows.nth(1)).to_contain_text("failed")
    page.get_by_role("link", name="All traces").click()
    page.get_by_label("Words of the name").fill("nothing of the kind")
    page.get_by_label("Words of the name").press("Enter")
    expect(page.get_by_text("No trace fits.")).to_be_visible()


def test_the_log_goes_on_by_itself_until_it_is_paused(page: Page, server: OperationsServer) -> None:
    opened(page, "/log")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(4)
    server.happen()
    expect(rows).to_have_count(8, timeout=10_000)
    page.get_by_label("Only lines with").fill("503 chat")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused: new lines wait.")).to_be_visible()
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_contain_text("POST /api/chat")


def test_who_is_no_operator_is_told_so_and_how_to_become_one(
    page: Page, server: OperationsServer, problems: PageProblems
) -> None:
    problems.expect("403")
    server.failure = REFUSED
    opened(page)

    expect(page.get_by_text("This place is for operators")).to_be_visible()
    expect(page.get_by_text("usr_one")).to_be_visible()
    expect(page.get_by_text("its setting OPERATORS")).to_be_visible()


def test_a_failure_is_told_with_a_way_on_and_nothing_yet_is_said(
    page: Page, server: OperationsServer, problems: PageProblems
) -> None:
    problems.expect("503")
    server.reset(quiet=True)
    server.failure = {**REFUSED, "status": 503, "code": "dependency_unavailable"}
    opened(page)
    expect(page.get_by_text("The figures could not be had.").first).to_be_visible()

    server.failure = None
    page.get_by_role("button", name="Refresh").click()

    expect(panel(page, "Health")).to_be_visible()
    expect(page.get_by_text("Nothing of this kind happened")).to_be_visible()
    expect(panel(page, "Requests")).to_contain_text("–")
