"""What isolates tell is added up once, kept for a bounded time, and answered as figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from _lib import project
from littoral.api.envelope import Call, result_of
from littoral.errors import NotFound, TooLarge
from littoral.jsontext import dumps
from littoral.ops import metric
from littoral.ops.count_book import HOUR, KEPT_MS, MINUTE
from littoral.ops.exposition import exposition
from littoral.ops.observer import Observer
from littoral.ops.question import MOST_LINES, MOST_POINTS, lines_of, step_ms
from littoral.ops.recorder import MOST_LINES as MOST_WAITING_LINES
from littoral.ops.recorder import MOST_SPANS, Recorder
from littoral.ops.summary import summary_of
from littoral.ops.tally import Count, Tally, percentile, read_tally
from littoral.ops.telemetry import MOST_BATCH_CHARACTERS
from littoral.ops.telemetry import MOST_LINES as KEPT_LINES
from littoral.ops.trace_book import MOST_SPANS_OF_ONE
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite
from tests.fakes.telemetry_object import TelemetryObject

CHAT = (metric.HTTP, "POST", "/api/chat", "200")
BROKEN = (metric.HTTP, "POST", "/api/chat", "503")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_780_000_020_000)


@pytest.fixture
def telemetry(clock: ManualClock) -> Iterator[TelemetryObject]:
    made = TelemetryObject(clock)
    yield made
    made.close()


def counted(number: int, milliseconds: float = 10) -> Recorder:
    recorder = Recorder()
    for _ in range(number):
        recorder.time(CHAT, milliseconds)
    return recorder


async def requests_of(telemetry: TelemetryObject, minutes: int = 60) -> dict[str, Any]:
    found = await telemetry.call("window", {"minutes": minutes})
    requests: dict[str, Any] = summary_of(read_tally(found["tally"]), minutes=minutes)["requests"]
    return requests


async def test_batches_of_several_isolates_are_added_up(telemetry: TelemetryObject) -> None:
    await telemetry.tell(counted(3))
    await telemetry.tell(counted(4))

    found = await requests_of(telemetry)

    assert (found["count"], found["failed"]) == (7, 0)
    assert 5 < found["p50Ms"] <= 10


async def test_a_batch_that_comes_twice_counts_once(telemetry: TelemetryObject) -> None:
    body = dumps(counted(3).take().batch)
    for _ in range(2):
        await telemetry.call("batch", {"id": "a-1", "body": body})
        assert (await requests_of(telemetry))["count"] == 3


async def test_a_batch_is_not_lost_with_the_memory(tmp_path: Path, clock: ManualClock) -> None:
    first = TelemetryObject(clock, Sqlite(tmp_path / "telemetry.db"))
    await first.tell(counted(5))
    first.close()

    again = TelemetryObject(clock, Sqlite(tmp_path / "telemetry.db"))

    assert (await requests_of(again))["count"] == 5
    again.close()


async def test_a_batch_that_cannot_be_read_keeps_no_other_from_it(
    telemetry: TelemetryObject,
) -> None:
    bodies = ["not JSON", "{}", dumps({"tally": [[["http"], 1, 1, []]], "spans": [1], "lines": []})]
    for number, body in enumerate(bodies):
        await telemetry.call("batch", {"id": f"bad-{number}", "body": body})
    await telemetry.tell(counted(2))

    assert (await requests_of(telemetry))["count"] == 2


async def test_a_batch_that_is_too_long_is_refused(telemetry: TelemetryObject) -> None:
    with pytest.raises(TooLarge):
        await telemetry.call("batch", {"id": "a", "body": "x" * (MOST_BATCH_CHARACTERS + 1)})


async def test_the_window_leaves_out_what_is_older(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    await telemetry.tell(counted(5))
    clock.advance(seconds=600)
    await telemetry.tell(counted(2))

    assert (await requests_of(telemetry, 5))["count"] == 2
    assert (await requests_of(telemetry, 30))["count"] == 7


async def test_minutes_are_let_go_after_a_day_and_hours_after_a_month(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    await telemetry.tell(counted(5))
    clock.advance(seconds=KEPT_MS[MINUTE] / 1000 + 700)
    await telemetry.tell(counted(1))

    assert (await requests_of(telemetry, 24 * 60))["count"] == 1
    assert (await requests_of(telemetry, 48 * 60))["count"] == 6

    clock.advance(seconds=KEPT_MS[HOUR] / 1000)
    totals = read_tally((await telemetry.call("totals"))["tally"])
    assert (await requests_of(telemetry, 30 * 24 * 60))["count"] == 0
    assert totals.get(CHAT) is not None, "counters of all time never go back"


async def test_points_over_time_are_parted_by_a_label_and_tell_failures(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    recorder = counted(3)
    recorder.time(BROKEN, 40)
    await telemetry.tell(recorder)
    clock.advance(seconds=120)
    await telemetry.tell(counted(1))
    asked = {"metric": "http", "minutes": 5, "stepMs": step_ms(5), "group": 2, "labels": {}}

    lines = lines_of(await telemetry.call("points", asked))

    assert [line["name"] for line in lines] == ["200", "503"]
    assert [point["count"] for point in lines[0]["points"]] == [0, 0, 0, 3, 0, 1]
    assert [point["failed"] for point in lines[1]["points"]] == [0, 0, 0, 1, 0, 0]
    only = {**asked, "group": None, "labels": {"2": "503"}}
    (line,) = lines_of(await telemetry.call("points", only))
    assert sum(point["count"] for point in line["points"]) == 1


async def test_many_lines_are_put_together_as_other(telemetry: TelemetryObject) -> None:
    recorder = Recorder()
    for number in range(MOST_LINES + 3):
        for _ in range(number + 1):
            recorder.time((metric.HTTP, "GET", f"/r{number}", "200"), 1)
    await telemetry.tell(recorder)
    asked = {"metric": "http", "minutes": 5, "stepMs": step_ms(5), "group": 1, "labels": {}}

    lines = lines_of(await telemetry.call("points", asked))

    assert len(lines) == MOST_LINES + 1
    assert lines[-1]["name"] == "other"
    assert sum(point["count"] for point in lines[-1]["points"]) == 1 + 2 + 3


@given(st.integers(min_value=1, max_value=30 * 24 * 60))
def test_no_span_of_time_has_too_many_steps(minutes: int) -> None:
    step = step_ms(minutes)

    assert minutes * 60_000 / step <= MOST_POINTS
    assert minutes <= 24 * 60 or step % HOUR == 0


@given(st.lists(st.floats(min_value=0, max_value=400_000), min_size=1, max_size=200))
def test_a_percentile_lies_in_the_bucket_of_the_real_one(durations: list[float]) -> None:
    tally = Tally()
    for each in durations:
        tally.time(CHAT, each)
    count = tally.get(CHAT)
    assert count is not None
    for share in (0.5, 0.95, 0.99):
        real = sorted(durations)[math.ceil(len(durations) * share) - 1]
        found = percentile(count.buckets, share)
        assert found is not None
        above = next((bound for bound in metric.BOUNDS_MS if bound >= real), math.inf)
        below = max((bound for bound in metric.BOUNDS_MS if bound < real), default=0)
        assert below <= found <= above


def test_nothing_counted_has_no_percentile() -> None:
    assert percentile([], 0.5) is None
    assert percentile([0, 0], 0.99) is None


def test_too_many_series_are_counted_together() -> None:
    tally = Tally(most=2)
    for number in range(5):
        tally.time((metric.HTTP, "GET", f"/{number}", "200"), 1)

    other = tally.get((metric.HTTP, "other", "other", "other"))
    lost = tally.get((metric.LOST, "series"))

    assert other is not None and other.count == 3
    assert lost is not None and lost.total == 3


def test_what_does_not_fit_into_a_recorder_is_counted_as_lost() -> None:
    recorder = Recorder()
    here = Observer(recorder, ManualClock(), share=1.0)
    for _ in range(MOST_WAITING_LINES + 10):
        begun = here.begin()
        here.leave(begun)
        here.request(begun, method="GET", route="/", status=200, request_id="req_12345678")

    taken = recorder.take()

    assert len(taken.lines) == MOST_WAITING_LINES
    assert len(taken.batch["spans"]) == MOST_SPANS
    sums = {tuple(key): total for key, _, total, _ in taken.batch["tally"]}
    assert sums[(metric.LOST, "lines")] == 10
    assert sums[(metric.LOST, "spans")] == MOST_WAITING_LINES + 10 - MOST_SPANS
    assert recorder.is_empty


async def test_a_trace_is_put_together_from_several_isolates(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    worker, thing = Recorder(), Recorder()
    door = Observer(worker, clock, share=1.0)
    request = door.begin()
    clock.advance(seconds=0.01)
    inside = Observer(thing, clock, share=0.0)
    call = inside.begin(request.place.header())
    clock.advance(seconds=0.02)
    inside.leave(call)
    inside.call(call, agent="task-agent", method="chat.send", code="queue_full")
    door.leave(request)
    door.request(
        request, method="POST", route="/api/chat", status=429, request_id="req_12345678", code="x"
    )
    await telemetry.tell(thing)
    await telemetry.tell(worker)

    (line,) = (await telemetry.call("traces", asked_traces()))["traces"]
    trace = await telemetry.call("trace", {"traceId": line["traceId"]})

    assert (line["name"], line["durationMs"], line["spans"]) == ("POST /api/chat", 30, 2)
    assert [part["name"] for part in trace["parts"]] == ["POST /api/chat", "task-agent chat.send"]
    assert trace["parts"][1]["parentId"] == trace["parts"][0]["spanId"]
    assert trace["parts"][1]["status"] == "error"
    assert (await telemetry.call("traces", asked_traces(words="API/CHAT", failed=True)))["traces"]
    assert not (await telemetry.call("traces", asked_traces(words="/fn")))["traces"]
    with pytest.raises(NotFound):
        await telemetry.call("trace", {"traceId": "0" * 32})


def asked_traces(**more: Any) -> dict[str, Any]:
    asked = {"limit": 10, "failed": False, "slowest": False, "words": "", "kind": "", "sinceMs": 0}
    return {**asked, **more}


async def test_one_trace_cannot_fill_the_store(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    recorder = Recorder()
    here = Observer(recorder, clock, share=1.0)
    root = here.begin()
    for _ in range(3):
        for _ in range(250):
            begun = here.begin()
            here.leave(begun)
            here.call(begun, agent="task-agent", method="ping")
        await telemetry.tell(recorder)
    here.leave(root)

    (line,) = (await telemetry.call("traces", asked_traces()))["traces"]

    assert line["spans"] == MOST_SPANS_OF_ONE
    lost = read_tally((await telemetry.call("totals"))["tally"]).get((metric.LOST, "spans"))
    assert lost is not None and lost.total == 750 - MOST_SPANS_OF_ONE


async def test_the_tail_gives_what_is_new_and_keeps_the_newest(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    recorder = Recorder()
    here = Observer(recorder, clock, share=0.0)
    for _ in range(KEPT_LINES // 100 + 2):
        for _ in range(100):
            begun = here.begin()
            here.leave(begun)
            here.request(begun, method="GET", route="/x", status=200, request_id="req_12345678")
        await telemetry.tell(recorder)
    clock.advance(seconds=700)

    lines = (await telemetry.call("tail", {"since": 0, "limit": 500}))["lines"]
    newest = lines[-1]["number"]

    assert len(lines) == 500
    assert not (await telemetry.call("tail", {"since": newest, "limit": 500}))["lines"]
    everything = (await telemetry.call("tail", {"since": 0, "limit": 5_000}))["lines"]
    assert len(everything) == KEPT_LINES


async def test_the_newest_note_of_a_subject_is_told(
    telemetry: TelemetryObject, clock: ManualClock
) -> None:
    recorder = Recorder()
    here = Observer(recorder, clock, share=0.0)
    here.model(model="@cf/a", begun_ms=clock.now_ms(), breaker="closed", input_tokens=5)
    here.model(model="@cf/a", begun_ms=clock.now_ms(), breaker="open", code="model_unavailable")
    await telemetry.tell(recorder)

    notes = (await telemetry.call("notes"))["notes"]

    assert notes["model @cf/a"]["breaker"] == "open"
    assert notes["model @cf/a"]["outcome"] == "failed"


async def test_an_unknown_method_is_an_envelope_with_an_error(telemetry: TelemetryObject) -> None:
    with pytest.raises(NotFound):
        result_of(await telemetry.contents.answer(Call(method="nothing").text()))


def test_prometheus_reads_what_is_exposed() -> None:
    tally = Tally()
    for milliseconds in (0.5, 3, 3, 70, 1e9):
        tally.time(CHAT, milliseconds)
    strange = 'a "quoted" \\ back\nslash'
    tally.count((metric.ERRORS, strange), 2)
    tally.count((metric.CREDITS, "task-agent"), 0.25)
    gauges = [("littoral_dependency_up", "Up.", [({"dependency": "database"}, 1.0)])]

    text = exposition(tally, gauges)
    families = {each.name: each for each in text_string_to_metric_families(text)}

    http = families["littoral_http_request_duration_seconds"]
    assert http.type == "histogram"
    buckets = {
        sample.labels["le"]: sample.value
        for sample in http.samples
        if sample.name.endswith("_bucket")
    }
    assert (buckets["0.001"], buckets["0.005"], buckets["0.075"]) == (1, 3, 4)
    assert buckets["+Inf"] == 5
    assert list(buckets.values()) == sorted(buckets.values())
    sums = {sample.name: sample.value for sample in http.samples}
    assert sums["littoral_http_request_duration_seconds_count"] == 5
    assert sums["littoral_http_request_duration_seconds_sum"] == pytest.approx(1_000_000.0765)
    (errors,) = families["littoral_errors"].samples
    assert (errors.name, errors.labels["code"], errors.value) == (
        "littoral_errors_total",
        strange,
        2,
    )
    assert families["littoral_credits"].samples[0].value == 0.25
    assert families["littoral_dependency_up"].type == "gauge"


def test_every_metric_has_a_name_that_prometheus_takes() -> None:
    tally = Tally()
    for each in metric.METRICS.values():
        series = (each.key, *("x" for _ in each.labels))
        if each.kind == "duration":
            tally.time(series, 5)
        else:
            tally.count(series)

    families = list(text_string_to_metric_families(exposition(tally)))

    assert len(families) == len(metric.METRICS)
    assert all(each.documentation for each in families)


def test_counts_with_more_buckets_than_ours_are_cut() -> None:
    rows = [[list(CHAT), 1, 1.0, [1] * 99], [["strange", "x"], 1, 1, []], [[], 1, 1, []]]

    tally = read_tally(rows)

    assert len(tally) == 1
    found = tally.get(CHAT)
    assert found is not None and len(found.buckets) == len(metric.BOUNDS_MS) + 1
    total = Count()
    total.add(found)
    total.add(found)
    assert total.count == 2


def test_alert_rules_name_metrics_that_there_are() -> None:
    rules = (project.ROOT / "docs" / "alerts.yml").read_text(encoding="utf-8")
    expressions = "\n".join(line for line in rules.splitlines() if "summary:" not in line)
    known = {each.name for each in metric.METRICS.values()} | {"littoral_dependency_up"}

    named = set(re.findall(r"\blittoral_[a-z_]+", expressions)) - {"littoral_metrics_token"}

    assert named
    assert {re.sub(r"_(count|bucket|sum)$", "", each) for each in named} <= known
