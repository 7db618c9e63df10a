"""Tools: typed Python functions that a model may call.

A plain ``def`` is local and transactional: the turn loop runs it inside the object's SQL
transaction together with its journal row, so it takes effect exactly once. An ``async def`` reaches
outside: its intent is journaled first and it is never run twice. When to run, to ask for approval
or to stop is left to the turn loop.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic_core import to_jsonable_python

from littoral.models.arguments import Arguments, InvalidArguments, ToolFailed
from littoral.models.arguments import parse as parse_arguments
from littoral.models.model import ToolSpec
from littoral.models.schema import parameters_of

__all__ = ["Arguments", "InvalidArguments", "Tool", "ToolFailed", "ToolSet", "prepare", "tool"]

Approval = bool | Callable[[Mapping[str, Any]], bool]
Function = TypeVar("Function", bound=Callable[..., Any])
_MARK = "__littoral_tool__"


@dataclass(frozen=True, kw_only=True)
class _Mark:
    approval: Approval
    parallel: bool
    title: str


def tool(
    *, approval: Approval = False, parallel: bool = False, title: str = ""
) -> Callable[[Function], Function]:
    """Marks a function or method as a tool; it stays an ordinary function.

    ``approval`` asks a person first: always, or when it says so for the typed arguments.
    ``parallel`` lets calls run side by side and is for ``async def`` only. ``title`` is for people.
    The docstring's first paragraph and its ``Args:`` are what the model reads.
    """

    def mark(function: Function) -> Function:
        if parallel and not inspect.iscoroutinefunction(function):
            raise TypeError(f"{function.__qualname__}: only an async tool can run in parallel")
        setattr(function, _MARK, _Mark(approval=approval, parallel=parallel, title=title))
        return function

    return mark


@dataclass(frozen=True, kw_only=True)
class _Definition:
    """What is the same for every object that has the tool."""

    function: Callable[..., Any]
    mark: _Mark
    spec: ToolSpec
    title: str
    is_async: bool


@functools.cache
def _definition(function: Callable[..., Any]) -> _Definition:
    mark: _Mark = getattr(function, _MARK)
    parameters = parameters_of(function)
    if not parameters.summary:
        raise TypeError(f"{function.__qualname__}: a tool needs a docstring for the model")
    return _Definition(
        function=function,
        mark=mark,
        spec=ToolSpec(
            name=function.__name__, description=parameters.summary, parameters=parameters.schema
        ),
        title=mark.title or function.__name__.replace("_", " ").capitalize(),
        is_async=inspect.iscoroutinefunction(function),
    )


@functools.cache
def _definitions_of_class(owner: Any) -> tuple[_Definition, ...]:
    """The marked methods of a class in order of definition, inherited ones first."""
    functions: dict[str, Any] = {}
    for each in reversed(owner.__mro__):
        functions.update(vars(each))
    marked = (each for each in functions.values() if inspect.isfunction(each))
    return tuple(_definition(each) for each in marked if hasattr(each, _MARK))


class Tool:
    """One tool, bound to the object whose method it is."""

    def __init__(self, definition: _Definition, owner: object | None = None) -> None:
        self._definition = definition
        self._owner = owner
        self.name = definition.spec.name

    @property
    def title(self) -> str:
        """The name as people see it."""
        return self._definition.title

    @property
    def spec(self) -> ToolSpec:
        """The tool as a model sees it."""
        return self._definition.spec

    @property
    def is_async(self) -> bool:
        """Whether it reaches outside (see the module's docstring)."""
        return self._definition.is_async

    @property
    def parallel(self) -> bool:
        """Whether calls of it may run side by side."""
        return self._definition.mark.parallel

    def needs_approval(self, arguments: Arguments) -> bool:
        """Whether a person must agree to this call."""
        approval = self._definition.mark.approval
        return approval(arguments.values) if callable(approval) else approval

    def parse(self, text: str) -> Arguments:
        """The model's text as checked arguments; raises ``InvalidArguments``."""
        return parse_arguments(text, parameters_of(self._definition.function))

    def run(self, arguments: Arguments) -> Any:
        """Calls a plain tool; gives JSON values. Raises ``ToolFailed`` for an expected failure."""
        if self.is_async:
            raise TypeError(f"{self.name} is async: use run_async")
        return _json_values(self._call(arguments))

    async def run_async(self, arguments: Arguments) -> Any:
        """Calls an async tool (a plain one too); otherwise as ``run``."""
        result = self._call(arguments)
        return _json_values(await cast("Awaitable[Any]", result) if self.is_async else result)

    def _call(self, arguments: Arguments) -> Any:
        function = self._definition.function
        before = () if self._owner is None else (self._owner,)
        return function(*before, **arguments.values)


def _json_values(result: Any) -> Any:
    if result is None or isinstance(result, str):
        return result
    return to_jsonable_python(result)


class ToolSet:
    """The tools of one turn, by name. Cheap to make: schemas are computed once per function."""

    def __init__(self, tools: tuple[Tool, ...] = ()) -> None:
        self._tools = {each.name: each for each in tools}
        if len(self._tools) < len(tools):
            names = [each.name for each in tools]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two tools are called {twice}")
        self._specs = tuple(each.spec for each in tools)

    @classmethod
    def of(cls, *owners: object) -> ToolSet:
        """From marked functions and from objects whose marked methods are tools.

        Raises ``TypeError`` for a function that is not marked or cannot be described,
        ``ValueError`` when two tools share a name.
        """
        return cls(tuple(each for owner in owners for each in _tools_of(owner)))

    def specs(self) -> tuple[ToolSpec, ...]:
        """What a ``ModelRequest`` offers, in the order of definition."""
        return self._specs

    def get(self, name: str) -> Tool | None:
        """The tool of that name; models do call names that nobody offered."""
        return self._tools.get(name)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def __len__(self) -> int:
        return len(self._tools)


def prepare(*classes: Any) -> None:
    """Computes the schemas of these classes' tools ahead of their first use.

    Pure computing, about 2 ms a tool under Pyodide: done at import it is in a deploy's snapshot,
    and the first turn does not pay for it. Raises what ``ToolSet.of`` raises.
    """
    for each in classes:
        _definitions_of_class(each)


def _tools_of(owner: Any) -> Iterator[Tool]:
    if inspect.ismethod(owner) and hasattr(owner, _MARK):
        yield Tool(_definition(owner.__func__), owner.__self__)
    elif inspect.isfunction(owner):
        if not hasattr(owner, _MARK):
            raise TypeError(f"{owner.__qualname__} is not marked with @tool")
        yield Tool(_definition(owner))
    else:
        kind: Any = type(owner)
        for definition in _definitions_of_class(kind):
            yield Tool(definition, owner)
