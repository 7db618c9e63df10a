"""The built-in names that a function has.

What reaches files, other code or the interpreter itself is not among them, and says so when it is
called. What makes or reads many values at once is counted.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from littoral.functions.code.guest.meter import Meter
from littoral.functions.code.guest.modules import Granted, importer
from littoral.functions.code.guest.operators import Operators
from littoral.functions.code.guest.rewrite import guard_name, is_forbidden_attribute

MOST_RANGE = 10_000_000

_PLAIN = (
    "abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter "
    "float format frozenset hash hex id int isinstance issubclass len list map next object oct ord "
    "property repr reversed round set slice staticmethod classmethod str super tuple type zip "
    "True False None NotImplemented Ellipsis __build_class__"
).split()
_ABSENT = {
    "open": "a function has no files",
    "input": "nobody is there to answer: use args",
    "exec": "code cannot make code",
    "eval": "code cannot make code; json.loads and ast-free parsing can read data",
    "compile": "code cannot make code",
    "globals": "use variables",
    "locals": "use variables",
    "vars": "use variables",
    "dir": "name the attributes that you need",
    "breakpoint": "nobody is there to debug",
    "help": "there is no terminal",
    "exit": "return a value instead",
    "quit": "return a value instead",
}
_HIDDEN_ERRORS = ("BaseException", "KeyboardInterrupt", "SystemExit", "GeneratorExit")


def built_in_names(
    meter: Meter, write: Callable[[str], None], granted: Granted | None = None
) -> dict[str, Any]:
    """What ``__builtins__`` is for the user's code. ``write`` takes what is printed."""
    names: dict[str, Any] = {each: getattr(builtins, each) for each in _PLAIN}
    names.update(_errors())
    names.update({name: _absent(name, why) for name, why in _ABSENT.items()})
    names.update(_counted(meter))
    names.update(_attribute_names())
    names.update(_guards(meter))
    names["print"] = _printer(write)
    names["__import__"] = importer(meter, granted)
    names["__name__"] = "function"
    return names


def _errors() -> dict[str, Any]:
    found = {
        name: value
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, BaseException)
    }
    for hidden in _HIDDEN_ERRORS:
        found[hidden] = Exception
    return found


def _absent(name: str, why: str) -> Callable[..., Any]:
    def refuse(*_values: Any, **_named: Any) -> Any:
        raise PermissionError(f"{name}() is not available here: {why}")

    return refuse


def _guards(meter: Meter) -> dict[str, Any]:
    operators = Operators(meter)
    guards = {
        name: getattr(operators, name)
        for name in (
            "multiply multiply_in_place power power_in_place shift add add_in_place remainder "
            "divide spec attribute"
        ).split()
    }
    guards |= {"tick": meter.tick, "error": Exception, "slice": slice}
    return {"pow": operators.power, **{guard_name(name): each for name, each in guards.items()}}


def _counted(meter: Meter) -> dict[str, Any]:
    def counted_range(*values: Any) -> range:
        made = range(*values)
        try:
            length = len(made)
        except OverflowError:
            length = MOST_RANGE + 1
        if length > MOST_RANGE:
            meter.end("steps", f"A range is longer than {MOST_RANGE:,}.")
        meter.charge(length // 64)
        return made

    def counted_iter(*values: Any) -> Iterator[Any]:
        if len(values) != 2:
            return iter(*values)
        return _until(values[0], values[1], meter)

    def size_of(made: Callable[..., Any]) -> Callable[..., Any]:
        def read(items: Iterable[Any], *rest: Any, **named: Any) -> Any:
            meter.charge(_length(items) // 16)
            return made(items, *rest, **named)

        return read

    def counted_sum(items: Iterable[Any], /, start: Any = 0) -> Any:
        add = Operators(meter).add
        meter.charge(_length(items) // 16)
        if isinstance(start, (int, float, complex)):
            return sum(items, start)
        for each in items:
            meter.tick()
            start = add(start, each)
        return start

    return {
        "range": counted_range,
        "iter": counted_iter,
        "sum": counted_sum,
        "sorted": size_of(sorted),
        "min": _extreme(min, meter),
        "max": _extreme(max, meter),
        "bytes": _sized(bytes, meter),
        "bytearray": _sized(bytearray, meter),
    }


def _extreme(made: Callable[..., Any], meter: Meter) -> Callable[..., Any]:
    def read(*values: Any, **named: Any) -> Any:
        if len(values) == 1:
            meter.charge(_length(values[0]) // 16)
        return made(*values, **named)

    return read


def _sized(made: type, meter: Meter) -> type:
    """``bytes`` and ``bytearray``, which make as many zeros as a number says."""

    class AsPlain(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, made)

    class Sized(made, metaclass=AsPlain):  # type: ignore[misc]
        def __new__(cls, source: Any = b"", *rest: Any, **named: Any) -> Any:
            if isinstance(source, int):
                meter.allocate(source)
            return made(source, *rest, **named)

    Sized.__name__ = Sized.__qualname__ = made.__name__
    return Sized


def _until(call: Callable[[], Any], sentinel: Any, meter: Meter) -> Iterator[Any]:
    while (value := call()) != sentinel:
        meter.tick()
        yield value


def _length(items: Any) -> int:
    return len(items) if isinstance(items, (list, tuple, str, bytes, set, dict, range)) else 0


def _attribute_names() -> dict[str, Any]:
    def checked(name: Any) -> Any:
        if isinstance(name, str) and is_forbidden_attribute(name):
            raise AttributeError(f"the attribute {name} is not available here")
        return name

    def get(owner: Any, name: str, *default: Any) -> Any:
        return getattr(owner, checked(name), *default)

    def has(owner: Any, name: str) -> bool:
        return hasattr(owner, checked(name))

    def put(owner: Any, name: str, value: Any) -> None:
        setattr(owner, checked(name), value)

    def drop(owner: Any, name: str) -> None:
        delattr(owner, checked(name))

    return {"getattr": get, "hasattr": has, "setattr": put, "delattr": drop}


def _printer(write: Callable[[str], None]) -> Callable[..., None]:
    def show(
        *values: Any,
        sep: str | None = None,
        end: str | None = None,
        file: Any = None,
        flush: bool = False,  # noqa: ARG001 - print has it
    ) -> None:
        text = (" " if sep is None else sep).join(map(str, values))
        text += "\n" if end is None else end
        if file is None:
            write(text)
        else:
            file.write(text)

    return show
