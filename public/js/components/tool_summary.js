// One line about a tool call in the reader's words.
import { toolName } from "../fold.js";
import { talkText } from "../talk_text.js";
import { text } from "../text.js";
import { TOOL_STATE } from "../wire.js";

export function summary(part) {
  const name = toolName(part);
  if (part.state === TOOL_STATE.outputDenied) return talkText.tools.denied(name);
  if (part.state !== TOOL_STATE.outputAvailable) return talkText.tools.running(name);
  const titles = titlesOf(part);
  return talkText.tools.done[name]?.(titles.slice(0, 3), titles.length) ?? talkText.tools.fallback(name);
}

/** The titles that a call was about: as its result names them, else as it was asked. */
export function titlesOf({ input, output }) {
  const found = output?.tasks?.length ? output.tasks : input?.tasks;
  if (!Array.isArray(found)) return [];
  return found.map((entry) => entry?.title ?? entry).filter((title) => typeof title === "string");
}

/** What a call would work on, in words: the model names tasks by number or "all", people by title. */
export function meantBy({ input }, tasks) {
  const known = tasks ?? [];
  const references = Array.isArray(input?.tasks) ? input.tasks.map((entry) => String(entry?.title ?? entry)) : [];
  if (known.length && references.some((reference) => reference.toLowerCase() === "all")) return known.map(({ title }) => title);
  const byNumber = new Map(known.map(({ id, title }) => [String(id), title]));
  return references.map((reference) => byNumber.get(reference.replace(/^#/, "")) ?? reference);
}
