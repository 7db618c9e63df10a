"""Owns the question whether Python's own reader can be let near a text.

A long chain such as ``1+1+1…`` is a deep tree. In WebAssembly a tree that is too deep ends the
whole interpreter, which no ``except`` catches (Pyodide 314.0.6, 2026-11: from about 1,500 levels),
so the depth is told from the tokens before. Tokens are read in time that grows with the length.
"""

from __future__ import annotations

import io
import tokenize
import warnings

MOST_LEVELS = 300
_DEEPENING = frozenset("not lambda await and or in is if else for yield async elif".split())
_ENDS_AN_OPERAND = frozenset({",", ";"})


def too_deep_for_python(text: str) -> int:
    """The line from which a tree would be too deep; 0 when there is none, or no way to tell.

    What cannot be read as tokens has no tree at all, so it does no harm.
    """
    levels = [0]
    total = otherwise = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                if token.type == tokenize.NAME and token.string == "elif":
                    otherwise += 1
                total = _count(token, levels, total)
                if total + len(levels) > MOST_LEVELS or otherwise > MOST_LEVELS:
                    return token.start[0]
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return 0
    return 0


def _count(token: tokenize.TokenInfo, levels: list[int], total: int) -> int:
    """The levels that are open after a token; ``levels`` has one count for each open bracket."""
    word = token.string
    if token.type == tokenize.NEWLINE:
        levels[:] = [0]
        return 0
    if token.type == tokenize.OP and word in "([{":
        levels.append(0)
    elif token.type == tokenize.OP and word in ")]}":
        total -= levels.pop() if len(levels) > 1 else 0
        levels[-1] += 1
        total += 1
    elif token.type == tokenize.OP and word in _ENDS_AN_OPERAND:
        total -= levels[-1]
        levels[-1] = 0
    elif token.type == tokenize.OP or (token.type == tokenize.NAME and word in _DEEPENING):
        levels[-1] += 1
        total += 1
    return total
