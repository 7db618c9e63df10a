"""The parts of set-up that decide: versions, settings, locks, failures with a next step."""

import argparse
import json
import os
import socket
import stat
import sys
from pathlib import Path

import pytest

from _lib.bench_command import measurements
from _lib.dev_command import port_number
from _lib.failures import SetupFailure
from _lib.npm_lock import fill_platform_holes
from _lib.processes import require_disk, run_tool
from _lib.settings_file import local_settings, session_secret, write_settings_file
from _lib.test_command import split_arguments
from _lib.toolchain import node_version
from _lib.workerd_wrapper import ensure_wrapper
from _lib.wrangler import require_free_port


@pytest.mark.parametrize(
    ("shown", "version"),
    [("v22.12.0\n", (22, 12, 0)), ("v8.1.3", (8, 1, 3)), ("node?", (0, 0, 0)), ("", (0, 0, 0))],
)
def test_the_version_of_node_is_read(shown: str, version: tuple[int, int, int]) -> None:
    assert node_version(shown) == version


def fail(tmp_path: Path, message: str) -> SetupFailure:
    program = f"import sys; sys.exit({message!r})"
    with pytest.raises(SetupFailure) as caught:
        run_tool([sys.executable, "-c", program], what="no tool", how="read on", cwd=tmp_path)
    return caught.value


@pytest.mark.parametrize(
    ("message", "step"),
    [
        ("npm error code ENOTFOUND", "the package registry did not answer"),
        ("NewConnectionError: refused", "the package registry did not answer"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("something else", "read on"),
    ],
)
def test_a_tool_that_fails_names_the_next_step_and_its_last_lines(
    tmp_path: Path, message: str, step: str
) -> None:
    failure = fail(tmp_path, message)

    assert failure.what == "no tool"
    assert failure.how.startswith(step)
    assert message in failure.how


def test_a_tool_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupFailure, match="no-such-tool does not start"):
        run_tool(["no-such-tool"], what="no tool", how="install it", cwd=tmp_path)


def test_a_full_disk_is_told_before_anything_is_installed(tmp_path: Path) -> None:
    with pytest.raises(SetupFailure, match="MiB of disk are free"):
        require_disk(tmp_path, mebibytes=10**9)


def test_a_taken_port_is_told_with_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SetupFailure, match=f"port {port} is taken") as caught:
            require_free_port(port)

    assert f"--port {port + 1}" in caught.value.how


def test_settings_of_the_environment_are_passed_and_the_model_is_offline_otherwise() -> None:
    names = ("DEFAULT_MODEL", "OPENAI_API_KEY", "LOG_LEVEL")
    environment = {"OPENAI_API_KEY": "key", "LOG_LEVEL": "", "HOME": "/home/me"}

    settings = local_settings(names, environment, session_secret="made")

    assert settings == {
        "DEFAULT_MODEL": "offline",
        "EMBEDDING_MODEL": "offline",
        "OPENAI_API_KEY": "key",
        "OPERATORS": "*",
        "SESSION_SECRET": "made",
        "TRACE_SAMPLE": "1",
        "WATCH_LEAST_SECONDS": "5",
    }
    chosen = local_settings(names, {"DEFAULT_MODEL": "openai/x"}, session_secret="made")
    assert chosen["DEFAULT_MODEL"] == "openai/x"


def test_the_session_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = session_secret(tmp_path)

    assert session_secret(tmp_path) == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "session_secret").stat().st_mode) == 0o600


def test_the_settings_file_is_private_and_quotes_its_values(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    write_settings_file(path, {"B": 'a$b "c" # d', "A": "it's"})

    assert path.read_text() == 'A="it\'s"\nB=\'a\\$b "c" # d\'\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("value", ["two\nlines", "a \\ slash", "'\"`"])
def test_a_value_that_no_settings_file_can_hold_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SetupFailure, match="NAME cannot be passed"):
        write_settings_file(tmp_path / "settings.env", {"NAME": value})


def test_arguments_after_two_dashes_are_pytests() -> None:
    assert split_arguments(["unit", "--", "-k", "chat"]) == (["unit"], ["-k", "chat"])
    assert split_arguments(["unit"]) == (["unit"], [])


def test_the_lock_gets_an_entry_for_every_platform(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    tool = {
        "dev": True,
        "optionalDependencies": {"@tool/linux-x64": "1.0.0", "@tool/windows-64": "1.0.0"},
    }
    packages = {"node_modules/tool": tool, "node_modules/@tool/linux-x64": {"version": "1.0.0"}}
    lock.write_text(json.dumps({"packages": packages}))

    assert fill_platform_holes(lock) == ["@tool/windows-64"]
    assert fill_platform_holes(lock) == []
    assert json.loads(lock.read_text())["packages"]["node_modules/@tool/windows-64"] == {
        "version": "1.0.0",
        "cpu": ["x64"],
        "dev": True,
        "optional": True,
        "os": ["win32"],
    }


def test_the_wrapper_names_the_bundle_before_workerds_own_arguments(tmp_path: Path) -> None:
    echo = tmp_path / "workerd it is"
    echo.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    echo.chmod(0o755)
    wrapper = ensure_wrapper(native_workerd=echo, bundle_folder=tmp_path)
    no_build = {"PATH": os.environ["PATH"]}

    shown = run_tool(
        [wrapper, "serve", "--binary", "a b"], what="", how="", cwd=tmp_path, env=no_build
    )
    plain = run_tool([wrapper, "--version"], what="", how="", cwd=tmp_path)

    assert shown == f"serve|--pyodide-bundle-disk-cache-dir={tmp_path}|--binary|a b|"
    assert plain == "--version|"


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", ""])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a port"):
        port_number(text)


def test_measurements_are_found_with_their_summaries(tmp_path: Path) -> None:
    (tmp_path / "bench_chat.py").write_text('"""Turns of a chat.\n\nMore."""\n')
    (tmp_path / "peers.py").write_text('"""No measurement."""\n')

    assert measurements(tmp_path) == {"chat": "Turns of a chat."}
