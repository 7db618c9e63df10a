// What the rows of usage mean: sums by day, kind or model, and the columns of a chart. No DOM.
// A row is one day, kind and model: {day, kind, model, count, inputTokens, outputTokens, credits,
// errors}. Days are UTC, as the server counts them.
const DAY_MS = 86_400_000;
const SERIES = 4;
const SUMMED = ["count", "inputTokens", "outputTokens", "credits", "errors"];
const OTHERS = "\u0000others";

const isoDay = (ms) => new Date(ms).toISOString().slice(0, 10);

/** The last so many days, today included: {from, to} as days. */
export function span(days, now = Date.now()) {
  return { from: isoDay(now - (days - 1) * DAY_MS), to: isoDay(now) };
}

/** Every day from the first to the last. */
export function daysOf({ from, to }) {
  const days = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) days.push(isoDay(at));
  return days;
}

export function measureOf(row, measure) {
  return measure === "tokens" ? row.inputTokens + row.outputTokens : row[measure];
}

/** The sums of rows. */
export function sumOf(rows) {
  const sums = SUMMED.map((name) => [name, rounded(rows.reduce((sum, row) => sum + (row[name] ?? 0), 0))]);
  return Object.fromEntries(sums);
}

/** One sum for each day (in order, without gaps), kind or model (the largest first). */
export function sumsBy(rows, dimension, range, measure = "credits") {
  const groups = new Map(dimension === "day" ? daysOf(range).map((day) => [day, []]) : []);
  for (const row of rows) {
    const name = row[dimension] ?? "";
    if (dimension === "day" && !groups.has(name)) continue;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const sums = [...groups].map(([name, own]) => ({ name, ...sumOf(own) }));
  if (dimension === "day") return sums;
  return sums.sort((a, b) => measureOf(b, measure) - measureOf(a, measure) || b.count - a.count);
}

/**
 * The columns of a chart by day: {columns: [{day, total, parts: [{kind, value, begin}]}], kinds, top}.
 * `kinds` are the largest few, and OTHERS for the rest; `top` is a round number that no column exceeds.
 */
export function stack(rows, range, measure) {
  const ordered = sumsBy(rows, "kind", range, measure).map(({ name }) => name);
  const shown = ordered.length > SERIES + 1 ? [...ordered.slice(0, SERIES), OTHERS] : ordered;
  const nameOf = (kind) => (shown.includes(kind) ? kind : OTHERS);
  const columns = daysOf(range).map((day) => {
    const own = rows.filter((row) => row.day === day);
    let total = 0;
    const parts = shown.map((kind) => {
      const value = own.filter((row) => nameOf(row.kind) === kind).reduce((sum, row) => sum + measureOf(row, measure), 0);
      const part = { kind, value: rounded(value), begin: total };
      total = rounded(total + value);
      return part;
    });
    return { day, total, parts: parts.filter(({ value }) => value > 0) };
  });
  return { columns, kinds: shown, top: roundTop(Math.max(...columns.map(({ total }) => total))) };
}

export const isOthers = (kind) => kind === OTHERS;

/** The next of 1, 2, 2.5, 5 times a power of ten. */
export function roundTop(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return rounded([1, 2, 2.5, 5, 10].find((step) => step * power >= value * 0.999999) * power);
}

/** Without the dust of binary fractions. */
const rounded = (value) => Number(value.toFixed(6));
