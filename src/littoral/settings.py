"""The settings of a deployment: read once from the environment into one frozen object.

``SETTINGS`` is the list that documentation, ``./scripts/dev`` and the deploy read. A value that
cannot be used raises ``ValueError`` with the name, the value and the rule; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from littoral.fetching.addresses import host_problem
from littoral.limits.limiter import Rule
from littoral.limits.rules import DEFAULT_RATE_LIMITS, read_rules

SignupPolicy = Literal["open", "invite", "closed"]

DEFAULT_MODEL_ID = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
DEFAULT_EMBEDDING_MODEL_ID = "@cf/baai/bge-m3"
DEFAULT_AGENT_MODELS = ("@cf/*", "openai/*", "offline")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One name in the environment, as people set it."""

    name: str
    default: str
    summary: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="DEFAULT_MODEL",
        default=DEFAULT_MODEL_ID,
        summary="Model id: @cf/… on Workers AI, openai/<model> on any endpoint, or offline.",
    ),
    Setting(
        name="FALLBACK_MODELS",
        default="",
        summary="Model ids to try in order when the default fails, separated by commas.",
    ),
    Setting(
        name="OPENAI_BASE_URL",
        default="https://api.openai.com/v1",
        summary="Base URL of the OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, AI Gateway).",
    ),
    Setting(
        name="OPENAI_API_KEY",
        default="",
        summary="Key of that endpoint; may be empty for a local one.",
        secret=True,
    ),
    Setting(
        name="EMBEDDING_MODEL",
        default="auto",
        summary="Model that makes vectors of texts: @cf/…, openai/<model>, offline, or auto: "
        "offline where DEFAULT_MODEL is, else @cf/baai/bge-m3.",
    ),
    Setting(
        name="MEMORY_INDEX",
        default="auto",
        summary="Where vectors of memories lie: vectorize, local, or auto: Vectorize where the "
        "binding has an account behind it.",
    ),
    Setting(
        name="AI_GATEWAY_ID",
        default="",
        summary="AI Gateway that Workers AI calls go through; empty for none.",
    ),
    Setting(
        name="SESSION_SECRET",
        default="",
        summary="Key that signs guest cookies: 32 random bytes or more, as text. Needed.",
        secret=True,
    ),
    Setting(
        name="ALLOWED_ORIGINS",
        default="",
        summary="Other origins whose pages may call the API with cookies, separated by commas.",
    ),
    Setting(
        name="MODEL_TIMEOUT_SECONDS",
        default="60",
        summary="Deadline of one call of a model, from request to last word (1 to 600).",
    ),
    Setting(
        name="MAX_OUTPUT_TOKENS",
        default="1024",
        summary="Longest answer that is asked of a model (16 to 32768).",
    ),
    Setting(
        name="CONTEXT_TOKENS",
        default="24000",
        summary="Window that a model is given, instructions included (1000 to 1000000).",
    ),
    Setting(
        name="MAX_STEPS",
        default="8",
        summary="Calls of the model in one turn (1 to 32).",
    ),
    Setting(
        name="JOBS_PER_HOUR",
        default="240",
        summary="Runs of scheduled jobs of one agent object in an hour, all kinds together (1+).",
    ),
    Setting(
        name="SESSIONS_PER_GUEST",
        default="200",
        summary="Sessions that one guest may keep (1 to 10000).",
    ),
    Setting(
        name="GUEST_TURNS_PER_DAY",
        default="50",
        summary="Messages of one guest in a day that a model with a price answers (1 to 10000).",
    ),
    Setting(
        name="SIGNUP",
        default="open",
        summary="Who may make an account: open, invite (with one of INVITE_CODES) or closed.",
    ),
    Setting(
        name="INVITE_CODES",
        default="",
        summary="Codes for SIGNUP=invite, separated by commas; each makes one account.",
        secret=True,
    ),
    Setting(
        name="SIGNUP_CREDITS",
        default="500",
        summary="Credits that a new account begins with (0 to 1000000); one is a US cent.",
    ),
    Setting(
        name="DAILY_BUDGET_CREDITS",
        default="1000",
        summary="Credits that one user may spend on a day (UTC), unless they have a budget of "
        "their own (0 to 1000000).",
    ),
    Setting(
        name="RATE_LIMITS",
        default=DEFAULT_RATE_LIMITS,
        summary="Calls of each class that one user or address may make: class=calls/seconds.",
    ),
    Setting(
        name="RUNS_AT_ONCE",
        default="20",
        summary="Runs of one account that have not ended (1 to 1000).",
    ),
    Setting(
        name="BUILDS_AT_ONCE",
        default="3",
        summary="Builds of one account that are being worked on (1 to 100).",
    ),
    Setting(
        name="EXECUTIONS_AT_ONCE",
        default="20",
        summary="Executions of one account that have not ended (1 to 1000).",
    ),
    Setting(
        name="AGENT_MODELS",
        default=", ".join(DEFAULT_AGENT_MODELS),
        summary="Models that agents may name: ids, or patterns with *, separated by commas.",
    ),
    Setting(
        name="BUILD_OUTPUT_TOKENS",
        default="16384",
        summary="Longest answer that is asked of a model for a build: one file (256 to 131072).",
    ),
    Setting(
        name="BUILD_TIMEOUT_SECONDS",
        default="240",
        summary="Deadline of one call of a model for a build (1 to 600).",
    ),
    Setting(
        name="FUNCTION_NEAR_HOSTS",
        default="",
        summary="Private addresses that functions may be granted, as host:port, separated by "
        "commas. For tests and trusted local services.",
    ),
    Setting(
        name="FETCH_ALLOWED_HOSTS",
        default="",
        summary="The only hosts that pages may be read from and webhooks sent to, as example.com "
        "or *.example.com, separated by commas; empty for every public one.",
    ),
    Setting(
        name="FETCH_NEAR_HOSTS",
        default="",
        summary="Private addresses that pages may be read from and webhooks sent to, as host:port, "
        "separated by commas. For tests and trusted local services.",
    ),
    Setting(
        name="FETCH_RESOLVER",
        default="https://cloudflare-dns.com/dns-query",
        summary="Resolver (DNS over HTTPS, JSON) that tells where names lead before they are "
        "asked; none judges names only as they are written.",
    ),
    Setting(
        name="MESH_BREAKER_SECONDS",
        default="60",
        summary="First pause of a circuit breaker of the mesh's agents; each further one is twice "
        "as long (1 to 3600).",
    ),
    Setting(
        name="WATCH_LEAST_SECONDS",
        default="60",
        summary="Shortest time between two looks at one watched page (5 to 86400).",
    ),
    Setting(
        name="SANDBOX_IDLE_SECONDS",
        default="600",
        summary="A sandbox in which nothing ran for so long goes to sleep, files and all (5 to "
        "86400).",
    ),
    Setting(
        name="OPERATORS",
        default="",
        summary="Accounts that see the operations of the deployment: ids of users or their e-mail "
        "addresses, separated by commas; * for every account.",
    ),
    Setting(
        name="METRICS_TOKEN",
        default="",
        summary="Bearer token that may read /api/metrics: 16 characters or more. Empty for none.",
        secret=True,
    ),
    Setting(
        name="TRACE_SAMPLE",
        default="0.1",
        summary="Share of requests whose spans are kept (0 to 1); failures are kept in any case.",
    ),
    Setting(
        name="MESH_WORKERS",
        default="8",
        summary="Workers in the pool of one account's mesh; each is given four parts at a time "
        "(1 to 64).",
    ),
    Setting(
        name="LOG_LEVEL",
        default="info",
        summary="debug, info, warning or error.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What ``SETTINGS`` describes, parsed. Units are in the names; see there for ranges."""

    default_model: str = DEFAULT_MODEL_ID
    fallback_models: tuple[str, ...] = ()
    openai_base_url: str = "https://api.openai.com/v1"
    openai_api_key: str = ""
    embedding_model: str = DEFAULT_EMBEDDING_MODEL_ID
    memory_index: str = "auto"
    ai_gateway_id: str = ""
    session_secret: str = ""
    allowed_origins: frozenset[str] = frozenset()
    model_timeout_seconds: float = 60.0
    max_output_tokens: int = 1024
    context_tokens: int = 24_000
    max_steps: int = 8
    jobs_per_hour: int = 240
    sessions_per_guest: int = 200
    guest_turns_per_day: int = 50
    signup: SignupPolicy = "open"
    invite_codes: frozenset[str] = frozenset()
    signup_credits: int = 500
    daily_budget_credits: int = 1_000
    rate_limits: Mapping[str, Rule] = field(default_factory=lambda: read_rules(""))
    runs_at_once: int = 20
    builds_at_once: int = 3
    executions_at_once: int = 20
    agent_models: tuple[str, ...] = DEFAULT_AGENT_MODELS
    build_output_tokens: int = 16_384
    build_timeout_seconds: float = 240.0
    function_near_hosts: frozenset[str] = frozenset()
    fetch_allowed_hosts: tuple[str, ...] = ()
    fetch_near_hosts: frozenset[str] = frozenset()
    fetch_resolver: str = "https://cloudflare-dns.com/dns-query"
    mesh_breaker_seconds: int = 60
    watch_least_seconds: int = 60
    sandbox_idle_seconds: int = 600
    operators: frozenset[str] = frozenset()
    metrics_token: str = ""
    trace_sample: float = 0.1
    mesh_workers: int = 8
    log_level: str = "info"

    @classmethod
    def read(cls, lookup: Callable[[str], str | None]) -> Settings:
        """Parses the environment; ``lookup(name)`` gives the text or ``None``.

        Raises ``ValueError`` that names the setting when a value cannot be used.
        """
        text = {each.name: _text(lookup(each.name), each.default) for each in SETTINGS}
        return cls(
            default_model=text["DEFAULT_MODEL"],
            fallback_models=_list(text["FALLBACK_MODELS"]),
            openai_base_url=text["OPENAI_BASE_URL"].rstrip("/"),
            openai_api_key=text["OPENAI_API_KEY"],
            embedding_model=_embedding_model(text),
            memory_index=_one_of(text, "MEMORY_INDEX", ("auto", "vectorize", "local")),
            ai_gateway_id=text["AI_GATEWAY_ID"],
            session_secret=text["SESSION_SECRET"],
            allowed_origins=frozenset(_list(text["ALLOWED_ORIGINS"])),
            model_timeout_seconds=_number(text, "MODEL_TIMEOUT_SECONDS", 1, 600),
            max_output_tokens=_whole(text, "MAX_OUTPUT_TOKENS", 16, 32_768),
            context_tokens=_whole(text, "CONTEXT_TOKENS", 1_000, 1_000_000),
            max_steps=_whole(text, "MAX_STEPS", 1, 32),
            jobs_per_hour=_whole(text, "JOBS_PER_HOUR", 1, 100_000),
            sessions_per_guest=_whole(text, "SESSIONS_PER_GUEST", 1, 10_000),
            guest_turns_per_day=_whole(text, "GUEST_TURNS_PER_DAY", 1, 10_000),
            signup=cast("SignupPolicy", _one_of(text, "SIGNUP", ("open", "invite", "closed"))),
            invite_codes=frozenset(_list(text["INVITE_CODES"])),
            signup_credits=_whole(text, "SIGNUP_CREDITS", 0, 1_000_000),
            daily_budget_credits=_whole(text, "DAILY_BUDGET_CREDITS", 0, 1_000_000),
            rate_limits=read_rules(text["RATE_LIMITS"]),
            runs_at_once=_whole(text, "RUNS_AT_ONCE", 1, 1_000),
            builds_at_once=_whole(text, "BUILDS_AT_ONCE", 1, 100),
            executions_at_once=_whole(text, "EXECUTIONS_AT_ONCE", 1, 1_000),
            agent_models=_list(text["AGENT_MODELS"]),
            build_output_tokens=_whole(text, "BUILD_OUTPUT_TOKENS", 256, 131_072),
            build_timeout_seconds=_number(text, "BUILD_TIMEOUT_SECONDS", 1, 600),
            function_near_hosts=frozenset(_list(text["FUNCTION_NEAR_HOSTS"].lower())),
            fetch_allowed_hosts=_hosts(text, "FETCH_ALLOWED_HOSTS"),
            fetch_near_hosts=frozenset(_list(text["FETCH_NEAR_HOSTS"].lower())),
            fetch_resolver=text["FETCH_RESOLVER"],
            mesh_breaker_seconds=_whole(text, "MESH_BREAKER_SECONDS", 1, 3_600),
            watch_least_seconds=_whole(text, "WATCH_LEAST_SECONDS", 5, 86_400),
            sandbox_idle_seconds=_whole(text, "SANDBOX_IDLE_SECONDS", 5, 86_400),
            operators=frozenset(_list(text["OPERATORS"].lower())),
            metrics_token=_token(text, "METRICS_TOKEN"),
            trace_sample=_number(text, "TRACE_SAMPLE", 0, 1),
            mesh_workers=_whole(text, "MESH_WORKERS", 1, 64),
            log_level=_one_of(text, "LOG_LEVEL", ("debug", "info", "warning", "error")),
        )


def _embedding_model(text: dict[str, str]) -> str:
    """The model that ``auto`` stands for, or the one that is named."""
    named = text["EMBEDDING_MODEL"]
    if named != "auto":
        return named
    return "offline" if text["DEFAULT_MODEL"] == "offline" else DEFAULT_EMBEDDING_MODEL_ID


def _text(value: Any, default: str) -> str:
    """The environment's text without surrounding space; empty and missing are the default."""
    found = "" if value is None else str(value).strip()
    return found or default


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _hosts(text: dict[str, str], name: str) -> tuple[str, ...]:
    found = _list(text[name].lower())
    for each in found:
        problem = host_problem(each)
        if problem:
            raise ValueError(f"{name} names {each!r}, which {problem}")
    return found


def _number(text: dict[str, str], name: str, least: float, most: float) -> float:
    try:
        value = float(text[name])
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise ValueError(f"{name} is {text[name]!r}: it must be a number from {least} to {most}")
    return value


def _whole(text: dict[str, str], name: str, least: int, most: int) -> int:
    if not text[name].isdecimal():
        raise ValueError(f"{name} is {text[name]!r}: it must be a whole number")
    return int(_number(text, name, least, most))


def _token(text: dict[str, str], name: str) -> str:
    """The value itself is never told."""
    if 0 < len(text[name]) < 16:
        raise ValueError(f"{name} has {len(text[name])} characters: it must have 16 or more")
    return text[name]


def _one_of(text: dict[str, str], name: str, allowed: tuple[str, ...]) -> str:
    if text[name] not in allowed:
        raise ValueError(f"{name} is {text[name]!r}: it must be one of {', '.join(allowed)}")
    return text[name]
