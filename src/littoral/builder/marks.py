"""Reading one file out of a model's words: what stands between its two marks, and nothing else.

    <<<FILE path>>>
    the whole file
    <<<END path>>>

A mark stands alone on its line. Words around the marks are passed over, within a limit. Whatever
is not exactly one whole file raises ``BadAnswer``, whose text is told to the model.
"""

from __future__ import annotations

import re
from typing import Final

from littoral.builder.limits import CHATTER_CHARACTERS, MAX_FILE_BYTES

_MARK: Final = re.compile(r"\s*<<<(FILE|END) ([^<>\n]{1,300})>>>\s*")
_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_FENCE: Final = re.compile(r"```[\w+-]*")


class BadAnswer(Exception):
    """A model's words are not one whole file; the text says why, for the model and for people."""


class FileReader:
    """Reads the file of one path from words that come in pieces."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._waiting = ""
        self._lines: list[str] = []
        self._characters = 0
        self._chatter = 0
        self._begun = False
        self.done = False

    def feed(self, words: str) -> str:
        """Takes the next words; gives what of the file is new. Raises ``BadAnswer``."""
        *lines, self._waiting = (self._waiting + words).split("\n")
        if self._begun and not self.done and len(self._waiting) > MAX_FILE_BYTES:
            raise _too_large()
        return "".join(filter(None, map(self._line, lines)))

    def text(self) -> str:
        """The file, when all words have come. Raises ``BadAnswer`` when it is not whole."""
        if self._waiting:
            self._line(self._waiting)
            self._waiting = ""
        if not self._begun:
            raise BadAnswer(f"the line <<<FILE {self._path}>>> was missing")
        if not self.done:
            raise BadAnswer(f"it was cut off: the line <<<END {self._path}>>> was missing")
        text = "".join(self._unfenced())
        if _NOT_TEXT.search(text):
            raise BadAnswer("it had characters that are no text")
        if len(text.encode()) > MAX_FILE_BYTES:
            raise _too_large()
        return text

    def _line(self, line: str) -> str:
        mark = _MARK.fullmatch(line)
        if self.done or not self._begun:
            self._beside(line)
            if mark and not self.done and mark[1] == "FILE" and mark[2].strip() == self._path:
                self._begun = True
            return ""
        if mark is None:
            return self._content(line)
        if mark[1] == "END" and mark[2].strip() == self._path:
            self.done = True
            return ""
        raise BadAnswer(f"the mark {line.strip()[:80]} stood inside of {self._path}")

    def _content(self, line: str) -> str:
        text = f"{line}\n"
        self._characters += len(text)
        if self._characters > MAX_FILE_BYTES:
            raise _too_large()
        self._lines.append(text)
        return text

    def _beside(self, line: str) -> None:
        self._chatter += len(line) + 1
        if self._chatter > CHATTER_CHARACTERS:
            raise BadAnswer("there were too many words beside the file")

    def _unfenced(self) -> list[str]:
        """The lines without a code fence around all of them."""
        lines = [line for line in self._lines if line.strip()]
        if len(lines) < 2 or self._path.endswith(".md"):
            return self._lines
        first, last = self._lines.index(lines[0]), len(self._lines) - 1
        while not self._lines[last].strip():
            last -= 1
        fenced = _FENCE.fullmatch(lines[0].strip()) and lines[-1].strip() == "```"
        return self._lines[first + 1 : last] if fenced else self._lines


def _too_large() -> BadAnswer:
    return BadAnswer(f"it had more than {MAX_FILE_BYTES // 1024} KB, which is the most for a file")
