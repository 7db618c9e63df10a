// JSON Schemas of the description, in words. Does not know routes.

import { element } from "./element.js";

/** Follows `$ref` until there is none. `document_` is the whole OpenAPI description. */
export function resolved(document_, schema) {
  let found = schema ?? {};
  while (found.$ref) {
    const path = found.$ref.slice(2).split("/");
    found = path.reduce((place, key) => place[key], document_);
  }
  return found;
}

/** A value's type and limits as one line. */
export function typeInWords(document_, schema) {
  const found = resolved(document_, schema);
  if (found.anyOf) {
    return found.anyOf.map((each) => typeInWords(document_, each)).join(" or ");
  }
  if (found.enum) return found.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.type === "array") return `list of ${typeInWords(document_, found.items)}`.replace(/object$/, "objects");
  return [NAMES[found.type] ?? found.type ?? "anything", limitsInWords(found)]
    .filter(Boolean)
    .join(", ");
}

const NAMES = { string: "text", integer: "whole number", number: "number", boolean: "true or false" };

function limitsInWords(schema) {
  const words = [];
  if (schema.minLength !== undefined || schema.maxLength !== undefined) {
    words.push(`${schema.minLength ?? 0}–${schema.maxLength ?? "any"} characters`);
  }
  if (schema.minimum !== undefined || schema.maximum !== undefined) {
    words.push(`${schema.minimum ?? "any"}–${schema.maximum ?? "any"}`);
  }
  if (schema.default !== undefined) words.push(`default ${JSON.stringify(schema.default)}`);
  return words.join(", ");
}

/** The fields of an object as a list, objects inside of it nested; `null` for anything else. */
export function fieldList(document_, schema, depth = 0) {
  const inner = innermost(document_, schema);
  if (!inner.properties || depth > 4) return null;
  const needed = new Set(inner.required ?? []);
  return element(
    "ul",
    { class: "fields" },
    Object.entries(inner.properties).map(([name, property]) =>
      element(
        "li",
        null,
        element("code", null, name),
        needed.has(name) ? element("span", { class: "needed" }, "needed") : null,
        element("span", { class: "type" }, typeInWords(document_, property)),
        fieldList(document_, property, depth + 1),
      ),
    ),
  );
}

function innermost(document_, schema) {
  const found = resolved(document_, schema);
  if (found.type === "array") return innermost(document_, found.items);
  if (found.anyOf) {
    const object = found.anyOf.map((each) => innermost(document_, each));
    return object.find((each) => each.properties) ?? found;
  }
  return found;
}

/** A small value that fits a schema: what is needed, and what has an example. */
export function example(document_, schema) {
  const found = resolved(document_, schema);
  if (found.examples?.length) return found.examples[0];
  if (found.default !== undefined) return found.default;
  if (found.enum) return found.enum[0];
  if (found.anyOf) return example(document_, found.anyOf[0]);
  if (found.type === "object") {
    const names = found.required ?? Object.keys(found.properties ?? {}).slice(0, 1);
    return Object.fromEntries(names.map((n) => [n, example(document_, found.properties[n])]));
  }
  return { string: "text", integer: 1, number: 1, boolean: true, array: [] }[found.type] ?? null;
}
