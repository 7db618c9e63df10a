// Sizes, spans of time and amounts as people read them. No words that need a translation: units are signs.

const SIZES = ["B", "KB", "MB", "GB"];
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const amount = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

export function bytes(number) {
  let size = number ?? 0;
  let unit = 0;
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${short.format(size)} ${SIZES[unit]}`;
}

/** "0.4 s", "12 s", "3 min 05 s", "2 h". */
export function span(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${short.format(seconds)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const whole = Math.floor(seconds);
  return whole < 3600 ? pair(whole, 60, "min", 1, "s") : pair(whole, 3_600, "h", 60, "min");
}

function pair(seconds, size, unit, part, partUnit) {
  const rest = Math.floor((seconds % size) / part);
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  return rest ? `${whole} ${String(rest).padStart(2, "0")} ${partUnit}` : whole;
}

/** How long something took, or has taken until `now`; null when it has not begun. */
export function elapsed({ startedAt, endedAt }, now) {
  if (!startedAt) return null;
  return (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt);
}

export const credits = (number) => amount.format(number ?? 0);
export const exactClock = (iso) => (iso ? clock.format(new Date(iso)) : "");

/** "3 min ago", "in 2 hr.". */
export function ago(iso, now = Date.now()) {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, "second");
}
