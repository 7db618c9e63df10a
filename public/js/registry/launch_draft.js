// What somebody fills in to execute an agent: its fields, what is wrong with them, and the request they become. The server
// checks everything again; its findings come back to the same fields.
import { INPUT, readTemplate } from "./template.js";

export const LONGEST_INPUT = 32_000;
export const EMPTY = Object.freeze({ input: "", variables: Object.freeze({}), mode: "stream", location: "", cache: "", temperature: "" });

/** The names that must be given besides the input. */
export const variablesOf = (agent) => readTemplate(agent.promptTemplate ?? "").variables.filter((name) => name !== INPUT);

/** What is asked of POST /api/agents/<id>/execute. */
export function toRequest({ input, variables, mode, location, cache, temperature }, agent) {
  const names = variablesOf(agent);
  return {
    input,
    ...(names.length ? { variables: Object.fromEntries(names.map((name) => [name, variables[name] ?? ""])) } : {}),
    mode,
    ...(location ? { edgeLocation: location } : {}),
    ...(cache ? { cache } : {}),
    ...(temperature.trim() ? { temperature: Number(temperature.replace(",", ".")) } : {}),
  };
}

/** `{field: key of text.execute.wrong}`; variables as "variables.<name>". */
export function findings(draft, agent) {
  const wrong = {};
  if (!draft.input.trim()) wrong.input = "input";
  else if (draft.input.length > LONGEST_INPUT) wrong.input = "long";
  for (const name of variablesOf(agent)) if (!(draft.variables[name] ?? "").trim()) wrong[`variables.${name}`] = "variable";
  const temperature = draft.temperature.trim() && Number(draft.temperature.replace(",", "."));
  if (temperature !== "" && !(temperature >= 0 && temperature <= 2)) wrong.temperature = "temperature";
  return wrong;
}

/** The server's findings `[{field, message}]` as `{field of the form: message}`; "" for any other. */
export function fromServer(errors, agent) {
  const fields = ["input", "temperature", ...variablesOf(agent).map((name) => `variables.${name}`)];
  const placed = {};
  for (const { field, message } of errors) placed[fields.includes(field) ? field : { edgeLocation: "location" }[field] ?? ""] ??= message;
  return placed;
}
