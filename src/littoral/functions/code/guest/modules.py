"""The modules that a function may import, each as a copy of its public names.

A copy, so that what a function changes in a module is gone with the call, and so that no module
hands out the modules that it uses itself. What is infinite is counted.
"""

from __future__ import annotations

import importlib
import itertools
import operator
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from littoral.functions.code.guest.meter import Meter
from littoral.functions.code.guest.operators import Operators
from littoral.functions.code.guest.rewrite import is_forbidden_attribute

MODULES = frozenset(
    "abc base64 binascii bisect calendar cmath collections collections.abc colorsys copy csv "
    "dataclasses datetime decimal difflib enum fractions functools hashlib heapq hmac html io "
    "itertools json math numbers operator pprint random re secrets statistics string struct "
    "textwrap time typing unicodedata urllib urllib.parse uuid zoneinfo contextlib graphlib "
    "array ipaddress".split()
)
_NAMES = {
    "io": ("StringIO", "BytesIO"),
    "time": ("time", "time_ns", "monotonic", "perf_counter", "gmtime", "strftime", "strptime",
             "mktime", "localtime", "struct_time"),
    "urllib": (),
    "hashlib": ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512",
                "blake2b", "blake2s", "new"),
    "uuid": ("UUID", "uuid3", "uuid4", "uuid5", "NAMESPACE_DNS", "NAMESPACE_URL", "NAMESPACE_OID",
             "NAMESPACE_X500"),
}  # fmt: skip
_WITHOUT = {
    "typing": ("get_type_hints",),
    "string": ("Formatter",),
    "functools": ("singledispatchmethod",),
    "decimal": ("setcontext",),
}
_NETWORK = frozenset("requests httpx aiohttp socket http urllib.request urllib3".split())

Granted = Mapping[str, Callable[[], types.ModuleType]]


def importer(meter: Meter, granted: Granted | None = None) -> Callable[..., Any]:
    """``__import__`` of one run. ``granted`` makes modules for the network, where it is open."""
    made: dict[str, types.ModuleType] = {}
    more = granted or {}

    def load(name: str) -> types.ModuleType:
        if name not in made:
            made[name] = more[name]() if name in more else _copy(name, meter)
        return made[name]

    def bring(
        name: str, _globals: Any = None, _locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        if level:
            raise ImportError("a function is a single file: there is nothing beside it")
        if name not in MODULES and name not in more:
            raise ModuleNotFoundError(_missing(name))
        top, *rest = name.split(".")
        module = load(top)
        for at, part in enumerate(rest, 1):
            inner = load(".".join((top, *rest[:at])))
            setattr(module, part, inner)
            module = inner
        for part in fromlist or ():
            inner_name = f"{name}.{part}"
            if inner_name in MODULES or inner_name in more:
                setattr(module, part, load(inner_name))
            elif inner_name in _NETWORK:
                raise ModuleNotFoundError(_missing(inner_name))
        return module if fromlist else load(top)

    return bring


def _missing(name: str) -> str:
    if name in _NETWORK:
        return f"there is no module {name} here: this function was not granted the network"
    return f"there is no module {name} here; there are: {', '.join(sorted(MODULES))}"


def _copy(name: str, meter: Meter) -> types.ModuleType:
    real = importlib.import_module(name)
    copy = types.ModuleType(name)
    names = _NAMES.get(name)
    if names is None:
        names = tuple(getattr(real, "__all__", None) or dir(real))
    for each in names:
        value = getattr(real, each, None)
        if not each.startswith("_") and not isinstance(value, types.ModuleType):
            setattr(copy, each, value)
    for each in _WITHOUT.get(name, ()):
        if hasattr(copy, each):
            delattr(copy, each)
    for each, value in _COUNTED.get(name, _nothing)(meter).items():
        setattr(copy, each, value)
    return copy


def _nothing(_meter: Meter) -> dict[str, Any]:
    return {}


def _math(meter: Meter) -> dict[str, Any]:
    import math

    operators = Operators(meter)

    def factorial(n: int) -> int:
        if isinstance(n, int) and n > 200_000:
            meter.end("memory", f"The factorial of {n:,} is too large a number.")
        meter.charge(max(0, n) ** 2 // 20_000 if isinstance(n, int) else 0)
        return math.factorial(n)

    def prod(items: Iterable[Any], *, start: Any = 1) -> Any:
        for each in items:
            meter.tick()
            start = operators.multiply(start, each)
        return start

    def few(made: Callable[..., int]) -> Callable[..., int]:
        def choose(n: int, k: int | None = None) -> int:
            if isinstance(n, int) and n > 100_000:
                meter.end("memory", f"Choosing from {n:,} makes too large a number.")
            meter.charge(max(0, n) // 16 if isinstance(n, int) else 0)
            return made(n) if k is None else made(n, k)

        return choose

    return {"factorial": factorial, "prod": prod, "comb": few(math.comb), "perm": few(math.perm)}


def _operator(meter: Meter) -> dict[str, Any]:
    guarded = Operators(meter)

    def attribute_getter(*names: str) -> Any:
        for name in names:
            if any(is_forbidden_attribute(part) for part in name.split(".")):
                raise AttributeError(f"the attribute {name} is not available here")
        return operator.attrgetter(*names)

    def method_caller(name: str, /, *values: Any, **named: Any) -> Any:
        if is_forbidden_attribute(name):
            raise AttributeError(f"the attribute {name} is not available here")
        return lambda owner: guarded.attribute(owner, name)(*values, **named)

    return {
        "mul": guarded.multiply,
        "imul": guarded.multiply_in_place,
        "pow": guarded.power,
        "ipow": guarded.power,
        "lshift": guarded.shift,
        "ilshift": guarded.shift,
        "add": guarded.add,
        "concat": guarded.add,
        "iadd": guarded.add_in_place,
        "iconcat": guarded.add_in_place,
        "mod": guarded.remainder,
        "imod": guarded.remainder,
        "attrgetter": attribute_getter,
        "methodcaller": method_caller,
    }


def _itertools(meter: Meter) -> dict[str, Any]:
    def counting(made: Callable[..., Iterable[Any]]) -> Callable[..., Iterator[Any]]:
        def make(*values: Any, **named: Any) -> Iterator[Any]:
            return _ticking(made(*values, **named), meter)

        return make

    names = ("count", "cycle", "repeat", "permutations", "combinations", "accumulate",
             "combinations_with_replacement")  # fmt: skip
    found: dict[str, Any] = {name: counting(getattr(itertools, name)) for name in names}

    def product(*pools: Iterable[Any], repeat: int = 1) -> Iterator[Any]:
        read = [tuple(pool) for pool in pools]
        meter.allocate(sum(map(len, read)) * max(0, repeat) * 8)
        return _ticking(itertools.product(*read, repeat=repeat), meter)

    return {**found, "product": product}


def _ticking(items: Iterable[Any], meter: Meter) -> Iterator[Any]:
    for each in items:
        meter.tick()
        yield each


_COUNTED: dict[str, Callable[[Meter], dict[str, Any]]] = {
    "math": _math,
    "operator": _operator,
    "itertools": _itertools,
}
