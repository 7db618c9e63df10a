"""Python and JavaScript call the frames of the socket by the same names."""

from _lib import project
from tests.fitness.rules.wire import differences

PYTHON = (
    'STATE: Final = "cf_agent_state"\nCHAT_CLEAR: Final = "clear"\n'
    'HEARTBEAT_REQUEST: Final = "ping"\n'
)
JAVASCRIPT = (
    'export const FRAME = Object.freeze({\n  state: "cf_agent_state",\n  chatClear: "clear",\n});\n'
    'export const PING = "ping";\n'
)


def test_both_sides_have_the_same_names() -> None:
    python = (project.ROOT / "src" / "littoral" / "wire.py").read_text(encoding="utf-8")
    javascript = (project.ROOT / "public" / "js" / "wire.js").read_text(encoding="utf-8")

    assert differences(python, javascript) == []


def test_equal_samples_do_not_differ() -> None:
    assert differences(PYTHON, JAVASCRIPT) == []


def test_another_value_and_a_missing_name_are_found() -> None:
    other = JAVASCRIPT.replace('"clear"', '"clean"').replace('  state: "cf_agent_state",\n', "")

    assert differences(PYTHON, other) == [
        "chatClear: 'clear' in Python, 'clean' in JavaScript",
        "state: 'cf_agent_state' in Python, None in JavaScript",
    ]
