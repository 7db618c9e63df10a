"""The harness itself: what other suites stand on."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from _lib import project
from _lib.wrangler import RECORDS_OFF, V8_FLAGS_VARIABLE
from tests.fakes.scripted_ai import NOT_IN_PLAN, Answer, Failure, ScriptedAi, Shape
from tests.harness.sidecar import SidecarError
from tests.harness.worker import KillableWorker, Worker


def test_the_worker_answers_on_its_url(worker: Worker) -> None:
    answer = httpx.get(f"{worker.url}/api/health", timeout=30)

    assert answer.status_code == 200


def test_an_object_that_does_not_run_cannot_be_evicted(worker: Worker) -> None:
    with pytest.raises(SidecarError, match="not currently running"):
        worker.evict("TaskAgent", "never-called")

    assert "never-called" not in worker.list_objects("TaskAgent")


def test_a_killed_worker_starts_again_on_the_same_port(killable_worker: KillableWorker) -> None:
    url = killable_worker.url
    killable_worker.kill9()
    killable_worker.start()

    assert killable_worker.url == url
    assert httpx.get(f"{url}/api/health", timeout=30).status_code == 200


def test_wrangler_still_knows_what_keeps_a_local_server_small() -> None:
    wrangler = project.NODE_MODULES / "wrangler" / "wrangler-dist" / "cli.js"
    text = wrangler.read_text(encoding="utf-8")

    assert [name for name in RECORDS_OFF if f'"{name}"' not in text] == []
    miniflare = project.NODE_MODULES / "miniflare" / "dist" / "src" / "index.js"
    assert f"process.env.{V8_FLAGS_VARIABLE}" in miniflare.read_text(encoding="utf-8")


def test_the_offline_worker_answers(offline_worker: KillableWorker) -> None:
    assert httpx.get(f"{offline_worker.url}/api/health", timeout=30).status_code == 200


def chat(url: str, message: str, session_id: str | None = None) -> dict[str, Any]:
    body = {"message": message} | ({"sessionId": session_id} if session_id else {})
    answer = httpx.post(f"{url}/api/chat", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("shape", ["workers-ai", "openai"])
@pytest.mark.parametrize("cut_bytes", [None, 1, 7])
def test_the_double_answers_in_either_shape_however_the_stream_is_cut(
    worker: Worker, ai: ScriptedAi, shape: Shape, cut_bytes: int | None
) -> None:
    ai.answer(Answer(text="Grüße aus dem Skript", shape=shape, cut_bytes=cut_bytes))

    answer = chat(worker.url, "What do you say?")

    assert answer["content"] == "Grüße aus dem Skript"
    assert ai.calls[0].last_user_text.endswith("What do you say?")


def test_the_double_fails_with_the_bindings_code(worker: Worker, ai: ScriptedAi) -> None:
    failure = Failure(code=NOT_IN_PLAN, message="not in your plan")
    ai.answer_when("What", Answer(failure=failure))

    answer = chat(worker.url, "What do you say?")

    assert answer["degraded"] is True
    assert ai.unexpected == []


def test_a_held_answer_waits_for_the_test(worker: Worker, ai: ScriptedAi) -> None:
    slow = Answer(text="one two three", hold_after=1)
    ai.answer(slow)

    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(chat, worker.url, "Count!")
        slow.wait_until_held()
        assert not waiting.done()
        slow.release()

        assert waiting.result(30)["content"] == "one two three"


def test_an_evicted_object_comes_back_with_its_rows(worker: Worker, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="first"), Answer(text="second"))
    before = set(worker.list_objects("TaskAgent"))
    session_id = chat(worker.url, "One")["sessionId"]
    (new,) = set(worker.list_objects("TaskAgent")) - before

    worker.evict_id("TaskAgent", new)

    assert chat(worker.url, "Two", session_id)["content"] == "second"
    assert "One" in str(ai.calls[-1].inputs["messages"])
