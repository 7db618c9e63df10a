"""Which commands a person should see before they run: those that delete, spend, or reach out.

The rules look at the text of a command, also inside quotes: a false alarm asks once too often, a
miss deletes. They guard against a planner's mistakes; what confines a command is the sandbox.
"""

from __future__ import annotations

import re

from littoral.orchestrator.run import Risk

_START = r"(?:^|[\s;&|(`'\"/])"

_SPENDS = (
    r"(?:terraform|tofu)\s+apply|pulumi\s+up|(?:wrangler|vercel|netlify|fly(?:ctl)?)\s+deploy"
    r"|aws\s+.*\b(?:run|create|purchase|request)-|gcloud\s+.*\bcreate\b|az\s+.*\bcreate\b"
    r"|stripe\s|kubectl\s+(?:apply|create|scale)|doctl\s+.*\bcreate\b"
)
_DELETES = (
    r"rm\s|rmdir\s|unlink\s|shred\s|truncate\s|mkfs|dd\s.*\bof=|find\s.*-delete\b|wipefs"
    r"|git\s+(?:clean|reset\s+--hard|checkout\s+--|restore|push\s.*(?:--force|-f\b|--delete)"
    r"|branch\s.*-D|stash\s+(?:drop|clear))|kubectl\s+delete|docker\s+.*\b(?:rm|rmi|prune)\b"
    r"|(?:terraform|tofu|pulumi)\s+destroy|aws\s+.*\b(?:delete|terminate)-|crontab\s+-r"
    r"|gcloud\s+.*\bdelete\b|az\s+.*\bdelete\b|kill(?:all)?\s|pkill\s|chmod\s+-R|chown\s+-R"
)
_DELETES_ANYWHERE = (
    r"\bdrop\s+(?:table|database|schema|index|view)\b|\bdelete\s+from\b|\btruncate\s+table\b"
    r"|\brmtree\b|\bos\.(?:remove|unlink|rmdir|removedirs)\b|\bfs\.(?:rm|unlink|rmdir)"
    r"|\.unlink\(|>\s*/dev/(?:sd|nvme|vd)|-exec\s+rm\b|xargs\s.*\brm\b"
    # What the command will be cannot be seen:
    r"|\beval\s|\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|base64\s+(?:-d|--decode)"
)
_LEAVES = (
    r"(?:curl|wget|aria2c|ssh|scp|sftp|ftp|telnet|nc|ncat|netcat|socat|ping|dig|nslookup|rclone)"
    r"(?:\s|$)|rsync\s.*:|git\s+(?:clone|push|pull|fetch|submodule|ls-remote|remote\s+update)"
    r"|(?:pip3?|pipx|uv|poetry|conda|gem|cargo|go|brew|apk|dnf|yum|apt(?:-get)?|snap)\s+(?:\S+\s+)?"
    r"(?:install|add|download|get|update|upgrade|sync|publish)"
    r"|(?:npm|pnpm|yarn|bun)\s+(?:i\b|install|ci\b|add|publish|update|create)|npx\s|uvx\s"
    r"|docker\s+(?:pull|push|login)|gh\s|aws\s|gcloud\s|az\s|sendmail|mail\s"
)
_LEAVES_ANYWHERE = (
    r"\b(?:https?|ftp|wss?)://|\burllib\b|\brequests\.|\bhttpx\b|\baiohttp\b|\bsocket\.|\bfetch\("
    r"|/dev/(?:tcp|udp)/|-m\s+pip\s"
)


def _rule(at_start: str, anywhere: str = "") -> re.Pattern[str]:
    pattern = f"{_START}(?:{at_start})" + (f"|{anywhere}" if anywhere else "")
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


_RULES: tuple[tuple[Risk, re.Pattern[str]], ...] = (
    ("spends", _rule(_SPENDS)),
    ("deletes", _rule(_DELETES, _DELETES_ANYWHERE)),
    ("leaves the sandbox", _rule(_LEAVES, _LEAVES_ANYWHERE)),
)


def risk_of(command: str) -> Risk | None:
    """The gravest thing that a command may do, ``None`` when the rules see nothing."""
    joined = command.replace("\\\n", " ")
    for risk, rule in _RULES:
        if rule.search(joined):
            return risk
    return None
