// What somebody fills in to begin a build: its fields, what is wrong with them, and the request it becomes.

export const MODES = ["deterministic", "smart"];
export const LONGEST_QUERY = 20_000;
/** field → the most that may be asked for; the server's own limits. */
export const BUDGETS = { tokens: 4_000_000, calls: 1_000, seconds: 21_600, credits: 10_000 };

export const EMPTY = Object.freeze({ query: "", mode: "deterministic", look: true, tokens: "", calls: "", seconds: "", credits: "" });

/** `{field: key of text.form.wrong}` of what must be put right first; empty when it may be sent. */
export function findings(draft) {
  const wrong = {};
  const length = draft.query.trim().length;
  if (length === 0) wrong.query = "empty";
  else if (length > LONGEST_QUERY) wrong.query = "long";
  for (const [field, most] of Object.entries(BUDGETS)) {
    const words = draft[field].trim();
    if (words && !(Number.isInteger(Number(words)) && Number(words) >= 1 && Number(words) <= most)) wrong[field] = "budget";
  }
  return wrong;
}

/** `start` is false when the plan is looked at before anything is built. */
export function toRequest(draft) {
  const asked = Object.keys(BUDGETS).filter((field) => draft[field].trim());
  const budget = Object.fromEntries(asked.map((field) => [field, Number(draft[field])]));
  return {
    query: draft.query.trim(),
    mode: draft.mode,
    start: !draft.look,
    ...(asked.length ? { budget } : {}),
  };
}
