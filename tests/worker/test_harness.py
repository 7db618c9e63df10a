"""The harness itself: what other suites stand on."""

import httpx
import pytest

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


def test_the_offline_worker_answers(offline_worker: KillableWorker) -> None:
    assert httpx.get(f"{offline_worker.url}/api/health", timeout=30).status_code == 200
