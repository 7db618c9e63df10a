// What somebody fills in to call a function: its fields, what is wrong with them, and the request it becomes. The
// server checks everything again; its findings come back to the same fields.
import { isObject, read, write } from "./json_text.js";
import { rowFindings, rowsOf, schemaOfRows } from "./result_fields.js";

export const MODES = ["sync", "async"];
export const LONGEST_DESCRIPTION = 4_000;
const UNITS = { minutes: 60, hours: 3_600, days: 86_400 };
const LONGEST_DEADLINE = 30 * 86_400;
const HOST = /^(\*\.)?([a-z\d]([a-z\d-]*[a-z\d])?\.)*[a-z\d]([a-z\d-]*[a-z\d])?(:\d{1,5})?$/i;

export const EMPTY = Object.freeze({
  description: "",
  args: "",
  argsView: "form",
  schemaView: "any", // any, fields, json
  rows: [],
  schema: "",
  type: "",
  mode: "sync",
  language: "",
  network: "",
  examples: "",
  deadline: "",
  deadlineUnit: "days",
  assignee: "",
  note: "",
});

/** The fields of a job that was done before, to be changed and done again. */
export function draftOf({ description, args, schema, examples = [], options = {} }) {
  const seconds = options.deadlineSeconds;
  const deadlineUnit = Object.keys(UNITS).findLast((unit) => seconds % UNITS[unit] === 0) ?? "days";
  const isUsual = !seconds || seconds === 7 * 86_400;
  return {
    ...EMPTY,
    description,
    args: args === null || args === undefined ? "" : write(args),
    ...schemaFields(schema ?? undefined),
    type: options.type ?? "",
    mode: MODES.includes(options.mode) ? options.mode : "sync",
    language: options.language ?? "",
    network: (options.network ?? []).join("\n"),
    examples: examples.length ? write(examples) : "",
    deadline: isUsual ? "" : String(Math.round((seconds / UNITS[deadlineUnit]) * 100) / 100),
    deadlineUnit,
    assignee: options.assignee ?? "",
    note: options.note ?? "",
  };
}

function schemaFields(schema) {
  if (schema === undefined) return { schemaView: "any", rows: [], schema: "" };
  const rows = rowsOf(schema);
  return { schemaView: rows ? "fields" : "json", rows: rows ?? [], schema: write(schema) };
}

/** The schema that the draft means: {value} or {fault}. */
export function schemaOfDraft({ schemaView, rows, schema }) {
  if (schemaView === "any") return { value: undefined };
  return schemaView === "fields" ? { value: schemaOfRows(rows) } : read(schema);
}

/** The same schema in another view. Rows that cannot say it stay away: the view is "json" then. */
export function inView(draft, schemaView) {
  const { value } = schemaOfDraft(draft);
  if (schemaView === "json") return { schemaView, schema: value === undefined ? draft.schema : write(value) };
  if (schemaView === "fields" && draft.schemaView === "json" && draft.schema.trim()) {
    const rows = rowsOf(value);
    return rows ? { schemaView, rows } : {};
  }
  return { schemaView };
}

/** `{field: key of text.form.wrong}` of what must be put right first; empty when it may be sent. */
export function findings(draft) {
  const wrong = {};
  const { length } = draft.description.trim();
  if (length === 0) wrong.description = "empty";
  else if (length > LONGEST_DESCRIPTION) wrong.description = "long";
  if (read(draft.args).fault) wrong.args = "json";
  const schema = schemaOfDraft(draft);
  if (schema.fault) wrong.schema = "json";
  else if (schema.value !== undefined && !isObject(schema.value) && typeof schema.value !== "boolean") wrong.schema = "schema";
  else if (draft.schemaView === "fields" && Object.keys(rowFindings(draft.rows)).length) wrong.schema = "rows";
  const examples = read(draft.examples);
  if (examples.fault) wrong.examples = "json";
  else if (examples.value !== undefined && !areExamples(examples.value)) wrong.examples = "examples";
  if (hostsOf(draft).some((host) => !HOST.test(host))) wrong.network = "host";
  if (draft.deadline.trim() && !isDeadline(secondsOf(draft))) wrong.deadline = "deadline";
  return wrong;
}

const areExamples = (value) => Array.isArray(value) && value.every((each) => isObject(each) && "args" in each && "result" in each);
const isDeadline = (seconds) => Number.isFinite(seconds) && seconds >= 1 && seconds <= LONGEST_DEADLINE;
const hostsOf = ({ network }) => network.split(/[\s,]+/).filter(Boolean);
const secondsOf = ({ deadline, deadlineUnit }) => Math.round(Number(deadline.replace(",", ".")) * UNITS[deadlineUnit]);

/** What is asked of POST /fn. */
export function toRequest(draft) {
  const options = given({
    mode: draft.mode,
    type: draft.type,
    language: draft.language,
    network: hostsOf(draft),
    deadlineSeconds: draft.deadline.trim() ? secondsOf(draft) : null,
    assignee: draft.assignee.trim(),
    note: draft.note.trim(),
  });
  return { ...toQuestion(draft), ...given({ examples: read(draft.examples).value }), options };
}

/** What is asked of POST /fn/classify; the type is left out, for it is what is asked. */
export function toQuestion(draft) {
  return { description: draft.description.trim(), ...given({ args: read(draft.args).value, schema: schemaOfDraft(draft).value }) };
}

const isGiven = (value) => value !== "" && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
const given = ({ args, ...values }) => ({
  ...(args === undefined ? {} : { args }), // arguments may be anything, an empty list too
  ...Object.fromEntries(Object.entries(values).filter(([, value]) => isGiven(value))),
});

/** The server's findings `[{field, message}]` as `{field of the form: message}`; "" for any other. */
export function fromServer(errors) {
  const placed = {};
  for (const { field, message } of errors) {
    const name = field.replace(/^options\./, "").split(".")[0];
    placed[FIELDS[name] ?? ""] ??= message;
  }
  return placed;
}

const FIELDS = {
  description: "description",
  args: "args",
  schema: "schema",
  examples: "examples",
  network: "network",
  deadlineSeconds: "deadline",
  assignee: "assignee",
  note: "note",
};
