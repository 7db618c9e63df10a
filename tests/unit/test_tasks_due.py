"""Due dates in words. It is Saturday 21 November 2026, ten in the morning in Berlin."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.errors import InvalidInput
from littoral.tasks import due

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def ms(text: str, zone: tzinfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


NOW = ms("2026-11-21T10:00")


def read(text: str, now_ms: int = NOW, zone: tzinfo = BERLIN) -> str:
    """The due moment as local ISO, with the time only where one was meant, and the recurrence."""
    found = due.parse(text, now_ms, zone)
    local = datetime.fromtimestamp(found.at_ms / 1000, zone)
    shown = local.strftime("%Y-%m-%dT%H:%M" if found.has_time else "%Y-%m-%d")
    return f"{shown} {found.recurrence}" if found.recurrence else shown


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("today", "2026-11-21"),
        ("tomorrow", "2026-11-22"),
        ("tomorrow at 5", "2026-11-22T17:00"),
        ("Tomorrow at 5am", "2026-11-22T05:00"),
        ("tomorrow 17:00", "2026-11-22T17:00"),
        ("tomorrow, at noon", "2026-11-22T12:00"),
        ("tomorrow morning", "2026-11-22T09:00"),
        ("tomorrow evening at 8", "2026-11-22T20:00"),
        ("tomorrow at 8 in the evening", "2026-11-22T20:00"),
        ("tomorrow at five", "2026-11-22T17:00"),
        ("the day after tomorrow", "2026-11-23"),
        ("tonight", "2026-11-21T20:00"),
        ("tonight at 9", "2026-11-21T21:00"),
        ("this evening", "2026-11-21T19:00"),
        ("in the morning", "2026-11-22T09:00"),
        ("friday", "2026-11-27"),
        ("by Friday", "2026-11-27"),
        ("fri 9am", "2026-11-27T09:00"),
        ("next friday", "2026-11-27"),
        ("saturday", "2026-11-28"),
        ("this saturday", "2026-11-21"),
        ("saturday at 11", "2026-11-21T11:00"),
        ("saturday at 9am", "2026-11-28T09:00"),
        ("monday next week", "2026-11-23"),
        ("next week", "2026-11-23"),
        ("next month", "2026-12-01"),
        ("next year", "2027-01-01"),
        ("this weekend", "2026-11-21"),
        ("end of month", "2026-11-30"),
        ("by the end of next month", "2026-12-31"),
        ("eod", "2026-11-21"),
        ("in 2 hours", "2026-11-21T12:00"),
        ("in half an hour", "2026-11-21T10:30"),
        ("in an hour and a half", "2026-11-21T11:30"),
        ("in 1 hour and 20 minutes", "2026-11-21T11:20"),
        ("30 minutes from now", "2026-11-21T10:30"),
        ("in 30m", "2026-11-21T10:30"),
        ("in 3 days", "2026-11-24"),
        ("in 3 days at 5", "2026-11-24T17:00"),
        ("in a couple of weeks", "2026-12-05"),
        ("in 3 months", "2027-02-21"),
        ("a week from today", "2026-11-28"),
        ("on 3 March at 17:30", "2027-03-03T17:30"),
        ("3rd of March 2028", "2028-03-03"),
        ("March 3, 2028", "2028-03-03"),
        ("first of December", "2026-12-01"),
        ("Dec 24 at 6 pm", "2026-12-24T18:00"),
        ("29 February", "2028-02-29"),
        ("on the 15th at noon", "2026-12-15T12:00"),
        ("Friday, November 27th at 5pm", "2026-11-27T17:00"),
        ("this coming friday", "2026-11-27"),
        ("next week friday", "2026-11-27"),
        ("a week from friday", "2026-12-04"),
        ("two weeks from tomorrow", "2026-12-06"),
        ("EOD friday", "2026-11-27"),
        ("by the end of day tomorrow", "2026-11-22"),
        ("end of november", "2026-11-30"),
        ("beginning of October", "2027-10-01"),
        ("later today", "2026-11-21"),
        ("sometime next week", "2026-11-23"),
        ("around 5pm", "2026-11-21T17:00"),
        ("2026/12/24", "2026-12-24"),
        ("the 30th", "2026-11-30"),
        ("2026-12-24", "2026-12-24"),
        ("2026-12-24 17:00", "2026-12-24T17:00"),
        ("2026-12-24T17:00", "2026-12-24T17:00"),
        ("2026-12-24T17:00Z", "2026-12-24T18:00"),
        ("2026-12-24T17:00:30.500-05:00", "2026-12-24T23:00"),
        ("24.12.", "2026-12-24"),
        ("24.12. at 5", "2026-12-24T17:00"),
        ("24.12.2027", "2027-12-24"),
        ("12/24/2026", "2026-12-24"),
        ("3/4/2027", "2027-04-03"),
        ("at 5", "2026-11-21T17:00"),
        ("at 11", "2026-11-21T11:00"),
        ("at 9", "2026-11-21T21:00"),
        ("9am", "2026-11-22T09:00"),
        ("5:30 p.m.", "2026-11-21T17:30"),
        ("5 o'clock", "2026-11-21T17:00"),
        ("half past 5", "2026-11-21T17:30"),
        ("quarter to 6", "2026-11-21T17:45"),
        ("05:30", "2026-11-22T05:30"),
        ("midnight", "2026-11-21T23:59"),
        ("friday midnight", "2026-11-27T23:59"),
    ],
)
def test_the_words_mean(words: str, meant: str) -> None:
    assert read(words) == meant


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("every day", "2026-11-21 daily"),
        ("daily at 8", "2026-11-22T08:00 daily"),
        ("every morning", "2026-11-22T09:00 daily"),
        ("every weekday at 7:30", "2026-11-23T07:30 weekdays"),
        ("every monday at 9", "2026-11-23T09:00 every monday"),
        ("on mondays", "2026-11-23 every monday"),
        ("every mon, wed and fri at 6pm", "2026-11-23T18:00 every monday, wednesday, friday"),
        ("every week on tuesday", "2026-11-24 weekly"),
        ("every other week", "2026-11-21 every 2 weeks"),
        ("every 3 days starting tomorrow", "2026-11-22 every 3 days"),
        ("monthly on the 31st", "2026-11-30 monthly"),
        ("every 15th", "2026-12-15 monthly"),
        ("on the 1st of every month", "2026-12-01 monthly"),
        ("the last day of each month at noon", "2026-11-30T12:00 monthly"),
        ("mondays and wednesdays at 7pm", "2026-11-23T19:00 every monday, wednesday"),
        ("once a week on friday", "2026-11-27 weekly"),
        ("every quarter", "2026-11-21 every 3 months"),
        ("every last day of the month", "2026-11-30 monthly"),
        ("every year on 3 March", "2027-03-03 yearly"),
    ],
)
def test_a_repetition_has_a_first_date_and_a_rule(words: str, meant: str) -> None:
    assert read(words) == meant


@pytest.mark.parametrize(
    ("words", "now", "meant"),
    [
        ("tonight", "2026-11-21T21:30", "2026-11-21T23:59"),
        ("tonight at 1", "2026-11-21T21:30", "2026-11-22T01:00"),
        ("at 5", "2026-11-21T18:00", "2026-11-22T17:00"),
        ("at 7", "2026-11-21T15:00", "2026-11-21T19:00"),
        ("at 7", "2026-11-21T06:00", "2026-11-21T07:00"),
        ("friday", "2026-11-27T10:00", "2026-12-04"),
        ("friday at 5", "2026-11-27T10:00", "2026-11-27T17:00"),
        ("friday at 5", "2026-11-27T18:00", "2026-12-04T17:00"),
        ("next friday", "2026-11-23T10:00", "2026-12-04"),
        ("end of month", "2026-11-30T23:00", "2026-11-30"),
        ("3 March", "2027-03-04T00:30", "2028-03-03"),
    ],
)
def test_the_time_of_day_decides_between_readings(words: str, now: str, meant: str) -> None:
    assert read(words, ms(now)) == meant


def test_a_monthly_rule_remembers_the_day_that_was_named() -> None:
    assert due.parse("every 31st", NOW, BERLIN).anchor_day == 31


@pytest.mark.parametrize(
    "words", ["yesterday", "today at 5am", "2020-01-01", "2026-11-21T09:59", "today at 10:00 am"]
)
def test_the_past_is_refused_where_the_words_cannot_mean_the_future(words: str) -> None:
    with pytest.raises(InvalidInput, match="is in the past"):
        read(words)


@pytest.mark.parametrize("words", ["in 9999 years", "in 101 years", "9998-01-01", "in 9999 months"])
def test_a_date_beyond_a_human_life_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="more than 100 years"):
        read(words)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "31 April", "30 February", "at 25", "17:61", "2026-13-01", "5", "every", "on",
     "tomorrow or friday", "13pm", "0pm", "hourly",
        "24.12",
        "every first monday of the month", "tomorrow tomorrow", "x" * 5000, "at at 5 at"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_examples(words: str) -> None:
    with pytest.raises(InvalidInput, match=r"is not understood\. Try 'tomorrow at 17:00'"):
        read(words)


def test_a_wall_clock_time_stays_across_the_end_of_daylight_saving() -> None:
    saturday = ms("2026-10-24T18:00")
    assert read("tomorrow at 17:00", saturday) == "2026-10-25T17:00"
    assert due.parse("tomorrow at 17:00", saturday, BERLIN).at_ms - saturday == 24 * 3_600_000


def test_in_24_hours_is_a_span_of_time_across_the_end_of_daylight_saving() -> None:
    assert read("in 24 hours", ms("2026-10-24T18:00")) == "2026-10-25T17:00"


def test_a_time_that_daylight_saving_skips_moves_forward() -> None:
    assert read("28 March 2027 at 02:30") == "2027-03-28T03:30"


def test_a_time_that_comes_twice_means_the_first() -> None:
    found = due.parse("31 October 2027 at 02:30", NOW, BERLIN)
    assert datetime.fromtimestamp(found.at_ms / 1000, UTC).hour == 0


def test_today_is_the_day_of_the_user_and_not_that_of_the_server() -> None:
    late = ms("2026-11-21T03:00", UTC)
    assert read("tomorrow", late, NEW_YORK) == "2026-11-21"


@pytest.mark.parametrize(
    ("sentence", "title", "words"),
    [
        ("Buy milk tomorrow at 5", "Buy milk", "tomorrow at 5"),
        ("Buy milk, tomorrow", "Buy milk", "tomorrow"),
        ("Buy milk (tomorrow)", "Buy milk", "tomorrow"),
        ("Tomorrow call Bob", "call Bob", "Tomorrow"),
        ("in 2 hours call Bob", "call Bob", "in 2 hours"),
        ("5pm call Bob", "call Bob", "5pm"),
        ("call Bob tomorrow about the rent", "call Bob about the rent", "tomorrow"),
        ("call Bob fri 9am", "call Bob", "fri 9am"),
        ("meet Ann at 5", "meet Ann", "at 5"),
        ("Submit by friday", "Submit", "by friday"),
        ("Prepare slides for tomorrow", "Prepare slides", "for tomorrow"),
        ("pay rent every month on the 1st", "pay rent", "every month on the 1st"),
        ("Take vitamins daily", "Take vitamins", "daily"),
        ("牛乳を買う tomorrow", "牛乳を買う", "tomorrow"),
    ],
)
def test_the_phrase_is_found_and_the_rest_is_the_title(
    sentence: str, title: str, words: str
) -> None:
    phrase = due.find(sentence)
    assert phrase is not None
    assert (phrase.text, due.without(sentence, phrase)) == (words, title)


@pytest.mark.parametrize(
    "title",
    [
        "Buy 2 cans of May Flowers",
        "Find out what broke yesterday",
        "Review report of 2025-01-01",
        "Answer mail from 3 March",
        "Support systems before 10.4",
        "Install version 2.1.17",
        "Version 3.1, as published",
        "Count from 0 to 9",
        "Wait until the first",
        "Bake for 4h",
        "Watch Friday Night Lights",
        "Watch Sun set",
        "enjoy the sun",
        "Friday drinks with Ann",
        "Write weekly report",
        'Read "The Day After Tomorrow"',
        "email May",
        "look at 5 houses",
        "dinner tomorrow at 5 Main Street",
        "Plan the weekend",
        "Run at night",
        "Ship v1.2",
        "Buy 12/24 pack",
        "Score 3/4",
        "Order second monitor",
        "buy sunday roast",
        "do 30 minutes of yoga",
        "Read for 2 hours",
        "Watch 24",
        "visit 5 March street",
        "tomorrow",
        "",
    ],
)
def test_a_name_that_looks_like_a_date_stays_in_the_title(title: str) -> None:
    assert due.find(title) is None


_WORDS = st.sampled_from(
    (
        "every day at 5 5pm on the 1st of march next friday mon and in 2 hours a half past to noon "
        'tomorrow tonight morning end month 2026-12-24 24.12. 12/24 from now , . " couple'
    ).split(" ")
)


@given(st.lists(_WORDS, max_size=14).map(" ".join), st.sampled_from([BERLIN, NEW_YORK, UTC]))
def test_any_words_give_a_future_moment_or_a_refusal(text: str, zone: tzinfo) -> None:
    try:
        found = due.parse(text, NOW, zone)
    except InvalidInput:
        return
    midnight = datetime.fromtimestamp(NOW / 1000, zone).replace(hour=0, minute=0)
    assert found.at_ms > (NOW if found.has_time else midnight.timestamp() * 1000 - 1)


@given(st.text(max_size=300))
def test_any_text_is_searched_without_an_error_and_a_span_lies_within_it(text: str) -> None:
    phrase = due.find(text)
    assert phrase is None or text[phrase.start : phrase.end] == phrase.text != ""


@given(st.lists(_WORDS, max_size=20).map(" ".join))
def test_a_phrase_that_is_found_can_be_parsed_by_itself(text: str) -> None:
    phrase = due.find(text)
    if phrase is not None:
        try:
            due.parse(phrase.text, NOW, BERLIN)
        except InvalidInput as refused:
            assert "understood" not in refused.detail
