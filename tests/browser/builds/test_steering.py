"""What a person does with a build: cancel, message, preview and its errors, restore, download."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.builds.builds_server import BuildsServer
from tests.browser.builds.samples import BROKEN, built, growing
from tests.browser.builds.scripted_builds import BuildBook
from tests.browser.builds_page import BuildsPage


def test_cancelling_says_first_what_it_does(page: Page, book: BuildBook) -> None:
    build = growing(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    builds.button("Cancel").click()
    expect(builds.dialog).to_contain_text("every finished file is kept")
    builds.button("Let it go on").click()
    assert book.requests == []

    builds.button("Cancel").click()
    builds.dialog.get_by_label("Why (optional)").fill("the wrong sea")
    builds.button("Cancel the build").click()

    builds.wait_for_status("Cancelled")
    assert book.requests[-1]["body"] == {"reason": "the wrong sea"}
    expect(builds.announcer).to_contain_text("cancelled")


def test_a_message_waits_for_the_next_phase(page: Page, book: BuildBook) -> None:
    build = growing(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    builds.say("Please make it blue")

    expect(page.get_by_text("1 message waits for the next phase")).to_be_visible()
    expect(page.get_by_label("Say what should change")).to_have_value("")
    assert book.requests[-1]["body"] == {"message": "Please make it blue"}


def test_what_was_typed_and_not_sent_survives_a_reload(page: Page, book: BuildBook) -> None:
    build = growing(book)
    BuildsPage(page).open(f"/{build.id}")
    page.get_by_label("Say what should change").fill("half a sentence")

    page.reload()

    expect(page.get_by_label("Say what should change")).to_have_value("half a sentence")


def test_the_preview_is_walled_in_and_its_errors_come_back(page: Page, book: BuildBook) -> None:
    build = built(book)
    build.preview_page = BROKEN
    builds = BuildsPage(page).open(f"/{build.id}")
    frame = builds.open_preview()
    expect(frame.locator("h1")).to_have_text("High water 12:25")
    allowed = page.locator(".preview iframe").get_attribute("sandbox")
    assert allowed == "allow-scripts allow-forms allow-modals"

    expect(builds.problems).to_contain_text("tides is not defined")
    page.evaluate(
        "postMessage({type: 'littoral-preview-error', message: 'from elsewhere', line: 1}, '*')"
    )
    builds.button("Fix this").click()

    builds.wait_for_status("Reviewing")
    expect(builds.problems).to_have_count(0)
    sent = [each for each in book.requests if each["path"].endswith("/problems")]
    problem = {"message": "tides is not defined", "source": "js/tides.js", "line": 12}
    assert [each["body"] for each in sent] == [{"problems": [problem]}]


def test_the_preview_has_two_widths_tells_of_news_and_is_closed(
    page: Page, book: BuildBook
) -> None:
    build = built(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    frame = builds.open_preview()
    expect(frame.locator("h1")).to_be_visible()
    page.get_by_label("Phone").check()
    width = page.locator(".preview iframe").evaluate("(frame) => frame.clientWidth")
    assert width <= 390

    build.preview_page = "<h1>High water 13:10</h1>"
    build.keeps("a change")
    builds.button("Show it").click()
    expect(frame.locator("h1")).to_have_text("High water 13:10")

    builds.button("Close the link").click()
    builds.dialog.get_by_role("button", name="Close the link").click()
    expect(builds.button("Open the preview")).to_be_visible()
    assert not build.preview_open


def test_an_old_revision_comes_back_after_a_question(page: Page, book: BuildBook) -> None:
    build = built(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    builds.part("History")
    builds.button("Restore revision 1").click()
    expect(builds.dialog).to_contain_text("as a new revision")
    builds.button("Restore it").click()

    expect(page.locator(".revision")).to_have_count(3)
    expect(page.locator(".revision").first).to_contain_text("now")
    assert book.requests[-1]["body"] == {"revision": 1}


def test_what_changed_since_one_looked_is_shown(page: Page, book: BuildBook) -> None:
    build = built(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    builds.part("Files")
    builds.tree.filter(has_text="tides.js").click()
    expect(builds.code).to_contain_text("12, 18")

    build.saves("js/tides.js", "const tides = [13, 19];\n")
    expect(builds.code).to_contain_text("13, 19")
    page.get_by_label("Changes", exact=True).check()

    expect(page.locator(".diff-out")).to_contain_text("12, 18")
    expect(page.locator(".diff-in")).to_contain_text("13, 19")


def test_everything_is_downloaded_as_one_archive(page: Page, book: BuildBook) -> None:
    build = built(book)
    BuildsPage(page).open(f"/{build.id}")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()

    assert download.value.suggested_filename == f"{build.id}.zip"


def test_the_list_is_narrowed_by_words_and_state(
    page: Page, server: BuildsServer, book: BuildBook
) -> None:
    growing(book)
    built(book)
    builds = BuildsPage(page).open()
    expect(builds.rows).to_have_count(2)
    page.get_by_label("State").select_option("completed")
    expect(builds.rows).to_have_count(1)
    page.get_by_label("Search builds").fill("nothing like it")
    expect(page.get_by_text("No build matches")).to_be_visible()
    builds.button("Show all builds").click()
    expect(builds.rows).to_have_count(2)


def test_a_key_without_the_scope_is_told_so(page: Page, server: BuildsServer) -> None:
    server.me["scopes"] = ["chat"]
    page.goto("/#/builds")

    expect(page.get_by_text("This key may not use builds")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the account page")).to_be_visible()
