// Figures of operations in words: spans of time, shares, rates, ages.
import { text } from "./text.js";

const few = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const count = (value) => whole.format(value);
export const compact = (value) => short.format(value);
export const number = (value) => few.format(value);
export const share = (value) => percent.format(value);
/** Per second; per minute where that would be less than a tenth. */
export const rate = (perSecond) => (perSecond > 0 && perSecond < 0.1 ? text.perMinute(few.format(60 * perSecond)) : text.perSecond(few.format(perSecond)));

/** "8 ms", "1.25 s", "3 min"; a dash for what nobody measured. */
export function span(ms) {
  if (ms === null || ms === undefined) return text.nothing;
  if (ms < SECOND_MS) return text.units.ms(ms < 10 ? few.format(ms) : whole.format(ms));
  if (ms < MINUTE_MS) return text.units.s(few.format(ms / SECOND_MS));
  if (ms < HOUR_MS) return text.units.min(whole.format(ms / MINUTE_MS));
  return text.units.h(few.format(ms / HOUR_MS));
}

/** How long ago, from an age in milliseconds. */
export const ago = (ms) => (ms < SECOND_MS ? text.justNow : text.ago(span(Math.round(ms / SECOND_MS) * SECOND_MS)));

/** The time on an axis: the hour, or the day where the steps are long. */
export const axisWords = (atMs, stepMs) => (stepMs * 120 > DAY_MS ? day : clock).format(new Date(atMs));
export const momentWords = (iso) => full.format(new Date(iso));
export const secondWords = (iso) => exact.format(new Date(iso));
