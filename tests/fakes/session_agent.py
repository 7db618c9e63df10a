"""A session's agent in memory: real tasks, a transcript, and answers that only repeat.

It keeps the contract of the agent's methods (``littoral.api.gateway``) and knows one command, "Add
task: …".
"""

from __future__ import annotations

from typing import Any

from littoral.clock import Clock, iso
from littoral.errors import NotFound
from littoral.store.migrations import migrate
from littoral.tasks import due
from littoral.tasks.task import NewTask
from littoral.tasks.task_list import TASKS_SCHEMA, TaskList
from littoral.tasks.time_zone import zone, zone_name
from tests.fakes.sqlite import Sqlite

Args = dict[str, Any]


class SessionAgent:
    """One session. ``clock`` stamps; nothing is lost but by ``session.erase``."""

    def __init__(self, session_id: str, clock: Clock) -> None:
        self._session_id = session_id
        self._clock = clock
        self._sql = Sqlite()
        migrate(self._sql, (TASKS_SCHEMA,))
        self._tasks = TaskList(self._sql, clock)
        self._title = ""
        self._preferences: dict[str, Any] = {"timeZone": None}
        self._messages: list[dict[str, Any]] = []
        self._answers: dict[str, dict[str, Any]] = {}
        self._created_at_ms: int | None = None
        self._claimed = False

    def run(self, method: str, args: dict[str, Any], *, bare: bool) -> Any:
        """One call, as the envelope brings it."""
        if bare and self._claimed:
            raise NotFound("There is no such session.")
        self._claimed = self._claimed or not bare
        if method not in ("session.create", "chat.send") and self._created_at_ms is None:
            raise NotFound("There is no such session.")
        return getattr(self, "_do_" + method.replace(".", "_"))(args)

    def close(self) -> None:
        self._sql.close()

    # --- the session -----------------------------------------------------------------------------

    def _do_session_create(self, args: Args) -> dict[str, Any]:
        if self._created_at_ms is None:
            self._created_at_ms = self._clock.now_ms()
            self._title = args.get("title") or ""
        return self._state()

    def _do_session_describe(self, args: Args) -> dict[str, Any]:
        return self._state()

    def _do_session_rename(self, args: Args) -> dict[str, Any]:
        self._title = args["title"]
        return self._state()

    def _do_session_preferences(self, args: Args) -> dict[str, Any]:
        name = args.get("timeZone")
        self._preferences.update(timeZone=zone_name(name) if name else None)
        return self._state()

    def _do_session_erase(self, args: Args) -> None:
        self._created_at_ms = None
        self._messages.clear()

    def _state(self) -> dict[str, Any]:
        assert self._created_at_ms is not None
        return {
            "sessionId": self._session_id,
            "title": self._title,
            "tasks": self._task_json(),
            "userPreferences": dict(self._preferences),
            "createdAt": iso(self._created_at_ms),
            "updatedAt": iso(self._clock.now_ms()),
            "messageCount": len(self._messages),
        }

    # --- chat ------------------------------------------------------------------------------------

    def _do_chat_send(self, args: Args) -> dict[str, Any]:
        if not args["create"] and self._created_at_ms is None:
            raise NotFound("There is no such session.")
        key, message = args["idempotencyKey"], args["message"]
        if key in self._answers:
            return self._answers[key]
        self._do_session_create({})
        if message.startswith("Add task: "):
            self._tasks.add(NewTask(title=message.removeprefix("Add task: ")))
        self._say("user", message)
        reply = self._say("assistant", f"You said: {message}")
        answer = {
            "content": f"You said: {message}",
            "tasks": self._task_json(),
            "sessionId": self._session_id,
            "messageId": reply["id"],
            "model": "echo",
            "degraded": False,
            "usage": {"inputTokens": 1, "outputTokens": 1, "costUsd": 0.0},
            "latencyMs": 1,
            "outcome": "completed",
            "approvals": [],
        }
        if key:
            self._answers[key] = answer
        return answer

    def _say(self, role: str, text: str) -> dict[str, Any]:
        number = len(self._messages)
        message = {
            "id": f"msg_{number}",
            "role": role,
            "parts": [{"type": "text", "text": text}],
            "metadata": {"createdAt": iso(self._clock.now_ms())},
        }
        self._messages.append(message)
        return message

    def _do_approvals_list(self, args: Args) -> dict[str, Any]:
        return {"approvals": []}

    def _do_approvals_decide(self, args: Args) -> dict[str, Any]:
        raise NotFound(f"No decision is waited for on {args['toolCallId']!r}.")

    def _do_messages_page(self, args: Args) -> dict[str, Any]:
        before, limit = args["before"], args["limit"]
        end = min(int(before), len(self._messages)) if before else len(self._messages)
        begin = max(0, end - limit)
        return {
            "messages": self._messages[begin:end],
            "before": str(begin) if begin else None,
        }

    # --- tasks -----------------------------------------------------------------------------------

    def _do_tasks_list(self, args: Args) -> dict[str, Any]:
        return {"tasks": self._task_json()}

    def _do_tasks_add(self, args: Args) -> dict[str, Any]:
        return self._tasks.add(NewTask(**self._known(args))).task.to_json()

    def _do_tasks_update(self, args: Args) -> dict[str, Any]:
        return self._tasks.edit(args.pop("id"), **self._known(args)).task.to_json()

    def _do_tasks_delete(self, args: Args) -> None:
        self._tasks.delete(args["id"])

    def _do_tasks_undo(self, args: Args) -> dict[str, Any]:
        self._tasks.undo()
        return {"tasks": self._task_json()}

    def _known(self, fields: Args) -> dict[str, Any]:
        words = fields.pop("due", None)
        if words is not None:
            found = due.parse(words, self._clock.now_ms(), zone(self._preferences["timeZone"]))
            fields |= {"due_at_ms": found.at_ms, "due_has_time": found.has_time}
        return fields

    def _task_json(self) -> list[dict[str, Any]]:
        return [task.to_json() for task in self._tasks.all()]

    # --- the rest --------------------------------------------------------------------------------

    def _do_export(self, args: Args) -> dict[str, Any]:
        kind, json_text = args["format"], '{"messages": []}'
        return {
            "filename": f"session.{kind}",
            "contentType": "application/json" if kind == "json" else "text/markdown",
            "text": json_text if kind == "json" else f"# {self._title}\n",
        }

    def _do_events_since(self, args: Args) -> dict[str, Any]:
        return {"events": [], "next": args["since"]}

    def _do_directory_pull(self, args: Args) -> dict[str, Any]:
        after, limit = args["after"], args["limit"]
        turns = [
            {
                "turn": place // 2 + 1,
                "messageId": message["id"],
                "role": message["role"],
                "text": message["parts"][0]["text"],
                "at": message["metadata"]["createdAt"],
            }
            for place, message in enumerate(self._messages)
        ]
        new = [each for each in turns if each["turn"] > after][:limit]
        last = new[-1]["turn"] if new else after
        return {
            "sessionId": self._session_id,
            "title": self._title,
            "createdAt": iso(self._created_at_ms or 0),
            "updatedAt": iso(self._clock.now_ms()),
            "messageCount": len(self._messages),
            "openTaskCount": self._tasks.counts().pending,
            "preview": turns[-1]["text"] if turns else "",
            "messages": new,
            "last": last,
            "complete": not turns or last == turns[-1]["turn"],
            "after": after,
        }
