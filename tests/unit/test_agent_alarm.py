"""The alarm is set as seldom as possible, and never too late."""

from __future__ import annotations

from littoral.agent.alarm import AlarmClock


class RecordingAlarm:
    """Keeps every time that it was set to."""

    def __init__(self) -> None:
        self.times: list[int] = []

    def set(self, at_ms: int) -> None:
        self.times.append(at_ms)

    async def get(self) -> int | None:
        return self.times[-1] if self.times else None


def test_a_later_time_writes_nothing_and_an_earlier_one_moves_the_alarm():
    alarm = RecordingAlarm()
    clock = AlarmClock(alarm)
    for at_ms in (1_000, 2_000, 1_000, 500):
        clock.at_latest(at_ms)
    assert alarm.times == [1_000, 500]


def test_after_it_rang_it_is_set_again():
    alarm = RecordingAlarm()
    clock = AlarmClock(alarm)
    clock.at_latest(1_000)
    clock.rang()
    clock.at_latest(2_000)
    assert alarm.times == [1_000, 2_000]
