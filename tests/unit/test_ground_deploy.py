"""A deploy makes what is missing, once; breaks off anywhere and is finished by the next one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from _lib import project
from _lib.deploying.config import made_config, read_config
from _lib.deploying.deployment import Deployment, plan
from _lib.deploying.environment import Environment, Pages, read_environment
from _lib.deploying.pages import DOCUMENTS, stage_pages
from _lib.deploying.resources import resources_of
from _lib.deploying.verify import Seen, problems_of
from _lib.failures import SetupFailure
from tests.fakes.cloudflare_account import CloudflareAccount

CONFIG = read_config(project.ROOT / "wrangler.toml")
PRODUCTION = Environment(name="production")
STAGING = Environment(
    name="staging",
    account_id="a" * 32,
    vars={"SIGNUP": "invite"},
    pages=Pages(project="littoral-staging", origins=("https://littoral-staging.pages.dev",)),
)


class House:
    """A checkout that is deployed to an account."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.root.mkdir()
        for name in (*DOCUMENTS, "_headers"):
            file = self.root / "public" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes((project.ROOT / "public" / name).read_bytes())
        self.account = CloudflareAccount()
        self.told: list[str] = []

    def deploy(self, environment: Environment = PRODUCTION, **secrets: str) -> Deployment:
        self.told = []
        deployment = Deployment(
            root=self.root,
            scratch=self.scratch,
            config=CONFIG,
            environment=environment,
            wrangler=self.account,
            secret_values=secrets,
            tell=self.told.append,
        )
        deployment.run()
        return deployment


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# --- the whole of it ------------------------------------------------------------------------------


def test_everything_is_made_and_bound_by_its_id(house: House) -> None:
    deployment = house.deploy()

    account = house.account
    assert deployment.origin == "https://littoral.someone.workers.dev"
    assert {"function-execution-dead", "mesh-dispatch"} <= account.queues
    assert account.buckets == {"agent-sandbox", "agent-assets"}
    deployed = account.workers["littoral"]
    assert deployed["d1_databases"][0]["database_id"] == account.databases["littoral"]
    assert len(account.secrets["littoral"]["SESSION_SECRET"]) >= 32
    assert account.migrated["littoral"] == 1


def test_a_second_deploy_makes_nothing_and_keeps_the_secret(house: House) -> None:
    house.deploy()
    secret = house.account.secrets["littoral"]["SESSION_SECRET"]
    house.account.calls.clear()

    house.deploy()

    assert house.account.secrets["littoral"]["SESSION_SECRET"] == secret
    assert not [call for call in house.account.calls if "create" in call]
    assert "D1 database littoral: nothing new" in house.told
    assert not [line for line in house.told if line.endswith(": made")]


def test_a_deploy_that_broke_off_anywhere_is_finished_by_the_next(house: House) -> None:
    house.deploy(STAGING)
    whole = house.account
    assert len(whole.calls) > 20

    for number in range(len(whole.calls)):
        house.account = CloudflareAccount()
        house.account.fail_at_call = number
        with contextlib.suppress(SetupFailure):
            house.deploy(STAGING)
        house.deploy(STAGING)

        assert house.account.queues == whole.queues, number
        assert house.account.buckets == whole.buckets, number
        assert set(house.account.workers) == set(whole.workers), number
        assert house.account.pages.keys() == whole.pages.keys(), number


def test_no_failure_replaces_the_secret_that_signs_cookies(house: House) -> None:
    house.deploy()
    first = house.account.secrets["littoral"]["SESSION_SECRET"]
    house.account.calls.clear()
    house.deploy()
    calls = len(house.account.calls)

    for number in range(calls):
        house.account.calls.clear()
        house.account.fail_at_call = number
        with contextlib.suppress(SetupFailure):
            house.deploy()

    assert house.account.secrets["littoral"]["SESSION_SECRET"] == first


