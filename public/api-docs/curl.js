// A curl command for a route, to paste into a shell.

import { example } from "./schema.js";

/** The command as text. Path parameters stand as shell variables such as `$SESSION_ID`. */
export function curlCommand(document_, method, path, operation) {
  const query = (operation.parameters ?? [])
    .filter((each) => each.in === "query" && each.required)
    .map((each) => `${each.name}=${encodeURIComponent(example(document_, each.schema))}`);
  const address = path.replace(/\{(\w+)\}/g, (_, name) => `$${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`);
  const url = `${location.origin}${address}${query.length ? `?${query.join("&")}` : ""}`;
  const lines = [`curl -s -b cookies -c cookies "${url}"`];
  if (method !== "get") lines.push(`-X ${method.toUpperCase()}`);
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (schema) {
    const body = JSON.stringify(example(document_, schema)).replaceAll("'", "'\\''");
    lines.push("-H 'content-type: application/json'", `-d '${body}'`);
  }
  return lines.join(" \\\n  ");
}
