// A watch that is filled in: its values as a person writes them, what is wrong with them, and the request.

const FACTORS = { seconds: 1, minutes: 60, hours: 3_600 };
export const UNITS = Object.keys(FACTORS);
export const EMPTY = Object.freeze({ url: "", name: "", every: "5", unit: "minutes", question: "", webhookId: "" });

export const isAddress = (words) => /^https?:\/\/[^\s/]+\S*$/i.test(words.trim()) && URL.canParse(words.trim());

/** field → key of text.watches.wrong; empty when all is well. */
export function findings({ url, name, every, question }) {
  const found = {};
  if (!isAddress(url)) found.url = "url";
  if (!(Number(every) > 0)) found.every = "every";
  if (name.length > 120) found.name = "long";
  if (question.length > 1_000) found.question = "long";
  return found;
}

/** The body of POST /api/mesh/watches. */
export function toRequest({ url, name, every, unit, question, webhookId }) {
  const optional = { name: name.trim(), question: question.trim(), webhookId };
  return { url: url.trim(), everySeconds: seconds(every, unit), ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value)) };
}

/** What a PATCH says: everything that the form holds, so that a question can be taken away too. */
export function toChange({ url, name, every, unit, question, webhookId }) {
  const kept = { url: url.trim(), question: question.trim() || null, everySeconds: seconds(every, unit), webhookId: webhookId || null };
  return name.trim() ? { ...kept, name: name.trim() } : kept;
}

/** The form's values of a watch that is there. */
export function draftOf({ url, name, everySeconds, question, webhookId }) {
  const unit = UNITS.findLast((each) => everySeconds % FACTORS[each] === 0) ?? "seconds";
  return { url, name: name ?? "", every: String(everySeconds / FACTORS[unit]), unit, question: question ?? "", webhookId: webhookId ?? "" };
}

const seconds = (every, unit) => Math.round(Number(every) * FACTORS[unit]);
