"""Has one file written: asks, streams, takes it only whole, keeps it, or gives it up in the end."""

from __future__ import annotations

from littoral.agent.connection import Connections
from littoral.builder import limits
from littoral.builder.asking import Asking
from littoral.builder.blobs import Blobs, hash_of
from littoral.builder.blueprint import PlannedFile
from littoral.builder.build import Build, Phase, Writing
from littoral.builder.build_book import BuildBook
from littoral.builder.file_changes import FileChanges
from littoral.builder.issue import Issue
from littoral.builder.marks import BadAnswer, FileReader
from littoral.builder.pieces import Pieces
from littoral.clock import Clock
from littoral.errors import BudgetExceeded, OutsideError
from littoral.models.model import Finished, Model, ModelRequest, TextDelta, ToolCallReady
from littoral.models.reply_stream import close


class Writer:
    """Writes files of one build; ``asking`` makes the requests."""

    def __init__(
        self,
        *,
        book: BuildBook,
        changes: FileChanges,
        asking: Asking,
        blobs: Blobs,
        connections: Connections,
        clock: Clock,
    ) -> None:
        self._book = book
        self._changes = changes
        self._asking = asking
        self._blobs = blobs
        self._connections = connections
        self._clock = clock

    async def write(self, model: Model, build: Build, file: PlannedFile) -> None:
        """One attempt at a file: it is saved, given up, or to be asked for again.

        Raises ``BudgetExceeded`` before a call that does not fit, ``DependencyUnavailable`` when
        the store does not take the content (it is asked for again then).
        """
        assert build.round is not None
        number = build.round.number
        writing = self._changes.started(number, file.path)
        if writing.starts > limits.MOST_STARTS:
            self._changes.given_up(number, file.path, "it was cut off again and again")
            return
        request = self._request(build, file, writing)
        try:
            text = await self._answer(model, request, file.path)
        except BudgetExceeded:
            raise
        except BadAnswer as refused:
            self._refused(number, writing, str(refused))
        except OutsideError as error:
            self._refused(number, writing, error.detail)
        else:
            content_hash = await self._blobs.put(text.encode())
            assert content_hash == hash_of(text.encode())
            # Killed here, the content lies in the store under its hash and the file is asked again.
            self._changes.saved(number, file.path, content_hash, text)

    def _refused(self, number: int, writing: Writing, problem: str) -> None:
        if writing.attempt >= limits.MOST_ATTEMPTS:
            self._changes.given_up(number, writing.path, problem)
        else:
            self._changes.answer_refused(number, problem)

    def _request(self, build: Build, file: PlannedFile, writing: Writing) -> ModelRequest:
        phase: Phase | None = None
        issues: list[Issue] = []
        if build.dev == "review":
            issues = [each for each in self._book.open_issues() if each.file == file.path]
        elif build.current is not None:
            phase = self._book.phase(build.current)
        return self._asking.file(
            build,
            file,
            phase=phase,
            earlier=[each.text for each in self._book.messages(taken=True)],
            texts=self._book.texts(),
            issues=issues,
            problem=writing.problem,
        )

    async def _answer(self, model: Model, request: ModelRequest, path: str) -> str:
        """The whole file. Raises ``BadAnswer`` when the words are none, and the model's errors."""
        reader = FileReader(path)
        pieces = Pieces(self._connections, self._clock, path)
        tools = 0
        events = model.stream(request)
        try:
            async for event in events:
                if isinstance(event, TextDelta):
                    pieces.add(reader.feed(event.text))
                elif isinstance(event, ToolCallReady):
                    tools += 1
                    if tools > limits.MOST_TOOL_CALLS:
                        raise BadAnswer("it called tools; there are none")
                elif isinstance(event, Finished):
                    pieces.flush()
                    return _whole(reader, event)
        finally:
            await close(events)
        raise BadAnswer("it was cut off before its end")


def _whole(reader: FileReader, end: Finished) -> str:
    if end.reason == "content-filter":
        raise BadAnswer("the provider's filter ended it")
    try:
        return reader.text()
    except BadAnswer as refused:
        if end.reason == "length":
            raise BadAnswer(f"{refused}; it was longer than one answer may be") from None
        raise
