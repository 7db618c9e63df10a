"""Turns of accounts: reserved, settled, given back; whatever fails or is killed in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, result_of
from littoral.credits.audit import audit, totals
from littoral.credits.ledger import Balance
from littoral.credits.prices import of_tokens
from littoral.errors import DependencyUnavailable, InsufficientCredits
from littoral.models.breaker import Breaker
from littoral.models.chain import Link, ModelChain
from littoral.models.offline import OFFLINE, OfflineModel
from littoral.settings import Settings
from littoral.task_agent.charging import GIVE_UP_AFTER_MS, LOOK_AFTER_MS
from littoral.task_agent.doors import SessionDoors
from littoral.task_agent.session import Place, TaskSession
from littoral.tasks.skill import TaskSkill
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase, ledger_of
from tests.fakes.scripted_model import ScriptedModel, calls, words
from tests.fakes.sqlite import Sqlite
from tests.unit.test_agent_alarm import RecordingAlarm

PRICED = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
PAYER = "usr_a.key_1"


class Shop:
    """One life of a session that an account uses; ``killed`` gives the next on the same rows."""

    def __init__(self, *scenes: Any, model: str = PRICED, earlier: Shop | None = None) -> None:
        self.sql = earlier.sql if earlier else Sqlite()
        self.clock = earlier.clock if earlier else ManualClock()
        self.database = earlier.database if earlier else FakeDatabase()
        self.ids = earlier.ids if earlier else CountingIds()
        self.ledger = ledger_of(self.database, self.clock)
        self.scripted = ScriptedModel(*scenes, name=model)
        self.tasks: list[asyncio.Task[Any]] = []
        self._model = model
        place = Place(
            owner="own_1",
            session_id="ses_1",
            sql=self.sql,
            connections=FakeConnections(),
            alarm=AlarmClock(RecordingAlarm()),
            spawn=self._spawn,
            tell_directory=self._tell,
            till=self.ledger,
        )
        self.session = TaskSession(
            place,
            settings=Settings(default_model=model),
            model=self._chain(),
            clock=self.clock,
            ids=self.ids,
        )
        self.session.on_start()
        self.doors = SessionDoors(self.session)

    def _chain(self) -> ModelChain:
        offline = OfflineModel((TaskSkill(),), ids=self.ids)
        models = {self._model: self.scripted} if self._model != OFFLINE else {}
        links = [
            Link(id=name, model=model, breaker=Breaker(self.clock))
            for name, model in {**models, OFFLINE: offline}.items()
        ]
        return ModelChain(
            links,
            clock=self.clock,
            random=lambda: 0.5,
            sleep=lambda _seconds: asyncio.sleep(0),
        )

    def killed(self, *scenes: Any) -> Shop:
        for task in self.tasks:
            task.cancel()
        return Shop(*scenes, model=self._model, earlier=self)

    async def send(self, text: str, payer: str = PAYER, **more: Any) -> dict[str, Any]:
        call = Call(
            method="chat.send",
            args={"message": text, "create": True, **more},
            owner="own_1",
            session_id="ses_1",
            payer=payer,
        )
        answer: dict[str, Any] = result_of(await self.doors.calls.answer(call.text()))
        await self.settle()
        return answer

    async def until_asked(self) -> None:
        """Lets others run until the model is asked (a bounded number of rounds)."""
        for _ in range(1_000):
            if self.scripted.requests:
                return
            await asyncio.sleep(0)
        raise AssertionError("the model was never asked")

    async def settle(self) -> None:
        while waiting := [task for task in self.tasks if not task.done()]:
            await asyncio.wait(waiting)

    async def later(self, milliseconds: int = LOOK_AFTER_MS) -> None:
        """Time passes and the alarm rings."""
        self.clock.at_ms += milliseconds
        await self.session.on_alarm()
        await self.settle()

    async def usage(self) -> list[tuple[Any, ...]]:
        return await self.database.rows("SELECT kind, model, cost, outcome FROM usage ORDER BY ref")

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            await work()

        self.tasks.append(asyncio.get_running_loop().create_task(run()))

    async def _tell(self, method: str, arguments: dict[str, Any]) -> Any:
        return None


def cost(tokens_in: int, tokens_out: int) -> int:
    return of_tokens(PRICED, tokens_in, tokens_out)


async def test_a_turn_is_charged_for_what_it_used():
    shop = Shop(words("Hello", tokens=1_000))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")

    answer = await shop.send("What do you say?")

    charged = cost(10, 1_000)
    assert answer["credits"] == charged / 1_000
    assert await shop.ledger.balance("usr_a") == Balance(available=5_000 - charged, reserved=0)
    assert await shop.usage() == [("chat.turn", PRICED, charged, "completed")]
    assert await audit(shop.database) == []


async def test_the_steps_of_a_turn_are_charged_together_with_one_usage():
    shop = Shop(calls(("add_tasks", {"tasks": [{"title": "Buy milk"}]})), words("Added."))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")

    await shop.send("Would you please put milk on it")

    assert [row[2] for row in await shop.usage()] == [2 * cost(10, 5)]
    assert await audit(shop.database) == []


async def test_without_credits_no_model_is_asked():
    shop = Shop(words("never"))

    with pytest.raises(InsufficientCredits, match=r"you have 0\."):
        await shop.send("What do you say?")

    assert shop.scripted.requests == []
    assert shop.session.jobs.named("charge") == []


async def test_without_credits_a_command_is_carried_out_for_nothing_and_says_so():
    shop = Shop(words("never"))

    answer = await shop.send("Add task: Buy milk")

    assert [each["title"] for each in answer["tasks"]] == ["Buy milk"]
    assert answer["degraded"] is True
    assert "No model was asked" in answer["degradedReason"]
    assert shop.scripted.requests == []
    await shop.later()
    assert await shop.usage() == [("chat.turn", OFFLINE, 0, "completed")]
    assert await audit(shop.database) == []


async def test_when_the_ledger_does_not_answer_no_model_is_asked():
    shop = Shop(words("never"))
    shop.database.down = True

    with pytest.raises(DependencyUnavailable):
        await shop.send("What do you say?")

    assert shop.scripted.requests == []


async def test_a_reservation_whose_answer_was_lost_is_given_back():
    shop = Shop(words("never"))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    shop.database.lose_answers = 1

    with pytest.raises(DependencyUnavailable):
        await shop.send("What do you say?")

    await shop.later()
    assert await shop.ledger.balance("usr_a") == Balance(available=5_000, reserved=0)
    assert shop.session.jobs.named("charge") == []
    assert await audit(shop.database) == []


async def test_a_settlement_that_fails_is_made_later_also_when_the_answer_was_replaced():
    shop = Shop(words("Hello", tokens=1_000))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    turn = shop.doors.calls.accept({"message": "What?", "create": True}, PAYER)
    answering = asyncio.create_task(shop.doors.calls.finish(turn))
    await shop.until_asked()
    shop.database.down = True
    await answering
    await shop.settle()
    shop.database.down = False
    shop.scripted.scenes.append(words("Again", tokens=500))
    again = shop.session.conversation.restart(
        turn, request_id="req_again", options={"payer": PAYER}
    )
    await shop.session.conversation.answer(again)
    await shop.settle()

    await shop.later()

    charged = cost(10, 1_000) + cost(10, 500)
    assert (await totals(shop.database)).used == charged
    assert await shop.ledger.balance("usr_a") == Balance(available=5_000 - charged, reserved=0)
    assert await audit(shop.database) == []


async def test_a_turn_that_is_killed_while_the_model_speaks_is_charged_once():
    held = asyncio.Event()
    shop = Shop([*words("Hel")[:-1], held])
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    turn = shop.doors.calls.accept({"message": "What?", "create": True}, PAYER)
    answering = asyncio.create_task(shop.doors.calls.finish(turn))
    shop.tasks.append(answering)
    await shop.until_asked()

    next_life = shop.killed(words("Hello", tokens=1_000))
    await next_life.settle()
    await next_life.later()

    charged = cost(10, 1_000)
    assert await shop.ledger.balance("usr_a") == Balance(available=5_000 - charged, reserved=0)
    assert next_life.session.jobs.named("charge") == []
    assert await audit(shop.database) == []


@pytest.mark.parametrize("calls_that_arrive", range(3))
async def test_a_kill_between_any_two_calls_of_the_ledger_loses_nothing(calls_that_arrive: int):
    shop = Shop(words("Hello", tokens=1_000))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    dead = asyncio.Event()
    seen = 0

    async def pause() -> None:
        nonlocal seen
        seen += 1
        if seen > calls_that_arrive:
            await dead.wait()

    shop.database.pause = pause
    turn = shop.doors.calls.accept({"message": "What?", "create": True}, PAYER)
    shop.tasks.append(asyncio.create_task(shop.doors.calls.finish(turn)))
    for _ in range(200):
        await asyncio.sleep(0)
    shop.database.pause = None

    next_life = shop.killed(words("Hello", tokens=1_000))
    await next_life.settle()
    await next_life.later()
    await next_life.later()

    charged = cost(10, 1_000)
    assert await shop.ledger.balance("usr_a") == Balance(available=5_000 - charged, reserved=0)
    assert [row[2] for row in await next_life.usage()] == [charged]
    assert await audit(shop.database) == []


async def test_an_answer_that_is_stopped_is_charged_for_what_was_read_and_said():
    held = asyncio.Event()
    shop = Shop([*words("|".join(["Hello"] * 400))[:-1], held])
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    turn = shop.doors.calls.accept({"message": "What?", "create": True}, PAYER)
    answering = asyncio.create_task(shop.doors.calls.finish(turn))
    await shop.until_asked()
    for _ in range(20):
        await asyncio.sleep(0)
    assert shop.session.conversation.cancel(turn.request_id)
    assert (await answering)["outcome"] == "cancelled"
    await shop.settle()

    ((_, model, charged, outcome),) = await shop.usage()
    assert (model, outcome) == (PRICED, "cancelled")
    assert charged > cost(0, 500)
    assert (await shop.ledger.balance("usr_a")).reserved == 0
    assert await audit(shop.database) == []


async def test_a_repeated_message_is_charged_once():
    shop = Shop(words("Hello", tokens=1_000))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    for _ in range(3):
        await shop.send("What do you say?", idempotencyKey="same")

    assert len(await shop.usage()) == 1
    assert await audit(shop.database) == []


async def test_a_session_that_is_deleted_leaves_no_credits_behind():
    held = asyncio.Event()
    shop = Shop([*words("Hel")[:-1], held])
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    turn = shop.doors.calls.accept({"message": "What?", "create": True}, PAYER)
    shop.tasks.append(asyncio.create_task(shop.doors.calls.finish(turn)))
    await shop.until_asked()

    await shop.session.conversation.clear()
    shop.session.erase()
    await shop.settle()
    await shop.later()

    assert (await shop.ledger.balance("usr_a")).reserved == 0
    assert shop.session.jobs.named("charge") == []
    assert await audit(shop.database) == []


async def test_a_charge_is_given_up_after_a_day_and_left_to_the_audit():
    shop = Shop(words("Hello"))
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    turn = shop.doors.calls.accept({"message": "What?", "create": True}, PAYER)
    answering = asyncio.create_task(shop.doors.calls.finish(turn))
    await shop.until_asked()
    shop.database.down = True
    await answering
    await shop.settle()
    await shop.later()
    assert len(shop.session.jobs.named("charge")) == 1
    await shop.later(GIVE_UP_AFTER_MS)
    for _ in range(5):
        await shop.later(3_600_000)
    assert shop.session.jobs.named("charge") == []


async def test_free_turns_are_reported_together_and_ask_nothing_of_the_ledger():
    shop = Shop(model=OFFLINE)
    await shop.send("Add task: Buy milk")
    before, calls_before = shop.sql.rows_written, shop.database.calls

    await shop.send("complete task 1")
    await shop.send("What do you say?")

    assert shop.database.calls == calls_before == 0
    assert shop.session.jobs.named("usage")[0].payload["from"] == 1
    assert len(shop.session.jobs.named("usage")) == 1
    assert before < shop.sql.rows_written
    await shop.later()
    assert shop.database.calls == 1
    assert [row[:3] for row in await shop.usage()] == [("chat.turn", OFFLINE, 0)] * 3


async def test_a_report_that_is_made_twice_counts_once():
    shop = Shop(model=OFFLINE)
    await shop.send("Add task: Buy milk")
    shop.database.lose_answers = 1
    await shop.later()
    await shop.send("complete task 1")
    await shop.later()
    assert len(await shop.usage()) == 2
    assert await audit(shop.database) == []


async def test_a_guests_turn_is_nobodys_usage():
    shop = Shop(words("Hello"))
    answer = await shop.send("What do you say?", payer="")
    await shop.later()
    assert "credits" not in answer
    assert (shop.database.calls, await shop.usage()) == (0, [])
    assert shop.session.jobs.named("usage") == shop.session.jobs.named("charge") == []


async def test_a_model_that_fails_costs_nothing():
    shop = Shop()
    await shop.ledger.grant("usr_a", 5_000, ref="welcome")
    await shop.send("What do you say?")
    assert await shop.ledger.balance("usr_a") == Balance(available=5_000, reserved=0)
    assert [row[1:3] for row in await shop.usage()] == [(OFFLINE, 0)]
