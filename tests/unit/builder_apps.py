"""Apps of the offline builder for tests: a request in, blueprint and files out, as a build asks."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.builder.blueprint import Blueprint, read_blueprint
from littoral.builder.offline.families import choose
from littoral.builder.offline.plan import blueprint_for, phase_for, settled

QUERIES = {
    "a list": (
        "Build me a to-do page",
        "a to-do app with tags, due dates and priorities",
        "Make a shopping list called Pantry in green",
        "todo list, dark, with search",
        "simple task manager for my garden with deadlines",
        "A checklist with dark mode and a purple header",
        "reading list with labels",
        "packing list for Norway with a red header, without filters",
        "Chore list for the household, important ones first",
        'a to-do list named "Things & <Stuff>"',
        "TO-DO APP WITH EVERYTHING: tags, due dates, priority, search, dark mode",
        "Erstelle eine To-do-Liste mit Tags",
    ),
    "a blog": (
        "Build a blog application",
        "a recipe blog without search",
        "Blog about sourdough bread with tags and an archive",
        "a travel blog with dark mode, orange",
        "personal blog, no about page, no tags",
        "A blog called Harbour Notes about sailing on the Baltic Sea",
        "write me a journal for my allotment",
        "blog with a blue header and search",
        "company blog on accounting law with archive by year",
        "photography blog always dark",
        "a magazine with articles about chess openings",
        "blog about C++ & <templates>",
    ),
    "an API": (
        "Create a REST API for books with title, author and year in Python",
        "a todo api in javascript with search",
        "JSON API with GET /albums and POST /tracks",
        "API",
        "build an api with validation for recipes, fields: name, servings, minutes",
        "A contacts backend where each contact has name, email and birthday",
        "CRUD for products and orders",
        "a node backend to track expenses with amount and date",
        "endpoint for events in JavaScript",
        "API to manage customers, invoices, payments, refunds and returns",
        "webhook receiver API for notes with search",
        "api for class and import with fields class, def, import, constructor",
    ),
    "a report": (
        "A data report of sales by region",
        "script that reads a CSV of expenses and prints totals by category",
        "command line tool to analyse survey answers from JSON",
        "weather report with a line chart over time",
        "Python script for website visits with groups",
        "a report",
        "csv statistics",
        "summarize student grades from a spreadsheet",
        "chart of revenue, purple",
        "report called Harbour figures on ship arrivals",
        "analyze data and draw a histogram",
        "json report with trend and grouped totals",
    ),
    "a page": (
        "Landing page for a bakery with opening hours and prices",
        "Portfolio for a photographer with contact form, dark mode",
        "a website for our choir",
        "restaurant site with faq and contact form, red",
        "a multiplayer chess game",
        "Home page of the rowing club with a green header",
        "wedding page always dark",
        "",
        "make something nice",
        "landing page with pricing, faq, contact, hours and projects",
        "portfolio, no contact form",
        "コーヒー",
    ),
}
FAMILIES = tuple(QUERIES)


@dataclass(frozen=True, kw_only=True)
class App:
    blueprint: Blueprint
    files: dict[str, str]


def app_for(query: str, *messages: str) -> App:
    """The app as it is after the messages, each of which made a phase of its own."""
    document = blueprint_for(query)
    blueprint = read_blueprint(document)
    wish = settled(query, (), document)
    files = {path: _written(path, wish) for path in blueprint.paths}
    for at in range(len(messages)):
        phase = phase_for(query, messages[:at], messages[at : at + 1], document)
        wish = settled(query, messages[: at + 1], document)
        files |= {each["path"]: _written(each["path"], wish) for each in phase["files"]}
    return App(blueprint=blueprint, files=files)


def _written(path, wish):
    text = choose(wish).family.write(path, wish)
    assert text is not None, f"{path} is planned and nobody writes it"
    return text
