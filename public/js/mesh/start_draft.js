// A task that is filled in: its values as a person writes them, what is wrong with them, and the request.

export const LONGEST = 4_000;
const LONGEST_ITEM = 8_000;
const MOST_ITEMS = 1_000;
export const WORKS = ["", "model", "text", "function", "fetch", "analyse"];
export const EMPTY = Object.freeze({ goal: "", items: "", work: "", deadline: "", parallel: "", retries: "" });

export const itemsOf = ({ items }) => items.split("\n").map((line) => line.trim()).filter(Boolean);

const LIMITS = { deadline: [(value) => value > 0, 1_440], parallel: [(value) => Number.isInteger(value) && value >= 1, 64], retries: [(value) => Number.isInteger(value) && value >= 0, 5] };

/** field → key of text.start.wrong; empty when all is well. */
export function findings(draft) {
  const found = {};
  const items = itemsOf(draft);
  if (!draft.goal.trim()) found.goal = "goal";
  else if ([...draft.goal].length > LONGEST) found.goal = "long";
  if (items.length > MOST_ITEMS) found.items = "many";
  else if (items.some((item) => [...item].length > LONGEST_ITEM)) found.items = "item";
  else if (draft.work === "fetch" && items.length === 0) found.items = "items";
  else if (draft.work === "fetch" && !items.every((item) => /^https?:\/\/\S+$/.test(item))) found.items = "address";
  for (const [field, [fits, most]] of Object.entries(LIMITS)) {
    const value = Number(draft[field]);
    if (draft[field].trim() && !(fits(value) && value <= most)) found[field] = field;
  }
  return found;
}

/** The body of POST /api/mesh/tasks. What was left empty is left to the server. */
export function toRequest(draft) {
  const items = itemsOf(draft);
  const number = (field, factor = 1) => (draft[field].trim() ? Math.round(Number(draft[field]) * factor) : undefined);
  return {
    goal: draft.goal.trim(),
    ...(items.length && { items }),
    ...(draft.work && { work: draft.work }),
    ...given({ deadlineSeconds: number("deadline", 60), parallel: number("parallel"), retries: number("retries") }),
  };
}

const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
