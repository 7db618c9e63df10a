"""What the offline model says to an agent's prompt: that it is offline, and what it was given.

It makes nothing up. With passages of a memory it names the nearest one, so that retrieval can be
tried without a language model.
"""

from __future__ import annotations

from littoral.models.fenced import find_fenced
from littoral.models.model import ModelRequest
from littoral.models.offline import Plan
from littoral.registry.prompt import PASSAGES

SHOWN_CHARACTERS = 280


class RegistrySkill:
    """``Skill`` for everything: executions ask nothing else of the offline model."""

    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        """Words; no tools."""
        passages = find_fenced(PASSAGES, text)
        _, _, rest = text.rpartition(f"<<<END DATA {PASSAGES}>>>")
        said = ["I am offline: no language model answered, so nothing was written for this prompt."]
        if isinstance(passages, list) and passages:
            first = passages[0]
            said.append(f"The nearest passage of the memory is [1] {first['title']}:")
            said.append(_cut(str(first["text"])))
        said.append(f"The prompt was: {_cut(rest.strip())}")
        return Plan(reply="\n\n".join(said))

    def conclude(self, request: ModelRequest) -> str | None:
        """There are no tools."""
        return None


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS].rstrip()}…"
