// What a job and a human task can be, and what may be done with a job in each state. No words (text.js).

export const TYPES = ["code", "object", "agentic", "human"];

const GOING = ["queued", "running", "waiting"];
const ENDED = ["completed", "failed", "cancelled", "expired"];

export const JOB_STATUSES = [...GOING, ...ENDED];

export const hasEnded = (status) => ENDED.includes(status);

/** The actions of a job that are offered, in their order. */
export const actionsFor = (status) => (hasEnded(status) ? ["edit", "replay"] : ["edit", "cancel"]);

/** How a state feels: "busy", "ask", "still", "good", "bad" or "over". Colours and marks follow it. */
export const tone = (status) => TONES[status] ?? "still";

const TONES = {
  running: "busy",
  waiting: "ask",
  completed: "good",
  failed: "bad",
  cancelled: "over",
  expired: "over",
  rejected: "bad",
};

/** How sure a number from 0 to 1 is: a key of text.sure. Less than 0.75 is not run. */
export function sureness(confidence) {
  if (confidence >= 0.9) return "very";
  if (confidence >= 0.75) return "enough";
  return confidence >= 0.5 ? "unsure" : "guess";
}

/** Every type with its confidence, the found one first: [{type, confidence, why}]. */
export function ranked({ type, confidence, alternatives = [] }) {
  const others = alternatives.filter((each) => each.type !== type);
  const own = alternatives.find((each) => each.type === type);
  return type ? [{ type, confidence, why: own?.why ?? "" }, ...others] : others;
}
