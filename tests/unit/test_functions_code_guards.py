"""What the guards around a Python function hold back, and what they let through unchanged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from littoral.functions.code.guest.session import Session

LIMITS = {
    "steps": 200_000,
    "seconds": 10,
    "memoryBytes": 64 * 2**20,
    "resultBytes": 10_000,
    "stdoutBytes": 1_000,
}


def called(source: str, args: Any = None) -> dict[str, Any]:
    asked = {"source": source, "args": args, "limits": LIMITS}
    answer: dict[str, Any] = json.loads(Session().execute(json.dumps(asked)))
    return answer


def body(*lines: str, args: Any = None) -> dict[str, Any]:
    return called("def run(args):\n" + "\n".join(f"    {line}" for line in lines), args)


ENDLESS = {
    "loop": ["while True: pass"],
    "loop that catches": ["while True:", "  try:", "    while True: pass", "  except: pass"],
    "loop in finally": ["try: 1/0", "finally:", "  while True: pass"],
    "suppressed": [
        "import contextlib",
        "while True:",
        "  with contextlib.suppress(BaseException):",
        "    while True: pass",
    ],
    "comprehension": ["return [x for x in iter(int, 1)]"],
    "generator": ["def g():", "  while True: yield 1", "return max(g())"],
    "count": ["import itertools", "return sum(itertools.count())"],
    "cycle": ["from itertools import cycle", "return list(cycle([1]))"],
    "range": ["return sum(range(10**12))"],
    "permutations": ["import itertools", "return len(list(itertools.permutations(range(20))))"],
    "reduce": [
        "import operator, functools",
        "return functools.reduce(operator.mul, range(1, 10**6))",
    ],
    "calls": ["def f(n): return f(n - 1) + f(n - 2) if n > 1 else 1", "return f(60)"],
}


@pytest.mark.parametrize("lines", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_never_ends_is_ended_by_its_steps(lines: list[str]) -> None:
    answer = body(*lines)

    assert answer["reason"] == "steps"
    assert answer["result"] is None


HUGE = {
    "power": ["return 10 ** 10 ** 9"],
    "shift": ["return 1 << 10 ** 10"],
    "list": ["return [0] * 10 ** 10"],
    "list in place": ["x = [0]", "x *= 10 ** 10"],
    "doubling": ["s = 'x'", "while True: s += s"],
    "adding lists": ["a = [1]", "while True: a = a + a"],
    "format": ["return f'{1:>{10 ** 9}}'"],
    "old format": ["return '%1000000000d' % 3"],
    "format method": ["return '{:>1000000000}'.format(3)"],
    "ljust": ["return 'x'.ljust(10 ** 9)"],
    "ljust of the class": ["return str.ljust('x', 10 ** 9)"],
    "ljust held": ["f = getattr('x', 'ljust')", "return 'x'.zfill(10 ** 9)"],
    "replace": ["return ('a' * 10 ** 5).replace('a', 'b' * 10 ** 5)"],
    "join": ["return ('x' * 10 ** 5).join(['y'] * 10 ** 5)"],
    "bytes": ["return len(bytes(10 ** 10))"],
    "factorial": ["import math", "return math.factorial(10 ** 7)"],
    "operator": ["import operator", "return operator.pow(10, 10 ** 9)"],
    "product": ["import itertools", "return list(itertools.product([1], repeat=10 ** 9))"],
}


@pytest.mark.parametrize("lines", HUGE.values(), ids=HUGE.keys())
def test_what_would_be_huge_is_not_made(lines: list[str]) -> None:
    assert body(*lines)["reason"] in ("memory", "steps")


def test_memory_that_grows_in_small_pieces_ends_the_function() -> None:
    sizes = iter(range(0, 10**12, 4 * 2**20))
    source = "def run(args):\n    kept = []\n    while True: kept.append('x')"
    asked = {"source": source, "args": None, "limits": LIMITS}

    answer = json.loads(Session(heap=lambda: next(sizes)).execute(json.dumps(asked)))

    assert answer["reason"] == "memory"


ESCAPES = {
    "classes": "().__class__.__mro__",
    "subclasses": "object.__subclasses__()",
    "globals": "run.__globals__",
    "builtins": "__builtins__",
    "import name": "__import__('os')",
    "frame": "(x for x in ()).gi_frame",
    "guard": "__littoral_tick__()",
}


@pytest.mark.parametrize("expression", ESCAPES.values(), ids=ESCAPES.keys())
def test_ways_into_the_interpreter_are_refused_with_their_line(expression: str) -> None:
    answer = body("x = 1", f"return {expression}")

    assert answer["reason"] == "refused"
    assert answer["error"]["line"] == 3


def test_a_name_built_at_run_time_leads_no_further() -> None:
    answer = body("return getattr(3, '__cl' + 'ass__')")

    assert answer["reason"] == "raised"
    assert "__class__ is not available" in answer["error"]["message"]


@pytest.mark.parametrize("name", ["js", "os", "sys", "pyodide_js", "workers", "socket", "numpy"])
def test_a_module_that_is_not_there_is_told(name: str) -> None:
    answer = body(f"import {name}")

    assert answer["error"]["type"] == "ModuleNotFoundError"
    assert f"there is no module {name} here" in answer["error"]["message"]


def test_modules_hand_out_no_other_modules() -> None:
    assert body("import json", "return json.codecs")["error"]["type"] == "AttributeError"


def test_what_is_no_file_and_no_code_says_so() -> None:
    assert "has no files" in body("return open('x')")["error"]["message"]
    assert "cannot make code" in body("return eval('1')")["error"]["message"]


def test_nothing_of_one_call_is_there_in_the_next() -> None:
    session = Session()
    source = (
        "import math\nseen = []\ndef run(args):\n"
        "    math.pi = 3\n    seen.append(1)\n    return [len(seen), args]"
    )
    asked = {"source": source, "args": 1, "limits": LIMITS}

    answers = [json.loads(session.execute(json.dumps(asked)))["result"] for _ in range(2)]

    assert answers == [[1, 1], [1, 1]]
    assert body("import math", "return math.pi")["result"] == pytest.approx(3.14159, rel=1e-5)


def test_guarded_code_computes_what_plain_code_computes() -> None:
    answer = body(
        "d = {'a': [1, 2], 'n': 5}",
        "d['a'][0:1] += [9]",
        "d['n'] **= 2",
        "d['n'] %= 7",
        "text = ', '.join(str(x * 2) for x in range(3)) + f'{3.14159:.2f}|{\"a\":>3}'",
        "words = sorted('b a'.split(), key=lambda w: w.upper())",
        "x = [1] * 2",
        "x *= 2",
        "return [d, text, words, x, 7 // 2, -7 % 3, 1 << 4, '%s-%03d' % ('a', 7), 2 ** 0.5]",
    )

    assert answer["result"] == [
        {"a": [1, 9, 2], "n": 4},
        "0, 2, 43.14|  a",
        ["a", "b"],
        [1, 1, 1, 1],
        3,
        2,
        16,
        "a-007",
        2**0.5,
    ]


def test_classes_dataclasses_and_matching_work() -> None:
    answer = called(
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Point:\n    x: int\n    y: int = 2\n"
        "    def moved(self):\n        self.x += 1\n        return self\n"
        "def run(args):\n    match args:\n        case {'x': x}: return Point(x).moved()\n",
        {"x": 4},
    )

    assert answer["result"] == {"x": 5, "y": 2}


def test_private_names_and_kinds_of_bytes_are_as_usual() -> None:
    answer = called(
        "class Counter:\n    def __init__(self): self.__n = 0\n"
        "    def more(self):\n        self.__n += 1\n        return self.__n\n"
        "def run(args):\n"
        "    is_bytes = lambda v: isinstance(v, bytes)\n"
        "    return [Counter().more(), is_bytes(b'x'), is_bytes('x'), len(bytes(3))]"
    )

    assert answer["result"] == [1, True, False, 3]


def test_the_result_follows_clear_rules() -> None:
    answer = body(
        "import datetime, decimal",
        "return [datetime.date(2024, 2, 29), decimal.Decimal('1.10'), {3, 1, 2}, (1,), 2 ** 70,",
        "        {1: None, True and 'x': 2}]",
    )

    assert answer["result"] == [
        "2024-02-29",
        "1.10",
        [1, 2, 3],
        [1],
        "1180591620717411303424",
        {"1": None, "x": 2},
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("return float('nan')", "nan has no JSON"),
        ("return [1, b'x']", "result[1]: a bytes has no JSON"),
        ("return lambda: 1", "a function has no JSON"),
        ("a = []; a.append(a); return a", "holds itself"),
        ("return {1: 1, '1': 2}", "two keys become the same text"),
    ],
)
def test_what_has_no_json_is_an_error_that_says_where(line: str, told: str) -> None:
    answer = body(line)

    assert answer["reason"] == "raised"
    assert told in answer["error"]["message"]


def test_an_error_names_the_line_of_the_users_source() -> None:
    answer = called("def half(n):\n    return 1 / n\n\ndef run(args):\n    return half(args)", 0)

    assert answer["error"] == {
        "type": "ZeroDivisionError",
        "message": "division by zero",
        "line": 2,
    }


def test_what_cannot_be_read_is_refused_with_its_line() -> None:
    assert called("x = 1\ndef run(:")["error"]["line"] == 2
    assert called("(" * 5_000)["reason"] == "refused"
    assert called("x = " + "-" * 60_000 + "1")["reason"] == "refused"
    assert called("async def run(args): pass")["reason"] == "refused"


def test_output_is_kept_up_to_its_limit() -> None:
    answer = body("print('first', 1, sep='-')", "print('é' * 5000)", "return 1")

    assert answer["stdout"].startswith("first-1\n")
    assert len(answer["stdout"].encode()) <= 1_000
    assert answer["stdoutCut"]
    assert answer["result"] == 1


def test_a_result_that_is_too_long_is_not_given() -> None:
    assert body("return 'x' * 20000")["reason"] == "output"


def test_a_function_without_run_is_told() -> None:
    assert "defines no function run" in called("x = 1")["error"]["message"]