def test_an_environment_has_names_of_its_own(house: House) -> None:
    house.deploy()
    house.deploy(STAGING, OPENAI_API_KEY="sk-test")

    account = house.account
    assert set(account.workers) == {"littoral", "littoral-staging"}
    staging = account.workers["littoral-staging"]
    assert staging["d1_databases"][0]["database_name"] == "littoral-staging"
    assert staging["vars"]["SIGNUP"] == "invite"
    assert staging["vars"]["ALLOWED_ORIGINS"] == "https://littoral-staging.pages.dev"
    assert staging["account_id"] == "a" * 32
    assert all(each["queue"].endswith("-staging") for each in staging["queues"]["consumers"])
    assert account.secrets["littoral-staging"]["OPENAI_API_KEY"] == "sk-test"
    assert "OPENAI_API_KEY" not in account.secrets["littoral"]


def test_secrets_leave_no_file_behind(house: House) -> None:
    house.deploy(OPENAI_API_KEY="sk-of-the-test")

    written = [file for file in house.root.parent.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if b"sk-of-the-test" in file.read_bytes()]


def test_without_a_login_nothing_is_touched(house: House) -> None:
    house.account.signed_in = False

    with pytest.raises(SetupFailure, match="not signed in"):
        house.deploy()

    assert len(house.account.calls) == 1


def test_what_wrangler_refuses_is_told_in_its_words(house: House) -> None:
    house.account.fail_at = ("r2", "bucket", "create")

    with pytest.raises(SetupFailure, match="something broke on the way"):
        house.deploy()


# --- the plan -------------------------------------------------------------------------------------


def test_every_section_of_the_configuration_is_known() -> None:
    assert {each.kind for each in resources_of(CONFIG, PRODUCTION)} >= {"D1 database", "queue"}
    with pytest.raises(SetupFailure, match="hyperdrive"):
        resources_of({**CONFIG, "hyperdrive": [{"binding": "X"}]}, PRODUCTION)


def test_namespaces_are_found_by_their_title(house: House) -> None:
    config = {**CONFIG, "kv_namespaces": [{"binding": "CACHE"}]}
    for _ in range(2):
        Deployment(
            root=house.root,
            scratch=house.scratch,
            config=config,
            environment=STAGING,
            wrangler=house.account,
            secret_values={},
            tell=house.told.append,
        ).run()

    bound = house.account.workers["littoral-staging"]["kv_namespaces"]
    assert bound == [{"binding": "CACHE", "id": house.account.namespaces["cache-staging"]}]


def test_the_plan_names_what_would_be_done_and_no_value() -> None:
    lines = plan(CONFIG, STAGING, ["0001_accounts.sql"], ["OPENAI_API_KEY"])

    text = "\n".join(lines)
    assert "D1 database littoral-staging" in text
    assert "0001_accounts.sql" in text
    assert "secret OPENAI_API_KEY: set from the environment" in text
    assert "Pages project littoral-staging" in text


def test_without_containers_the_objects_keep_their_class() -> None:
    made = made_config(CONFIG, Environment(name="small", containers=False), {})

    assert "containers" not in made
    assert "Sandbox" in {each["class_name"] for each in made["durable_objects"]["bindings"]}


# --- environments ---------------------------------------------------------------------------------


def test_the_example_can_be_read_with_every_line_of_it(tmp_path: Path) -> None:
    example = (project.ROOT / "deployments" / "example.toml").read_text()
    code = (
        line.removeprefix("# ")
        for line in example.splitlines()
        if "=" in line or line.startswith("# [")
    )
    (tmp_path / "whole.toml").write_text("\n".join(code))

    whole = read_environment(tmp_path, "whole")

    assert whole.pages is not None
    assert whole.pages.origins == ("https://app.example.com",)
    assert whole.known_origin == "https://littoral.example.workers.dev"
    assert whole.vars["SIGNUP"] == "invite"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("domain = 'a.test'", "domain is not known"),
        ("[vars]\nSIGNUP = 1", "must be a text"),
        ("[pages]\nproject = 'A b'", "no name of a Pages project"),
        ("[pages]\nproject = 'a'\norigins = ['http://a.test']", "no origin"),
        ("[pages]\nproject = 'a'\norigins = ['https://a.test/x']", "no origin"),
        ("api_origin = 'a.test'", "no origin"),
        ("vars = ", "Invalid value"),
    ],
)
def test_a_mistake_in_an_environment_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "odd.toml").write_text(text)

    with pytest.raises(SetupFailure, match=words):
        read_environment(tmp_path, "odd")


