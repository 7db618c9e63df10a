"""The form of a call, its two views, explaining, and what came of it."""

from __future__ import annotations

import re
from threading import Event

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.functions.functions_server import FunctionsServer
from tests.browser.functions.samples import computes
from tests.browser.functions.scripted_functions import CODE, FunctionBook, ScriptedJob, classified
from tests.browser.functions_page import FunctionsPage
from tests.browser.problems import PageProblems


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def test_an_example_is_run_and_shows_its_result_and_its_code(
    page: Page, server: FunctionsServer
) -> None:
    server.does = computes
    functions = FunctionsPage(page).open()
    page.get_by_role("button", name=re.compile("^Factorial")).click()
    expect(functions.description).to_be_focused()
    functions.button("Run").click()

    expect(functions.value).to_have_text("120")
    expect(page.get_by_role("heading", name="Result", exact=True)).to_be_focused()
    expect(functions.outcome).to_contain_text("took 0.4 s")
    expect(functions.outcome).to_contain_text("0.2 credits")
    expect(functions.outcome).to_contain_text("five")
    expect(functions.outcome).to_contain_text("written now")
    expect(functions.outcome.locator("pre code")).to_contain_text("result *= n")
    expect(functions.announcer).to_have_text("The job is complete.")
    expect(functions.rows.first).to_contain_text("Completed")
    (request,) = server.book.requests
    assert request["body"] == {
        "description": "Calculate the factorial of a number",
        "args": {"n": 5},
        "options": {"mode": "sync"},
    }
    assert request["key"]


def test_code_that_was_kept_is_told_and_folded(page: Page, server: FunctionsServer) -> None:
    def does(job: ScriptedJob) -> None:
        job.begin()
        job.completes([1, {"a": None}], code={**CODE, "reused": True}, model="offline/rules")

    server.does = does
    functions = FunctionsPage(page).open()
    functions.run("Sort them")

    expect(functions.outcome).to_contain_text("kept from an earlier call")
    expect(functions.outcome.locator("pre code")).not_to_be_visible()
    expect(functions.outcome).to_contain_text("The built-in model answered")
    expect(page.locator(".fn-tree")).to_contain_text("2 items")
    functions.outcome.get_by_role("radio", name="Plain").check()
    expect(functions.outcome.locator(".fn-plain")).to_contain_text('"a": null')


def test_the_form_of_the_arguments_and_their_json_are_one(page: Page, book: FunctionBook) -> None:
    functions = FunctionsPage(page).open()
    functions.describe("Sort", '{"numbers": [3, 1], "up": true}')
    arguments = part(page, "Arguments")
    arguments.get_by_role("radio", name="Form", exact=True).check()
    numbers = arguments.get_by_label("numbers", exact=True)
    expect(numbers).to_have_value("3, 1")
    numbers.fill("3, 1, 4")
    arguments.get_by_role("radio", name="No").check()
    arguments.get_by_label("Name of a new argument").fill("label")
    page.keyboard.press("Enter")
    label = arguments.get_by_label("label", exact=True)
    expect(label).to_be_focused()
    label.fill("x")
    arguments.get_by_role("radio", name="JSON", exact=True).check()

    box = arguments.get_by_role("textbox")
    expect(box).to_have_value('{\n  "numbers": [3, 1, 4],\n  "up": false,\n  "label": "x"\n}')
    arguments.get_by_role("radio", name="Form", exact=True).check()
    arguments.get_by_role("button", name="Remove numbers").click()
    functions.button("Run").click()
    expect(functions.outcome).to_be_visible()
    assert book.requests[0]["body"]["args"] == {"up": False, "label": "x"}


def test_json_that_cannot_be_read_is_told_at_its_place_and_nothing_is_sent(
    page: Page, book: FunctionBook
) -> None:
    functions = FunctionsPage(page).open()
    functions.describe("Sort", '{"n": 1\n "m": 2}')
    arguments = part(page, "Arguments")
    box = arguments.get_by_role("textbox")
    words = "Line 2, column 2: a comma or the closing bracket is missing here."
    expect(box).to_have_accessible_description(re.compile(words))
    arguments.get_by_role("button", name="Go there").click()
    assert box.evaluate("(each) => each.selectionStart") == 9
    arguments.get_by_role("radio", name="Form", exact=True).check()
    expect(arguments).to_contain_text("The JSON cannot be read")
    functions.button("Run").click()

    expect(box).to_be_focused()
    assert book.requests == []


def test_without_words_nothing_is_sent(page: Page, book: FunctionBook) -> None:
    functions = FunctionsPage(page).open()
    functions.button("Run").click()
    expect(functions.description).to_be_focused()
    expect(functions.description).to_have_accessible_description(re.compile("Say what it should"))
    assert book.requests == []


