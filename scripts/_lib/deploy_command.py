"""`scripts/deploy`: the whole platform on Cloudflare. May be run again at any time."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from _lib import project
from _lib.deploying.config import config_path, made_config, read_config, write_config
from _lib.deploying.deployment import Deployment, plan
from _lib.deploying.environment import PRODUCTION, Environment, read_environment
from _lib.deploying.pages import stage_pages
from _lib.deploying.verify import RealWeb, problems_of
from _lib.deploying.wrangler_calls import WranglerCommand
from _lib.dry_run import dry_run
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime, ensure_runtime
from _lib.progress import say
from _lib.settings_file import secret_names
from _lib.snapshot_preflight import preflight
from _lib.staging import stage
from _lib.wrangler import wrangler_environment

FOLDER = project.ROOT / "deployments"
_EXAMPLE_ORIGIN = "https://littoral.example.workers.dev"
_MIB = 1024 * 1024


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    environment = read_environment(FOLDER, options.env)
    runtime = ensure_runtime()
    scratch = project.CACHE / "deploy" / environment.name
    scratch.mkdir(parents=True, exist_ok=True)
    _rehearse(runtime, environment, scratch)
    if options.dry_run:
        say("nothing was changed: this was a rehearsal")
        return 0
    return _deploy(runtime, environment, scratch)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/deploy",
        description="Create what is missing (database, queues, buckets, index, secrets), migrate, "
        "deploy the Worker and, where the environment has it, the front end on Pages; then look "
        "whether it works. Run again, it changes only what is new.",
    )
    parser.add_argument(
        "--env", default=PRODUCTION, metavar="NAME",
        help=f"an environment of deployments/ (default: {PRODUCTION})",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help="rehearse everything that needs no network: plan, staging, upload, Pages",
    )  # fmt: skip
    return parser


def _rehearse(runtime: LocalRuntime, environment: Environment, scratch: Path) -> None:
    """What a deploy would refuse later is refused here, before anything is changed."""
    config = read_config(project.ROOT / "wrangler.toml")
    migrations = sorted(file.name for file in (project.ROOT / "migrations").glob("*.sql"))
    say(f"environment {environment.name}")
    for line in plan(config, environment, migrations, sorted(_secrets())):
        say(f"  {line}")
    staged = stage()
    path = config_path(project.ROOT, environment)
    try:
        write_config(path, made_config(config, environment, {}))
        size = dry_run(runtime, staged=staged, scratch=scratch / "dry-run", config=path)
    finally:
        path.unlink(missing_ok=True)
    say(f"  upload: {len(staged)} files and packages, {size / _MIB:.1f} MiB")
    kept = preflight(runtime, build=project.BUILD, scratch=scratch / "preflight")
    say(f"  snapshot of the start: {kept / _MIB:.1f} MiB")
    origin = environment.known_origin or _EXAMPLE_ORIGIN
    changed = stage_pages(project.ROOT / "public", scratch / "pages", api_origin=origin)
    say(f"  Pages: can be staged for {origin} ({', '.join(changed)})")


def _deploy(runtime: LocalRuntime, environment: Environment, scratch: Path) -> int:
    shell = wrangler_environment(runtime, scratch=scratch)
    if environment.account_id:
        shell["CLOUDFLARE_ACCOUNT_ID"] = environment.account_id
    deployment = Deployment(
        root=project.ROOT,
        scratch=scratch,
        config=read_config(project.ROOT / "wrangler.toml"),
        environment=environment,
        wrangler=WranglerCommand(runtime, shell, project.ROOT),
        secret_values=_secrets(),
        tell=_done,
    )
    deployment.run()
    pages = environment.pages
    problems = problems_of(
        RealWeb(),
        api_origin=deployment.origin,
        pages_origin=pages.origins[0] if pages else None,
        tell=_done,
    )
    if problems:
        raise SetupFailure(
            "deployed, and not all of it works: " + "; ".join(problems),
            "docs/operations.md has what to do; ./scripts/deploy may be run again",
        )
    say("deployed and seen to work")
    return 0


def _secrets() -> dict[str, str]:
    return {name: os.environ[name] for name in secret_names() if os.environ.get(name)}


def _done(line: str) -> None:
    say(f"  {line}")
