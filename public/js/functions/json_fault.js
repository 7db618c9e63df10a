// Where a text stops being JSON. Browsers say it in words of their own and some say no place, so the place is
// looked for here: only after JSON.parse has refused the text.

const WHITE = /[ \t\n\r]*/y;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const DEEPEST = 200;

/** {at, line, column, kind} of the first thing that is wrong, counted from 1; null when the text is JSON. */
export function fault(text) {
  try {
    const end = skip(text, value(text, 0, 0));
    return end < text.length ? place(text, end, "extra") : null;
  } catch (found) {
    if (!(found instanceof Fault)) throw found;
    return place(text, found.at, found.at >= text.length ? "end" : found.kind);
  }
}

class Fault extends Error {
  constructor(at, kind) {
    super(kind);
    Object.assign(this, { at, kind });
  }
}

function place(text, at, kind) {
  const before = text.slice(0, at).split("\n");
  return { at, line: before.length, column: before.at(-1).length + 1, kind };
}

function skip(text, at) {
  WHITE.lastIndex = at;
  return at + WHITE.exec(text)[0].length;
}

function value(text, from, depth) {
  const at = skip(text, from);
  if (depth > DEEPEST) throw new Fault(at, "deep");
  if (text[at] === "{") return members(text, at, depth, "}", member);
  if (text[at] === "[") return members(text, at, depth, "]", value);
  if (text[at] === '"') return string(text, at);
  if (text[at] === "'") throw new Fault(at, "quotes");
  return token(WORD, text, at, "value");
}

function string(text, at) {
  const end = token(STRING, text, at, null);
  if (end !== null) return end;
  const line = text.indexOf("\n", at);
  throw new Fault(line < 0 ? text.length : line, "string");
}

function token(pattern, text, at, kind) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found) return at + found[0].length;
  if (kind === null) return null;
  throw new Fault(at, kind);
}

function member(text, from, depth) {
  const at = skip(text, from);
  if (text[at] !== '"') throw new Fault(at, "name");
  const colon = skip(text, string(text, at));
  if (text[colon] !== ":") throw new Fault(colon, "colon");
  return value(text, colon + 1, depth);
}

function members(text, from, depth, close, one) {
  let at = skip(text, from + 1);
  if (text[at] === close) return at + 1;
  while (true) {
    at = skip(text, one(text, at, depth + 1));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new Fault(at, "comma");
    const next = skip(text, at + 1);
    if (text[next] === close) throw new Fault(at, "trailing");
    at = next;
  }
}
