// The one status line that screen readers hear. The log of messages is not live while an answer
// streams (it would be read word by word); its beginning and end are said here instead.
import { signal } from "./reactive.js";

export const announcement = signal("");

export function announce(words) {
  announcement.value = announcement.peek() === words ? `${words}\u00a0` : words; // said again when repeated
}
