// What somebody fills in to start a run: its fields, what is wrong with them, and the request it becomes.
// The server checks everything again; its findings come back to the same fields.

export const KINDS = ["command", "commands", "task"];
export const LONGEST_SECONDS = 86_400;
const UNITS = { seconds: 1, minutes: 60, hours: 3_600 };
const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?$/i;

export const EMPTY = Object.freeze({
  kind: "command",
  command: "",
  commands: "",
  task: "",
  title: "",
  requireApproval: false,
  time: "10",
  timeUnit: "minutes",
  network: "",
  sessionId: "",
});

/** The fields of a run that was started before, to be changed and started again. */
export function draftOf({ title, kind, sessionId, input }) {
  const seconds = input.timeoutSeconds ?? 600;
  const timeUnit = Object.keys(UNITS).findLast((unit) => seconds % UNITS[unit] === 0);
  return {
    ...EMPTY,
    kind: KINDS.includes(kind) ? kind : "command",
    command: input.command ?? "",
    commands: (input.commands ?? []).join("\n"),
    task: input.task ?? "",
    title: [input.command, input.task].includes(title) ? "" : (title ?? ""),
    requireApproval: Boolean(input.requireApproval),
    time: String(seconds / UNITS[timeUnit]),
    timeUnit,
    network: (input.network ?? []).join("\n"),
    sessionId: sessionId ?? "",
  };
}

/** `{field: key of text.form.wrong}` of what must be put right first; empty when it may be sent. */
export function findings(draft) {
  const wrong = {};
  if (!draft[draft.kind].trim()) wrong[draft.kind] = "empty";
  const seconds = secondsOf(draft);
  if (!Number.isInteger(seconds) || seconds < 1) wrong.time = "time";
  else if (seconds > LONGEST_SECONDS) wrong.time = "timeTooLong";
  if (hostsOf(draft).some((host) => !HOST.test(host))) wrong.network = "host";
  return wrong;
}

export function toRequest(draft) {
  const words = draft[draft.kind].trim();
  const hosts = hostsOf(draft);
  return {
    [draft.kind]: draft.kind === "commands" ? lines(draft.commands) : words,
    timeoutSeconds: secondsOf(draft),
    requireApproval: draft.requireApproval,
    ...(draft.title.trim() ? { title: draft.title.trim() } : {}),
    ...(hosts.length ? { network: hosts } : {}),
    ...(draft.sessionId ? { sessionId: draft.sessionId } : {}),
  };
}

/** The server's findings `[{field, message}]` as `{field of the form: message}`; "" for any other. */
export function fromServer(errors) {
  const placed = {};
  for (const { field, message } of errors) {
    const [name] = field.split(".");
    const place = FIELDS[name] ?? "";
    placed[place] ??= message;
  }
  return placed;
}

const FIELDS = {
  command: "command",
  commands: "commands",
  task: "task",
  title: "title",
  timeoutSeconds: "time",
  network: "network",
  sessionId: "sessionId",
};

const lines = (words) => words.split("\n").map((line) => line.trim()).filter(Boolean);
const hostsOf = ({ network }) => network.split(/[\s,]+/).filter(Boolean);
const secondsOf = ({ time, timeUnit }) => Math.round(Number(time.replace(",", ".")) * UNITS[timeUnit] * 1000) / 1000;
