// What is wrong with a value for a form, before the server is asked: the rules that a person can break in a box. The
// server knows all rules and has the last word. Pure: {path: {rule, limit}} with paths such as "address.city".
import { isObject } from "./json_text.js";

export function check(field, value) {
  const wrong = {};
  look(field, value, [], wrong);
  return wrong;
}

function look(field, value, path, wrong) {
  const say = (rule, limit = null) => (wrong[path.join(".")] ??= { rule, limit });
  if (value === undefined || (value === null && field.nullable)) {
    if (value === undefined && field.required && field.kind !== "group") say("required");
    if (field.kind === "group" && field.required) inside(field, {}, path, wrong);
    return;
  }
  if (field.kind === "choice") return void (field.choices.includes(value) || say("choice"));
  if (field.kind === "group") return isObject(value) ? inside(field, value, path, wrong) : say("json");
  CHECKS[field.kind]?.(field, value, say);
}

function inside(field, value, path, wrong) {
  for (const each of field.fields) look(each, value[each.name], [...path, each.name], wrong);
}

const CHECKS = {
  text,
  long: text,
  date: (_field, value, say) => void (isDate(value) || say("date")),
  flag: (_field, value, say) => void (typeof value === "boolean" || say("flag")),
  number: (field, value, say) => number(field.schema, field.type, value, say),
  list: list,
  choices: list,
};

function text({ schema }, value, say) {
  if (typeof value !== "string") return say("text");
  const { length } = [...value];
  if (length < (schema.minLength ?? 0)) return say("short", schema.minLength);
  if (length > (schema.maxLength ?? Infinity)) return say("long", schema.maxLength);
  if (schema.pattern && !matches(schema.pattern, value)) say("pattern", schema.pattern);
}

function matches(pattern, value) {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true; // a pattern of another dialect: the server knows
  }
}

function number(schema, type, value, say) {
  if (typeof value !== "number") return say(type === "integer" ? "integer" : "number");
  if (type === "integer" && !Number.isInteger(value)) return say("integer");
  if (value < (schema.minimum ?? -Infinity)) return say("least", schema.minimum);
  if (value > (schema.maximum ?? Infinity)) return say("most", schema.maximum);
  if (value <= (schema.exclusiveMinimum ?? -Infinity)) return say("over", schema.exclusiveMinimum);
  if (value >= (schema.exclusiveMaximum ?? Infinity)) say("under", schema.exclusiveMaximum);
}

function list({ schema, item, items }, value, say) {
  if (!Array.isArray(value)) return say("list");
  if (value.length < (schema.minItems ?? 0)) return say("few", schema.minItems);
  if (value.length > (schema.maxItems ?? Infinity)) return say("many", schema.maxItems);
  if (schema.uniqueItems && new Set(value.map((each) => JSON.stringify(each))).size < value.length) return say("unique");
  if (item === "number" || item === "integer") for (const each of value) number(items, item, each, say);
  if (item === "string") for (const each of value) text({ schema: items }, each, say);
}

function isDate(value) {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
