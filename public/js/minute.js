// The time as far as the page shows it: moves once a minute, so that "tomorrow" and "overdue" stay true.
import { signal } from "./reactive.js";

const MINUTE_MS = 60_000;

export const minute = signal(Date.now());

setInterval(() => {
  minute.value = Date.now();
}, MINUTE_MS);
