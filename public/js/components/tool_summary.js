// One line about a tool call in the reader's words.
import { toolName } from "../fold.js";
import { text } from "../text.js";
import { TOOL_STATE } from "../wire.js";

export function summary(part) {
  const name = toolName(part);
  if (part.state === TOOL_STATE.outputDenied) return text.tools.denied(name);
  if (part.state !== TOOL_STATE.outputAvailable) return text.tools.running(name);
  const titles = titlesOf(part);
  return text.tools.done[name]?.(titles.slice(0, 3), titles.length) ?? text.tools.fallback(name);
}

/** The titles that a call was about: as its result names them, else as it was asked. */
export function titlesOf({ input, output }) {
  for (const source of [output, input]) {
    const found = Array.isArray(source) ? source : (source?.tasks ?? source?.titles);
    if (Array.isArray(found) && found.length) return found.map((entry) => entry.title ?? entry).filter((title) => typeof title === "string");
  }
  return [];
}
