// A call as words for a terminal and for Python. The key is never in them: they read it from the environment.
import { write } from "./json_text.js";

const KEY = "LITTORAL_KEY";

const CALL = "/fn";

/** A command for a POSIX shell: a POST of `request` to `path`. */
export function asCurl(origin, request, path = CALL) {
  return [
    `curl -sS '${origin}${path}' \\`,
    `  -H "authorization: Bearer $${KEY}" \\`,
    "  -H 'content-type: application/json' \\",
    `  --data-binary ${quoted(write(request))}`,
  ].join("\n");
}

const quoted = (words) => `'${words.replace(/'/g, "'\\''")}'`;

/** The same as a program that needs nothing but Python itself. */
export function asPython(origin, request, path = CALL) {
  return `import json
import os
from urllib.request import Request, urlopen

call = ${python(request, "")}
request = Request(
    ${JSON.stringify(`${origin}${path}`)},
    data=json.dumps(call).encode(),
    headers={
        "authorization": f"Bearer {os.environ['${KEY}']}",
        "content-type": "application/json",
    },
)
with urlopen(request, timeout=150) as answer:
    print(json.load(answer))
`;
}

const WORDS = new Map([[null, "None"], [true, "True"], [false, "False"]]);
const LONGEST_LINE = 60;

function python(value, indent) {
  if (WORDS.has(value)) return WORDS.get(value);
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = (inner) => (isList ? value.map((each) => python(each, inner)) : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${python(each, inner)}`));
  const [open, close] = isList ? "[]" : "{}";
  const short = `${open}${parts(indent).join(", ")}${close}`;
  if (short.length <= LONGEST_LINE && !short.includes("\n") && indent) return short;
  const inner = `${indent}    `;
  return `${open}\n${parts(inner).map((part) => `${inner}${part},\n`).join("")}${indent}${close}`;
}