def test_the_result_is_described_by_fields_that_are_a_schema(
    page: Page, book: FunctionBook
) -> None:
    functions = FunctionsPage(page).open()
    functions.describe("Generate user profile JSON")
    schema = part(page, "What must the result look like?")
    schema.get_by_role("radio", name="Fields", exact=True).check()
    schema.get_by_label("Name of field 1").fill("name")
    functions.button("Add a field").click()
    schema.get_by_label("Name of field 2").fill("level")
    schema.get_by_label("Kind of field 2").select_option("choice")
    functions.button("Run").click()
    expect(schema).to_contain_text("Give the choices")
    assert book.requests == []
    schema.get_by_label("Choices of field 2").fill("low, high")
    schema.get_by_role("radio", name="JSON Schema", exact=True).check()
    box = schema.get_by_role("textbox")
    expect(box).to_have_value(re.compile('"enum": \\["low", "high"\\]'))
    box.fill('{"type": "string", "pattern": "a"}')
    schema.get_by_role("radio", name="Fields", exact=True).click()
    expect(schema.get_by_role("radio", name="JSON Schema")).to_be_checked()
    expect(schema).to_contain_text("says more than fields can show")
    functions.button("Run").click()

    expect(functions.outcome).to_be_visible()
    assert book.requests[0]["body"]["schema"] == {"type": "string", "pattern": "a"}


def test_explaining_shows_why_and_runs_nothing_and_a_type_is_remembered(
    page: Page, book: FunctionBook
) -> None:
    functions = FunctionsPage(page).open()
    functions.describe("Calculate the factorial")
    functions.button("Explain").click()

    card = part(page, "How it would be done")
    expect(card).to_contain_text("93 %, very sure")
    expect(card).to_contain_text("is a computation")
    expect(card).to_contain_text("Found by rules")
    expect(card.get_by_role("progressbar").first).to_have_attribute("value", "0.93")
    assert [each["path"] for each in book.requests] == ["/fn/classify"]
    book.found = {**classified("human", 1.0), "layer": "override"}
    card.get_by_role("button", name="Always treat as Human").click()
    expect(card).to_contain_text("You said before")
    assert book.overrides[0]["type"] == "human"
    page.get_by_text("What you said words mean").click()
    page.get_by_role("button", name="Forget “Calculate the factorial”").click()
    expect(page.get_by_text("Nothing is remembered.")).to_be_visible()


def test_words_that_can_mean_several_things_become_a_choice(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("422")
    server.refusal = {
        "status": 422,
        "code": "needs_clarification",
        "detail": "It is not clear.",
        "alternatives": classified(None, 0.4)["alternatives"],
        "jobId": "job_0009",
    }
    functions = FunctionsPage(page).open()
    functions.run("Handle it")
    choice = page.get_by_role("group", name="What do you mean?")
    expect(choice.get_by_role("listitem").first).to_contain_text("Human")
    server.refusal = None
    server.does = computes
    choice.get_by_role("button", name="Run as Code").click()

    expect(functions.value).to_have_text("120")
    first, second = server.book.requests
    assert second["body"]["options"]["type"] == "code"
    assert first["key"] != second["key"]


def test_the_rarer_options_are_sent(page: Page, book: FunctionBook) -> None:
    functions = FunctionsPage(page).open()
    functions.describe("Fetch it")
    page.get_by_text("More options").click()
    page.get_by_label("Language of the code").select_option("javascript")
    page.get_by_label("Hosts the code may reach").fill("api.example.com")
    page.get_by_label("Deadline for a person", exact=True).fill("2")
    page.get_by_label("Unit of the deadline").select_option("hours")
    page.get_by_label("Who should answer").fill("Ada")
    page.get_by_label("How is it done?").select_option("human")
    page.get_by_role("radio", name="In the background").check()
    functions.description.press("Control+Enter")

    functions.wait_for_status("Queued")
    assert book.requests[0]["body"]["options"] == {
        "mode": "async",
        "type": "human",
        "language": "javascript",
        "network": ["api.example.com"],
        "deadlineSeconds": 7200,
        "assignee": "Ada",
    }


def test_a_call_is_copied_without_the_key(new_page: NewPage, server: FunctionsServer) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    functions = FunctionsPage(page).open()
    functions.describe("Sort", "[2, 1]")
    for name, begins in (("As curl", "curl -sS"), ("As Python", "import json")):
        functions.button(name).click()
        expect(functions.announcer).to_have_text(re.compile("Copied"))
        words = page.evaluate("navigator.clipboard.readText()")
        assert words.startswith(begins)
        assert "LITTORAL_KEY" in words and "lit_" not in words
        assert f"{server.url}/fn" in words


def test_an_answer_that_takes_long_can_be_left(page: Page, server: FunctionsServer) -> None:
    go_on = Event()

    def does(job: ScriptedJob) -> None:
        job.begin()
        go_on.wait(10)

    server.does = does
    functions = FunctionsPage(page).open()
    functions.run("Count them")
    functions.button("Stop waiting").click()
    expect(functions.announcer).to_have_text(re.compile("It goes on without you"))
    expect(functions.button("Run")).to_be_enabled()
    expect(functions.rows.first).to_contain_text("Running")
    go_on.set()


def test_what_waits_leads_to_where_it_is_answered(page: Page, server: FunctionsServer) -> None:
    def does(job: ScriptedJob) -> None:
        job.begin("agentic")
        job.waits_for_build("bld_7")

    server.does = does
    functions = FunctionsPage(page).open()
    functions.run("Build a blog application")
    expect(page.get_by_role("link", name="Show the build")).to_have_attribute(
        "href", "#/builds/bld_7"
    )
