"""One request for a preview, from its link to its answer; plain Python.

    the link is read (signature, time) → the build's object says whether it counts, and what it
    shows → a file from the store, an answer of the program, or a page of ours

The Worker's side of it, requests and responses, is ``littoral.platform.preview_door``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from littoral.builder.blobs import Blobs
from littoral.clock import Clock
from littoral.errors import LittoralError, NotFound, TooLarge
from littoral.preview import headers, pages, program, site
from littoral.preview.link import PATH, PreviewLink, prefix_of, read_token
from littoral.preview.media import HTML, UNKNOWN, is_html, media_type
from littoral.preview.program import Program, ProgramAnswer, ProgramFailed, ProgramRequest, Runner

BODY_BYTES: Final = 1024 * 1024
LISTED_BYTES: Final = 512 * 1024
_READING: Final = frozenset({"GET", "HEAD"})
_METHODS: Final = _READING | {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, kw_only=True)
class PreviewRequest:
    """What a browser asks. ``path`` is encoded as it came, ``query`` without its mark.

    ``body`` reads at most that many bytes and raises ``TooLarge`` when there are more.
    """

    method: str
    origin: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Callable[[int], Awaitable[bytes]]


@dataclass(frozen=True, kw_only=True)
class PreviewAnswer:
    """What goes back, all headers included."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Places:
    """What previews need from the platform.

    ``owner_of`` gives the owner of a build, ``None`` for one that never was. ``check`` is the
    object's ``preview.check``. ``admit`` counts a request of a build and raises ``RateLimited``.
    ``framed_by`` are other origins whose pages may frame a preview.
    """

    owner_of: Callable[[str], Awaitable[str | None]]
    check: Callable[[str, str, str], Awaitable[Any]]
    blobs: Callable[[str, str], Blobs]
    admit: Callable[[str], Awaitable[None]]
    runner: Runner
    framed_by: Collection[str] = ()


class Previews:
    """Answers every request below ``/preview/``."""

    def __init__(self, places: Places, *, secret: str, clock: Clock) -> None:
        self._places = places
        self._secret = secret
        self._clock = clock

    async def answer(self, request: PreviewRequest) -> PreviewAnswer:
        """The answer; never raises a ``LittoralError``."""
        token, slash, rest = request.path.removeprefix(PATH).partition("/")
        try:
            link = read_token(token, secret=self._secret)
        except LittoralError as error:
            return _problem_page(headers.POLICY_WITHOUT_PREVIEW, error)
        if link is None:
            return _absent()
        visit = _Visit(self._places, request, link, token, rest)
        if not slash:
            return visit.moved("")
        if request.method == "OPTIONS":
            return visit.say(204, b"", "text/plain")
        if link.is_over(self._clock.now_ms()):
            return visit.ended()
        try:
            return await visit.answer()
        except NotFound:
            return visit.ended()
        except LittoralError as error:
            return _problem_page(visit.policy, error)


