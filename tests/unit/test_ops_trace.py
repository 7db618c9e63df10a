"""W3C Trace Context: what is read, what is passed on, and whose trace is current."""

from __future__ import annotations

import asyncio

import pytest

from littoral.api.envelope import Call, head_of
from littoral.functions.queueing import JobMessage
from littoral.ops.current import current, enter, leave, traceparent
from littoral.ops.observer import OUTSIDERS_A_SECOND, Observer
from littoral.ops.recorder import Recorder
from littoral.ops.trace import Trace
from tests.fakes.clock import ManualClock

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
HEADER = f"00-{TRACE_ID}-b7ad6b7169203331-01"


def observer(share: float = 0.0) -> Observer:
    return Observer(Recorder(), ManualClock(), share=share)


def test_a_header_is_read_and_written_as_it_came() -> None:
    trace = Trace.read(HEADER)

    assert trace == Trace(trace_id=TRACE_ID, span_id="b7ad6b7169203331", sampled=True)
    assert trace.header() == HEADER


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        HEADER.upper(),
        f"ff-{TRACE_ID}-b7ad6b7169203331-01",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"{HEADER}-more",
        f"00-{TRACE_ID}-b7ad6b7169203331-0",
        f"00-{TRACE_ID[:-1]}g-b7ad6b7169203331-01",
        HEADER * 9,
        "\x00" * 55,
    ],
)
def test_a_header_that_is_none_is_as_if_there_were_none(header: str | None) -> None:
    assert Trace.read(header) is None


def test_a_later_version_may_say_more_after_what_is_known() -> None:
    trace = Trace.read(f"01-{TRACE_ID}-b7ad6b7169203331-03-what.is.new")

    assert trace is not None
    assert trace.header() == HEADER


def test_what_we_passed_on_ourselves_is_read_alike() -> None:
    for sampled in (True, False):
        trace = Trace.begin(1.0)._replace(sampled=sampled)
        assert Trace.of_ours(trace.header()) == Trace.read(trace.header()) == trace
    assert Trace.of_ours("") is None
    assert Trace.of_ours("nothing that was ever passed on") is None


def test_a_child_stays_in_the_trace_and_has_a_place_of_its_own() -> None:
    trace = Trace.begin(1.0)
    child = trace.child()

    assert (child.trace_id, child.sampled) == (trace.trace_id, True)
    assert child.span_id != trace.span_id
    assert Trace.read(child.header()) == child


def test_as_many_new_traces_are_sampled_as_the_share_says() -> None:
    sampled = sum(Trace.begin(0.25).sampled for _ in range(4_000))

    assert 800 < sampled < 1_200
    assert not any(Trace.begin(0.0).sampled for _ in range(100))
    assert all(Trace.begin(1.0).sampled for _ in range(100))


def test_a_call_carries_the_trace_in_which_it_is_made() -> None:
    token = enter(Trace.read(HEADER))
    call = Call(method="job.work", args={"method": "other", "trace": "no"})
    leave(token)

    assert Call.read(call.text()).trace == HEADER
    assert head_of(call.text()) == ("job.work", HEADER)
    assert Call(method="ping").trace == traceparent() == ""


def test_a_text_that_is_no_call_has_no_head() -> None:
    assert head_of('{"method":"x\\"y","trace":""}') == ("", "")
    assert head_of("not JSON") == ("", "")


def test_a_message_of_an_older_version_has_no_trace() -> None:
    message = JobMessage(owner="o", job_id="j", trace=HEADER)

    assert JobMessage.read(message.text()) == message
    assert JobMessage.read('{"owner":"o","jobId":"j"}') == JobMessage(owner="o", job_id="j")


def test_work_within_work_belongs_to_it() -> None:
    here = observer()
    outer = here.begin(HEADER, outside=True)
    inner = here.begin()

    assert outer.parent_id == "b7ad6b7169203331"
    assert inner.parent_id == outer.place.span_id
    assert current() == inner.place
    here.leave(inner)
    assert current() == outer.place
    here.leave(outer)
    assert current() is None


async def test_tasks_that_run_side_by_side_keep_their_own_traces() -> None:
    here = observer()

    async def work() -> tuple[str, str]:
        begun = here.begin()
        await asyncio.sleep(0)
        inside = await asyncio.get_running_loop().create_task(passing_on())
        here.leave(begun)
        return begun.place.trace_id, inside

    async def passing_on() -> str:
        await asyncio.sleep(0)
        return traceparent()

    found = await asyncio.gather(*(work() for _ in range(20)))

    assert len({trace_id for trace_id, _ in found}) == 20
    assert all(trace_id in inside for trace_id, inside in found)


def test_strangers_who_ask_for_sampling_are_obeyed_so_often_in_a_second() -> None:
    clock = ManualClock()
    here = Observer(Recorder(), clock, share=0.0)

    def sampled() -> int:
        begun = [here.begin(HEADER, outside=True) for _ in range(OUTSIDERS_A_SECOND + 5)]
        for each in reversed(begun):
            here.leave(each)
        return sum(each.place.sampled for each in begun)

    assert sampled() == OUTSIDERS_A_SECOND
    assert sampled() == 0
    clock.advance(seconds=1)
    assert sampled() == OUTSIDERS_A_SECOND
