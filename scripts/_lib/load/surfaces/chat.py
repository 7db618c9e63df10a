"""Chat: tasks are added in words; each stands in its session, once."""

from __future__ import annotations

import asyncio

from _lib.load.client import Client, Json, Refused, require

TURNS_IN_A_SESSION = 20


class Chat:
    """Sessions of a bounded length; a full one is proved, deleted, and another one begins."""

    needs = "/api/chat"
    at_once = 64

    def __init__(self) -> None:
        self._free: list[_Session] = []
        self._busy = 0

    async def prepare(self, client: Client) -> None:
        """Sessions are begun when they are needed."""

    async def once(self, client: Client, number: int) -> None:
        session = self._free.pop() if self._free else _Session()
        try:
            await session.add(client, number)
        except asyncio.CancelledError:
            raise
        except Exception:
            await session.end(client)  # whether the last turn happened is not known
            raise
        if len(session.titles) >= TURNS_IN_A_SESSION:
            await session.prove(client)
            await session.end(client)
        else:
            self._free.append(session)

    async def finish(self, client: Client) -> None:
        for session in self._free:
            await session.prove(client)
            await session.end(client)


class _Session:
    def __init__(self) -> None:
        self.id = ""
        self.titles: list[str] = []

    async def add(self, client: Client, number: int) -> None:
        title = f"Load {number}"
        body = {"message": f"Add task: {title}", **({"sessionId": self.id} if self.id else {})}
        key = {"idempotency-key": f"load-{number}"}
        answer = await client.ask("POST", "/api/chat", json=body, headers=key)
        self.id = answer["sessionId"]
        self.titles.append(title)
        self._compare(answer["tasks"])

    async def prove(self, client: Client) -> None:
        """The session's own list says the same as the answers did."""
        found = await client.ask("GET", f"/api/sessions/{self.id}/tasks")
        self._compare(found["tasks"])

    def _compare(self, tasks: list[Json]) -> None:
        titles = sorted(each["title"] for each in tasks)
        require(
            titles == sorted(self.titles), "the session has other tasks than were added", titles
        )

    async def end(self, client: Client) -> None:
        if self.id:
            try:
                await client.ask("DELETE", f"/api/sessions/{self.id}")
            except Refused as error:
                if error.code != "not_found":
                    raise