@pytest.mark.parametrize("name", ["", "../x", "Staging", "a" * 21, "nobody"])
def test_an_environment_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SetupFailure):
        read_environment(tmp_path, name)


def test_production_needs_no_file(tmp_path: Path) -> None:
    assert read_environment(tmp_path, "production") == PRODUCTION


# --- Pages ----------------------------------------------------------------------------------------


def test_pages_are_told_where_the_api_is_and_may_reach_only_that(tmp_path: Path) -> None:
    stage_pages(project.ROOT / "public", tmp_path / "out", api_origin="https://api.test")

    for name in ("index.html", "terminal/index.html"):
        document = (tmp_path / "out" / name).read_text()
        assert document.count('<meta name="littoral-api" content="https://api.test">') == 1
    headers = (tmp_path / "out" / "_headers").read_text()
    policies = [line for line in headers.splitlines() if "Content-Security-Policy:" in line]
    assert len(policies) == 2
    for policy in policies:
        assert "connect-src 'self' https://api.test wss://api.test;" in policy
    assert "frame-src 'self' https://api.test;" in policies[0]
    assert "script-src 'self';" in policies[0]


def test_a_front_end_of_another_form_is_not_uploaded(tmp_path: Path) -> None:
    odd = tmp_path / "public"
    (odd / "terminal").mkdir(parents=True)
    for name in ("index.html", "terminal/index.html"):
        (odd / name).write_text("<!doctype html>")
    (odd / "_headers").write_text("/*\n")

    with pytest.raises(SetupFailure, match="0 places"):
        stage_pages(odd, tmp_path / "out", api_origin="https://api.test")


# --- the checks -----------------------------------------------------------------------------------

API = "https://api.test"
APP = "https://app.test"
GOOD = {
    ("GET", f"{API}/api/health"): Seen(status=200, body='{"version": "1"}'),
    ("GET", f"{API}/api/ready"): Seen(status=200),
    ("GET", f"{API}/"): Seen(status=200, headers={"content-security-policy": "x"}),
    ("GET", f"{APP}/"): Seen(
        status=200, headers={"content-security-policy": f"x {API}"}, body=f'content="{API}"'
    ),
    ("OPTIONS", f"{API}/api/chat"): Seen(status=204, headers={"access-control-allow-origin": APP}),
}


class ScriptedWeb:
    """Answers from a table; an address is found only after `late` tries."""

    def __init__(self, answers: Mapping[tuple[str, str], Seen], *, late: int = 0) -> None:
        self._answers = answers
        self._late = late
        self._now = 0.0

    def ask(self, method: str, url: str, headers: Mapping[str, str]) -> Seen:
        self._late -= 1
        if self._late >= 0:
            return Seen(status=0)
        return self._answers.get((method, url), Seen(status=404))

    def pause(self, seconds: float) -> None:
        self._now += seconds

    def now(self) -> float:
        return self._now


def look(answers: Mapping[tuple[str, str], Seen], **options: Any) -> list[str]:
    told: list[str] = []
    return problems_of(
        ScriptedWeb(answers, **options), api_origin=API, pages_origin=APP, tell=told.append
    )


def test_a_deployment_that_works_has_no_problem_even_when_it_is_found_late() -> None:
    assert look(GOOD) == []
    assert look(GOOD, late=5) == []


DOWN = json.dumps({"dependencies": {"database": {"status": "down", "detail": "no such table"}}})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({("GET", f"{API}/api/health"): Seen(status=500)}, "answers 500"),
        ({("GET", f"{API}/api/health"): Seen(status=0)}, "answers nothing"),
        ({("GET", f"{API}/api/ready"): Seen(status=503, body=DOWN)}, "no such table"),
        ({("GET", f"{API}/api/ready"): Seen(status=500, body="oops")}, "ready answers 500"),
        ({("GET", f"{API}/"): Seen(status=200)}, "no front end with its policy"),
        ({("GET", f"{APP}/"): Seen(status=200)}, "does not name the API"),
        ({("OPTIONS", f"{API}/api/chat"): Seen(status=403)}, "does not let pages"),
    ],
)
def test_each_thing_that_does_not_work_is_named(
    changed: Mapping[tuple[str, str], Seen], words: str
) -> None:
    assert words in " ".join(look({**GOOD, **changed}))
