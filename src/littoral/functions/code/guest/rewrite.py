"""Rewrites the source of a function before it runs: steps are counted, huge operations measured.

Refuses what could undo that. It is a guard, not the boundary: the boundary is the isolate, which
has no network, no bindings and no secrets. The rewritten code calls names that begin with
``__littoral_``; the source may not contain such names, so it cannot put its own in their place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from littoral.functions.code.guest.operators import METHODS

FILE = "<function>"
PREFIX = "__littoral_"
SUFFIX = "__"  # names that end so are not mangled inside a class
MOST_NODES = 60_000

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Mult: "multiply",
    ast.Pow: "power",
    ast.LShift: "shift",
    ast.Add: "add",
    ast.Mod: "remainder",
    ast.FloorDiv: "divide",
}
_IN_PLACE = {ast.Mult: "multiply_in_place", ast.Pow: "power_in_place", ast.Add: "add_in_place"}
_DUNDERS = frozenset(
    "__init__ __name__ __doc__ __post_init__ __str__ __repr__ __eq__ __lt__ __le__ __gt__ __ge__ "
    "__hash__ __len__ __iter__ __next__ __contains__ __getitem__ __setitem__ __call__ __enter__ "
    "__exit__ __bool__".split()
)
_FRAME_NAMES = frozenset(
    "gi_frame gi_code gi_yieldfrom cr_frame cr_code ag_frame ag_code tb_frame tb_next f_back "
    "f_globals f_locals f_builtins f_code co_code co_consts func_globals mro".split()
)
_ASYNC = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)


class Refused(Exception):
    """The source is not run. ``line`` counts from 1, 0 when it is unknown."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def guard_name(name: str) -> str:
    """How the rewritten code calls a guard."""
    return PREFIX + name + SUFFIX


def is_forbidden_attribute(name: str) -> bool:
    """Whether an attribute leads out of what a function may touch."""
    if name.startswith("__") and name.endswith("__"):
        return name not in _DUNDERS
    return name in _FRAME_NAMES


def rewritten(source: str) -> ast.Module:
    """The guarded module; raises ``Refused`` with the line."""
    try:
        tree = ast.parse(source, FILE)
    except SyntaxError as error:
        raise Refused(f"SyntaxError: {error.msg}", error.lineno or 0) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise Refused(f"The source cannot be read: {error or 'it is nested too deeply'}") from None
    try:
        _check(tree)
        guarded = _Guard().visit(tree)
    except RecursionError:
        raise Refused("The source is nested too deeply.") from None
    module: ast.Module = ast.fix_missing_locations(guarded)
    return module


def _check(tree: ast.Module) -> None:
    for count, node in enumerate(ast.walk(tree)):
        if count > MOST_NODES:
            raise Refused("The source is too long to be run.")
        if isinstance(node, _ASYNC):
            raise _at(node, "async is not available here: write it with plain functions")
        if isinstance(node, ast.comprehension) and node.is_async:
            raise Refused("async is not available here: write it with plain functions")
        for name in _bound_names(node):
            if name.startswith(PREFIX) or name in ("__builtins__", "__import__", "__debug__"):
                raise _at(node, f"the name {name} is not available here")
        if isinstance(node, ast.Name) and _is_special(node.id):
            raise _at(node, f"the name {node.id} is not available here")
        for attribute in _attributes(node):
            if is_forbidden_attribute(attribute):
                raise _at(node, f"the attribute {attribute} is not available here")


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name != "__name__"


def _bound_names(node: ast.AST) -> Iterator[str]:
    for field in ("id", "arg", "name", "asname", "rest"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value
    names = getattr(node, "names", ())
    yield from (each for each in names if isinstance(each, str))


def _attributes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    if isinstance(node, ast.MatchClass):
        yield from node.kwd_attrs


def _at(node: ast.AST, message: str) -> Refused:
    return Refused(message, getattr(node, "lineno", 0))


class _Guard(ast.NodeTransformer):
    """Puts the guards in; every new node stands where the old one stood."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        at = 1 if ast.get_docstring(node, clean=False) is not None else 0
        node.body.insert(at, _statement(_tick(node)))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        node.body = ast.copy_location(
            ast.BoolOp(op=ast.Or(), values=[_tick(node.body), node.body]), node.body
        )
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, _statement(_tick(node)))
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, _statement(_tick(node)))
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        tick = _tick(node.target)
        node.ifs.insert(0, ast.copy_location(ast.UnaryOp(op=ast.Not(), operand=tick), node.target))
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        if node.type is None:
            node.type = ast.copy_location(ast.Name(id=guard_name("error"), ctx=ast.Load()), node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = _OPERATORS.get(type(node.op))
        return node if name is None else _call(name, [node.left, node.right], node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        name = _IN_PLACE.get(type(node.op)) or _OPERATORS.get(type(node.op))
        return node if name is None else list(_assigned(node, name))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr not in METHODS or not isinstance(node.ctx, ast.Load):
            return node
        return _call("attribute", [node.value, ast.Constant(value=node.attr)], node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        self.generic_visit(node)
        if node.format_spec is not None:
            checked = _call("spec", [node.format_spec], node)
            inner = ast.copy_location(ast.FormattedValue(value=checked, conversion=-1), node)
            node.format_spec = ast.copy_location(ast.JoinedStr(values=[inner]), node)
        return node


def _tick(at: ast.AST) -> ast.expr:
    return _call("tick", [], at)


def _call(name: str, values: list[ast.expr], at: ast.AST) -> ast.expr:
    function = ast.copy_location(ast.Name(id=guard_name(name), ctx=ast.Load()), at)
    return ast.copy_location(ast.Call(func=function, args=values, keywords=[]), at)


def _statement(value: ast.expr) -> ast.stmt:
    return ast.copy_location(ast.Expr(value=value), value)


def _assigned(node: ast.AugAssign, name: str) -> Iterator[ast.stmt]:
    """``target op= value``; what the target is made of is computed once, as Python does."""
    target: ast.Name | ast.Attribute | ast.Subscript = node.target
    if isinstance(target, ast.Name):
        read: ast.expr = ast.Name(id=target.id, ctx=ast.Load())
    else:
        owner = guard_name("owner")
        yield _set(owner, target.value, node)
        held = ast.copy_location(ast.Name(id=owner, ctx=ast.Load()), node)
        if isinstance(target, ast.Attribute):
            read = ast.Attribute(value=held, attr=target.attr, ctx=ast.Load())
            target = ast.Attribute(value=held, attr=target.attr, ctx=ast.Store())
        else:
            yield _set(guard_name("key"), _key(target.slice), node)
            key = ast.copy_location(ast.Name(id=guard_name("key"), ctx=ast.Load()), node)
            read = ast.Subscript(value=held, slice=key, ctx=ast.Load())
            target = ast.Subscript(value=held, slice=key, ctx=ast.Store())
    changed = _call(name, [ast.copy_location(read, node), node.value], node)
    yield ast.copy_location(
        ast.Assign(targets=[ast.copy_location(target, node)], value=changed), node
    )


def _key(written: ast.expr) -> ast.expr:
    """What stands between the brackets, as a value; a slice is none until it is made one."""
    if not isinstance(written, ast.Slice):
        return written
    parts = (written.lower, written.upper, written.step)
    return _call("slice", [part or ast.Constant(value=None) for part in parts], written)


def _set(name: str, value: ast.expr, at: ast.AST) -> ast.stmt:
    target = ast.copy_location(ast.Name(id=name, ctx=ast.Store()), at)
    return ast.copy_location(ast.Assign(targets=[target], value=value), at)
