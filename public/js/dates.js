// Dates as people say them. Times come as ISO 8601 in UTC; they are shown in the reader's own zone.

const DAY_MS = 86_400_000;
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const dayWithYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** Whole days from today, negative for the past. */
export function daysFromToday(iso, now = new Date()) {
  return Math.round((startOfDay(new Date(iso)) - startOfDay(now)) / DAY_MS);
}

/** "tomorrow, 17:00", "Fri, 3 May": the time only when one was given. */
export function dueWords({ dueAt, dueHasTime }, now = new Date()) {
  const days = daysFromToday(dueAt, now);
  const date = new Date(dueAt);
  const near = Math.abs(days) <= 1 ? capitalize(relative.format(days, "day")) : null;
  const far = date.getFullYear() === now.getFullYear() ? day.format(date) : dayWithYear.format(date);
  return dueHasTime ? `${near ?? far}, ${time.format(date)}` : (near ?? far);
}

export function isOverdue({ dueAt, dueHasTime, status }, now = new Date()) {
  if (!dueAt || status !== "pending") return false;
  return dueHasTime ? new Date(dueAt) < now : daysFromToday(dueAt, now) < 0;
}

/** Under which heading of the list of chats a time belongs. */
export function ageGroup(iso, now = new Date()) {
  const days = -daysFromToday(iso, now);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days <= 7) return "week";
  return days <= 30 ? "month" : "older";
}

export const exactTime = (iso) => (iso ? exact.format(new Date(iso)) : "");
export const clockTime = (iso) => (iso ? time.format(new Date(iso)) : "");

const capitalize = (words) => words.charAt(0).toUpperCase() + words.slice(1);
