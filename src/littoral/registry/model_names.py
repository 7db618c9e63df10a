"""Which models an agent may name, and what the names of seed designs stand for here.

A name is taken when a provider could serve it and the deployment lets agents use it (setting
``AGENT_MODELS``). Whether the provider has it shows when it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from littoral.errors import InvalidInput
from littoral.models.offline import OFFLINE

ALIASES: Final[Mapping[str, str]] = {
    "Llama2_7b": "@cf/meta/llama-2-7b-chat-int8",
    "Llama2_13b": "@cf/meta/llama-3.1-8b-instruct-fp8",
    "CodeLlama_7b": "@cf/qwen/qwen2.5-coder-32b-instruct",
    "Mistral_7b": "@cf/mistral/mistral-7b-instruct-v0.1",
    "SqlCoder_7b": "@cf/defog/sqlcoder-7b-2",
}
"""Short names. Where Workers AI no longer has a model, its nearest one of the same use."""

_EMBEDDERS: Final = re.compile(r"TextEmbedding|.*(?:/bge-|embed).*")
_WORKERS_AI: Final = re.compile(r"@(?:cf)/[A-Za-z0-9._-]{1,60}/[A-Za-z0-9._-]{1,100}")
_OPENAI: Final = re.compile(r"openai/[A-Za-z0-9._:/@-]{1,150}")
_FORMS: Final = "@cf/<maker>/<model>, openai/<model> or offline"


def model_of(name: str, allowed: Sequence[str], *, field: str = "model") -> str:
    """The id of the model that ``name`` means.

    ``allowed`` are ids, or patterns with ``*``. Raises ``InvalidInput`` that says what is wrong.
    """
    found = ALIASES.get(name, name)
    if _EMBEDDERS.fullmatch(found):
        raise _refused(field, name, "makes embeddings, not text: memories use it, agents cannot")
    if not (_WORKERS_AI.fullmatch(found) or _OPENAI.fullmatch(found) or found == OFFLINE):
        known = ", ".join(ALIASES)
        raise _refused(field, name, f"is no model: name {_FORMS}, or one of {known}")
    if not any(fnmatchcase(found, pattern) for pattern in allowed):
        raise _refused(
            field, name, f"may not be used by agents here; allowed are {', '.join(allowed)}"
        )
    return found


def _refused(field: str, name: str, why: str) -> InvalidInput:
    message = f"{name[:80]!r} {why}"
    return InvalidInput(f"{field}: {message}.", fields=[{"field": field, "message": message}])
