// JSON that somebody types: read it with the place of what is wrong, write it so that it can be read.
import { fault } from "./json_fault.js";

/** {value} of a text, undefined when it is empty; {fault} with a place when it is no JSON. */
export function read(text) {
  if (!text.trim()) return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: fault(text) ?? { at: 0, line: 1, column: 1, kind: "value" } };
  }
}

/** The text of a value: short lists of plain values on one line, everything else a line each. */
export function write(value) {
  return value === undefined ? "" : lines(value, "");
}

const LONGEST_LINE = 60;

function lines(value, indent) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const short = JSON.stringify(value);
  if (Array.isArray(value) && short.length <= LONGEST_LINE && value.every(isPlain)) return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((each) => lines(each, inner))
    : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${lines(each, inner)}`);
  if (parts.length === 0) return short;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

export const isPlain = (value) => value === null || typeof value !== "object";
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy of a value with another one at a path (names and numbers); undefined takes the member away. */
export function withAt(value, path, next) {
  if (path.length === 0) return next;
  const [name, ...rest] = path;
  const own = isObject(value) || Array.isArray(value) ? value : {};
  const inner = withAt(own[name], rest, next);
  if (Array.isArray(own)) return own.map((each, at) => (at === Number(name) ? inner : each));
  const { [name]: _gone, ...others } = own;
  if (inner === undefined) return others;
  return name in own ? Object.fromEntries(Object.entries(own).map(([key, each]) => [key, key === name ? inner : each])) : { ...own, [name]: inner };
}
