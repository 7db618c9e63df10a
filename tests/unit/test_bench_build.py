"""What `scripts/bench build` prints, and the model that answers it at once."""

from __future__ import annotations

import json

import httpx

from benchmarks.bench_build import AIMS, text_of
from benchmarks.build_client import BuildTiming
from benchmarks.instant_model import FILES, answer_to, instant_model
from littoral.builder.blueprint import read_blueprint


def timing(milliseconds: float) -> BuildTiming:
    return BuildTiming(
        create=milliseconds,
        busy_socket=milliseconds,
        socket=milliseconds,
        state=milliseconds,
        generation=milliseconds,
        preview=milliseconds,
        preview_again=milliseconds,
        files=3,
    )


def test_cold_and_warm_stand_beside_what_was_aimed_at() -> None:
    text = text_of({"instant model": [timing(900), timing(60), timing(70), timing(80)]})

    assert "instant model: POST /agents → answer" in text
    assert " 900 " in text
    lines = [line for line in text.splitlines() if line.startswith(("reached", "MISSED"))]
    assert len(lines) == len(AIMS)
    assert sum(line.startswith("MISSED") for line in lines) == 1, "only the state query is over 50"


def test_the_instant_model_plans_what_it_can_write() -> None:
    plan = read_blueprint(json.loads(answer_to("… Write the blueprint now.")))
    assert plan.paths == list(FILES)
    for path in plan.paths:
        assert FILES[path] in answer_to(f"Write {path} now, whole, between its marks.")
    assert json.loads(answer_to("Write the review now.")) == {"issues": []}


def test_the_instant_model_speaks_as_openai_does() -> None:
    asked = {"model": "instant", "messages": [{"role": "user", "content": "Write the review now."}]}
    with instant_model() as url:
        whole = httpx.post(f"{url}/chat/completions", json=asked).json()
        streamed = httpx.post(f"{url}/chat/completions", json={**asked, "stream": True}).text

    assert whole["choices"][0]["message"]["content"] == '{"issues": []}'
    assert streamed.rstrip().endswith("data: [DONE]")
