// Reads a prompt template as it is typed: the variables it names, and what is wrong with it, where. The server reads it
// again when it is saved (littoral.registry.template has the rules) and has the last word. No words here (text.js).

export const INPUT = "input"; // what the caller says; every other variable is given by name
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MOST_VARIABLES = 32;

/**
 * `{parts, variables, faults}`. A part is {kind: "text" | "variable" | "fault", text}; together they are the template.
 * Variables are names, each once, in their order. A fault is {kind, at, line, column, found}; line and column from 1.
 * A template without any fault can be saved; one that does not use the input has the fault "input" at its end.
 */
export function readTemplate(template) {
  const parts = [];
  const names = new Set();
  const faults = [];
  let at = 0; // up to here it is in the parts
  const take = (kind, end) => {
    if (end > at) parts.push({ kind, text: template.slice(at, end) });
    at = end;
  };
  const wrong = (kind, found = "") => faults.push({ kind, at, ...placeOf(template, at), found });
  for (const { index, 0: sign } of template.matchAll(/\\?\{\{/g)) {
    if (sign.length === 3 || index < at) continue; // \{{ stands for two braces
    take("text", index);
    const hole = holeAt(template, index);
    if (hole.fault) wrong(hole.fault, hole.inside);
    else names.add(hole.inside.trim());
    take(hole.fault ? "fault" : "variable", hole.end);
  }
  take("text", template.length);
  if (names.size > MOST_VARIABLES + 1) wrong("many");
  if (!names.has(INPUT) && faults.length === 0) wrong("input");
  return { parts, variables: [...names], faults };
}

/** What stands in the braces that open at an index, where it ends, and what is wrong with it. */
function holeAt(template, index) {
  const end = template.indexOf("}}", index + 2);
  const again = template.indexOf("{{", index + 2);
  if (end < 0 || (again >= 0 && again < end)) return { fault: "open", inside: "", end: index + 2 };
  const inside = template.slice(index + 2, end);
  const name = inside.replace(/^ +| +$/g, "");
  return { fault: name === "" ? "empty" : NAME.test(name) ? null : "name", inside, end: end + 2 };
}

/** {line, column} of an index, both from 1; a column counts what people see as characters of the line. */
export function placeOf(text, at) {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return { line, column: [...before.slice(before.lastIndexOf("\n") + 1)].length + 1 };
}
