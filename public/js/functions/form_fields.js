// The fields of a form, read off a JSON Schema: what each box is, what it is called, what it may hold. What a form
// cannot show as boxes is one JSON box ("json"). No drawing here.
import { isObject } from "./json_text.js";

const MOST_CHOICES = 60;
const LONG_TEXT = 200;
const MOST_HOPS = 8;

/** The root's field; the fields of an object are in `fields`. Groups are shown one level deep. */
export function formOf(schema) {
  return field(schema, { name: "", required: true, root: schema, depth: 0 });
}

function field(given, { name, required, root, depth }) {
  const schema = resolved(given, root);
  const type = typeOf(schema);
  const base = {
    name,
    required,
    schema,
    type,
    label: schema.title || spoken(name),
    hint: schema.description ?? "",
    nullable: [].concat(schema.type ?? []).includes("null"),
  };
  return { ...base, ...shape(schema, type, root, depth) };
}

function shape(schema, type, root, depth) {
  const choices = schema.enum ?? ("const" in schema ? [schema.const] : null);
  if (choices) return choices.length <= MOST_CHOICES && choices.every(isScalar) ? { kind: "choice", choices } : { kind: "json" };
  if (["anyOf", "oneOf", "allOf", "$ref", "if", "not"].some((word) => word in schema)) return { kind: "json" };
  if (type === "string") return { kind: textKind(schema) };
  if (type === "number" || type === "integer") return { kind: "number" };
  if (type === "boolean") return { kind: "flag" };
  if (type === "array") return listShape(schema, root);
  if (type === "object" && depth < 2 && isObject(schema.properties)) return { kind: "group", fields: fieldsOf(schema, root, depth) };
  return { kind: "json" };
}

function fieldsOf(schema, root, depth) {
  const needed = new Set(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, inner]) => field(inner, { name, required: needed.has(name), root, depth: depth + 1 }));
}

function textKind({ format, maxLength, contentMediaType }) {
  if (format === "date") return "date";
  return contentMediaType || maxLength > LONG_TEXT ? "long" : "text";
}

function listShape(schema, root) {
  if (schema.prefixItems || !schema.items) return { kind: schema.prefixItems ? "json" : "list", item: null };
  const items = resolved(schema.items, root);
  const item = typeOf(items);
  if (items.enum) return items.enum.length <= MOST_CHOICES && items.enum.every(isScalar) ? { kind: "choices", choices: items.enum } : { kind: "json" };
  return ["string", "number", "integer"].includes(item) ? { kind: "list", item, items } : { kind: "json" };
}

/** What a schema's own `$ref` stands for; a schema that is true or odd allows everything. */
function resolved(given, root) {
  let schema = given;
  for (let hop = 0; hop < MOST_HOPS && isObject(schema) && typeof schema.$ref === "string"; hop++) {
    if (!schema.$ref.startsWith("#/")) break;
    const found = schema.$ref.slice(2).split("/").reduce((at, part) => at?.[part.replace(/~1/g, "/").replace(/~0/g, "~")], root);
    const { $ref: _ref, ...own } = schema;
    schema = isObject(found) ? { ...found, ...own } : {};
  }
  return isObject(schema) ? schema : {};
}

function typeOf({ type, properties }) {
  const types = [].concat(type ?? (properties ? "object" : [])).filter((each) => each !== "null");
  return types.length === 1 ? types[0] : null;
}

const isScalar = (value) => ["string", "number", "boolean"].includes(typeof value) || value === null;

/** "dueDate" and "due_date" → "Due date". */
export function spoken(name) {
  const words = name.replace(/[_-]+/g, " ").replace(/([a-z\d])([A-Z])/g, "$1 $2").trim();
  return words && words[0].toUpperCase() + words.slice(1).replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

/** The schema that describes a value as it is: what a form for it is made from. */
export function schemaOf(value, depth = 0) {
  if (typeof value === "string") return { type: "string", ...(value.includes("\n") || value.length > 80 ? { maxLength: 1e6 } : {}) };
  if (typeof value === "number") return { type: "number" };
  if (typeof value === "boolean") return { type: "boolean" };
  if (Array.isArray(value)) return listSchema(value);
  if (!isObject(value) || depth > 1) return {};
  const properties = Object.entries(value).map(([name, each]) => [name, { title: name, ...schemaOf(each, depth + 1) }]);
  return { type: "object", properties: Object.fromEntries(properties), required: Object.keys(value) };
}

function listSchema(values) {
  if (values.length === 0) return { type: "array" };
  const kinds = new Set(values.map((each) => typeof each));
  const [kind] = kinds;
  return kinds.size === 1 && ["string", "number"].includes(kind) ? { type: "array", items: { type: kind } } : {};
}
