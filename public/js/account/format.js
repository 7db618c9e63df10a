// Numbers, times and spans as the reader's language writes them.
const few = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const change = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3, signDisplay: "exceptZero" });
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moment = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
const thisYear = new Intl.DateTimeFormat(undefined, moment);
const otherYear = new Intl.DateTimeFormat(undefined, { ...moment, year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const SPANS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const FAR_DAYS = 45;

export const number = (value) => few.format(value);
export const signed = (value) => change.format(value);
export const compact = (value) => short.format(value);
/** `utcDay` is a day as the server counts them: "2030-05-03". */
export const dayWords = (utcDay) => day.format(new Date(utcDay));
export const longDayWords = (utcDay) => longDay.format(new Date(utcDay));

/** Day and time; the year where it is not this one. */
export function momentWords(iso, now = new Date()) {
  const at = new Date(iso);
  return (at.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(at);
}


/** "in 30 days", "5 minutes ago"; the date when it is far away. */
export function fromNow(iso, now = Date.now()) {
  const distance = new Date(iso) - now;
  const [unit, span] = SPANS.find(([, each]) => Math.abs(distance) >= each) ?? ["minute", 60_000];
  if (unit === "day" && Math.abs(distance) > FAR_DAYS * span) return date.format(new Date(iso));
  return relative.format(Math.round(distance / span) || 0, unit);
}

export const seconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${few.format(Number((ms / 1000).toFixed(1)))} s`);
