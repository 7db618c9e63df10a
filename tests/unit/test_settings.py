"""Settings: documented, parsed once, refused with the rule."""

from __future__ import annotations

import pytest

from littoral.settings import SETTINGS, Settings


def read(**environment: str) -> Settings:
    return Settings.read(environment.get)


def test_an_empty_environment_gives_the_documented_defaults():
    assert read() == Settings()
    assert read(DEFAULT_MODEL="  ") == Settings()


def test_lists_are_split_and_trimmed():
    settings = read(FALLBACK_MODELS=" openai/a , offline,", ALLOWED_ORIGINS="https://a.example")
    assert settings.fallback_models == ("openai/a", "offline")
    assert settings.allowed_origins == frozenset({"https://a.example"})


def test_a_base_url_has_no_slash_at_its_end():
    assert read(OPENAI_BASE_URL="http://localhost:11434/v1/").openai_base_url.endswith("/v1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODEL_TIMEOUT_SECONDS", "soon"),
        ("MODEL_TIMEOUT_SECONDS", "0"),
        ("MODEL_TIMEOUT_SECONDS", "nan"),
        ("MAX_OUTPUT_TOKENS", "1.5"),
        ("MAX_STEPS", "33"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str):
    with pytest.raises(ValueError, match=name):
        read(**{name: value})


def test_every_setting_says_what_it_is():
    assert all(setting.summary for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_hosts_that_pages_may_be_read_from_are_names_and_patterns() -> None:
    read = Settings.read({"FETCH_ALLOWED_HOSTS": "Site.com, *.files.org"}.get)
    assert read.fetch_allowed_hosts == ("site.com", "*.files.org")
    with pytest.raises(ValueError, match="FETCH_ALLOWED_HOSTS names '10.0.0.1'"):
        Settings.read({"FETCH_ALLOWED_HOSTS": "10.0.0.1"}.get)
