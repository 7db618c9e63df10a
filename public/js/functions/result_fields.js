// What a result must look like, as rows of a form {name, kind, required, choices}, and the JSON Schema that they are.
// A schema that says more than rows can say stays JSON.
import { isObject } from "./json_text.js";

export const ROW_KINDS = ["text", "number", "integer", "flag", "date", "choice", "texts", "numbers"];

const OF_KIND = {
  text: { type: "string" },
  number: { type: "number" },
  integer: { type: "integer" },
  flag: { type: "boolean" },
  date: { type: "string", format: "date" },
  texts: { type: "array", items: { type: "string" } },
  numbers: { type: "array", items: { type: "number" } },
};

export const newRow = () => ({ name: "", kind: "text", required: true, choices: "" });

/** The schema of rows; undefined when there are none. */
export function schemaOfRows(rows) {
  const named = rows.filter(({ name }) => name.trim());
  if (named.length === 0) return undefined;
  const required = named.filter((row) => row.required).map(({ name }) => name.trim());
  return {
    type: "object",
    properties: Object.fromEntries(named.map((row) => [row.name.trim(), schemaOfRow(row)])),
    ...(required.length ? { required } : {}),
    additionalProperties: false,
  };
}

function schemaOfRow({ kind, choices }) {
  return kind === "choice" ? { type: "string", enum: choicesOf(choices) } : OF_KIND[kind];
}

const choicesOf = (words) => [...new Set(words.split(",").map((each) => each.trim()).filter(Boolean))];

/** The rows of a schema; null when it says more than rows can. */
export function rowsOf(schema) {
  if (!isObject(schema) || !isObject(schema.properties)) return null;
  const needed = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(([name, inner]) => rowOf(name, inner, needed.has(name)));
  if (rows.some((row) => row === null)) return null;
  return same(schemaOfRows(rows), { additionalProperties: false, ...schema }) ? rows : null;
}

function rowOf(name, schema, required) {
  const kind = ROW_KINDS.find((each) => each !== "choice" && same(OF_KIND[each], schema));
  if (kind) return { name, kind, required, choices: "" };
  const isChoice = isObject(schema) && Array.isArray(schema.enum) && schema.enum.every((each) => typeof each === "string" && !each.includes(","));
  return isChoice ? { name, kind: "choice", required, choices: schema.enum.join(", ") } : null;
}

/** What is wrong with each row, by its number: a key of text.schema.wrong. */
export function rowFindings(rows) {
  const wrong = {};
  const seen = new Set();
  rows.forEach(({ name, kind, choices }, at) => {
    const given = name.trim();
    if (given && seen.has(given)) wrong[at] = "twice";
    else if (given && kind === "choice" && choicesOf(choices).length === 0) wrong[at] = "choices";
    seen.add(given);
  });
  return wrong;
}

function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return names.length === others.length && names.every((name) => same(one[name], other[name]));
}
