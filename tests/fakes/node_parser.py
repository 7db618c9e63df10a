"""Reads JavaScript with V8 as Node has it: `JavaScriptParser` for tests without a Workers runtime.

Sources are compiled and never run. Lines are told of classic scripts; of modules Node tells none.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from littoral.builder.ports import SyntaxProblem

_PROGRAM = """
const vm = require("node:vm");
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { source, module } = JSON.parse(line);
  let problem = null;
  try {
    if (module) new vm.SourceTextModule(source, { identifier: "source" });
    else new vm.Script(source, { filename: "source" });
  } catch (error) {
    const place = /^source:(\\d+)/.exec(error.stack);
    problem = { line: place ? Number(place[1]) : 0, message: error.message };
  }
  process.stdout.write(JSON.stringify(problem) + "\\n");
});
"""


class NodeParser:
    """A process with V8; `close` it at the end."""

    def __init__(self) -> None:
        node = shutil.which("node") or str(Path(__file__).parents[2] / ".venv" / "bin" / "node")
        self._process = subprocess.Popen(
            [node, "--no-warnings", "--experimental-vm-modules", "-e", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    async def problem(self, source: str, *, module: bool = True) -> SyntaxProblem | None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"source": source, "module": module}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return SyntaxProblem(**answer) if answer else None

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate(timeout=10)