@dataclass
class _Visit:
    """One request with a link that was made here."""

    places: Places
    request: PreviewRequest
    link: PreviewLink
    token: str
    rest: str
    owner: str = field(default="", init=False)

    @property
    def prefix(self) -> str:
        return prefix_of(self.token)

    @property
    def policy(self) -> str:
        return headers.policy(self.request.origin, self.prefix, self.places.framed_by)

    async def answer(self) -> PreviewAnswer:
        await self.places.admit(self.link.build_id)
        owner = await self.places.owner_of(self.link.build_id)
        if owner is None:
            return self.ended()
        self.owner = owner
        shown = await self.places.check(owner, self.link.build_id, self.link.word)
        if self.request.method not in _METHODS:
            return self.plain(405, "This is not possible here", "A preview takes no such request.")
        if self.rest == pages.REPORTER_PATH:
            return self.say(200, pages.reporter().encode(), "text/javascript; charset=utf-8")
        if shown["revision"] is None:
            return self.plain(404, "Nothing here yet", "The build has no finished files so far.")
        files = {each["path"]: each for each in shown["revision"]["files"]}
        language = program.language_of(shown["kind"])
        if language is not None:
            return await self._of_program(language, shown["revision"]["hash"], files)
        if self.request.method not in _READING:
            return self.plain(405, "This is not possible here", "These files can only be read.")
        if shown["kind"] == "script" and not self.rest:
            return await self._listing(shown["title"], files)
        return await self._of_file(files)

    # --- files -----------------------------------------------------------------------------------

    async def _of_file(self, files: Mapping[str, Any]) -> PreviewAnswer:
        found = site.find(self.rest, files)
        if found is None:
            return self.plain(404, "There is no such file", "The build has no file of this name.")
        if found.folder:
            return self.moved(found.folder)
        content = await self._content(files[found.path])
        return self.say(200, content, media_type(found.path))

    async def _content(self, file: Mapping[str, Any]) -> bytes:
        return await self.places.blobs(self.owner, self.link.build_id).get(file["hash"])

    async def _listing(self, title: str, files: Mapping[str, Any]) -> PreviewAnswer:
        """README first, then the code, as much as a page can bear."""
        ordered = sorted(files, key=lambda path: ("readme" not in path.lower(), path))
        listed, room = [], LISTED_BYTES
        for path in ordered:
            room -= files[path]["bytes"]
            if room < 0:
                break
            content = await self._content(files[path])
            listed.append((path, content.decode("utf-8", "replace")))
        return self.say(200, pages.listing_page(title, listed).encode(), HTML)

    # --- programs --------------------------------------------------------------------------------

    async def _of_program(
        self, language: program.Language, revision: str, files: Mapping[str, Any]
    ) -> PreviewAnswer:
        entry = program.entry_of(files, language)
        if entry is None:
            return self._failed("No file of the build is the one that begins, such as main.py.")
        body = await self.request.body(BODY_BYTES)
        if self.request.method in _READING and body:
            raise TooLarge("A request that only reads has no body.")
        try:
            said = await self.places.runner.fetch(
                await self._program(language, entry, revision, files),
                ProgramRequest(
                    method=self.request.method,
                    url=f"{headers.PROGRAM_ORIGIN}/{self.rest}{self._query()}",
                    headers=headers.to_program(self.request.headers),
                    body=body or None,
                ),
            )
        except ProgramFailed as failure:
            return self._failed(str(failure))
        return self._said(said)

    async def _program(
        self, language: program.Language, entry: str, revision: str, files: Mapping[str, Any]
    ) -> Program:
        paths = program.source_paths(files, language)
        contents = await asyncio.gather(*(self._content(files[path]) for path in paths))
        texts = [content.decode("utf-8", "replace") for content in contents]
        sources = dict(zip(paths, texts, strict=True))
        modules = program.as_modules(sources, entry, language)
        name = f"{self.owner}/{self.link.build_id}/{revision}"
        return Program(
            id=f"preview-{sha256(name.encode()).hexdigest()}",
            language=language,
            entry=entry if entry in modules else entry.rpartition("/")[2],
            sources=modules,
        )

    def _said(self, said: ProgramAnswer) -> PreviewAnswer:
        kept = headers.from_program(
            said.headers, origin=self.request.origin, prefix=self.prefix, path=self.rest
        )
        content_type = kept.pop("content-type", UNKNOWN)
        answer = self.say(said.status, said.body, content_type)
        return PreviewAnswer(
            status=answer.status, headers={**kept, **answer.headers}, body=answer.body
        )

    def _failed(self, words: str) -> PreviewAnswer:
        return self.say(502, pages.failure_page(self.prefix, words[:2_000]).encode(), HTML)

    def _query(self) -> str:
        return f"?{self.request.query}" if self.request.query else ""

    # --- answers ---------------------------------------------------------------------------------

    def say(self, status: int, body: bytes, content_type: str) -> PreviewAnswer:
        """An answer below the prefix; pages get what a preview needs."""
        if is_html(content_type) and status != 502:
            body = pages.as_preview(body, self.prefix)
        allowed = headers.connections(self.request.origin, self.prefix)
        common = headers.answer_headers(self.policy, allowed)
        return PreviewAnswer(
            status=status, headers={**common, "content-type": content_type}, body=body
        )

    def plain(self, status: int, title: str, words: str) -> PreviewAnswer:
        return self.say(status, pages.plain_page(title, words).encode(), HTML)

    def moved(self, folder: str) -> PreviewAnswer:
        answer = self.say(308, b"", "text/plain")
        place = f"{self.request.origin}{self.prefix}{folder}"
        return PreviewAnswer(status=308, headers={**answer.headers, "location": place})

    def ended(self) -> PreviewAnswer:
        return self.plain(
            404, "This preview has ended", "Open it again from the build that it belongs to."
        )


def _absent() -> PreviewAnswer:
    page = pages.plain_page("There is no such preview", "Check the link, or ask for a new one.")
    return _own_page(404, headers.POLICY_WITHOUT_PREVIEW, page)


def _problem_page(policy: str, error: LittoralError) -> PreviewAnswer:
    return _own_page(error.http_status, policy, pages.plain_page(error.title, error.detail))


def _own_page(status: int, policy: str, page: str) -> PreviewAnswer:
    common = headers.answer_headers(policy)
    return PreviewAnswer(
        status=status, headers={**common, "content-type": HTML}, body=page.encode()
    )
