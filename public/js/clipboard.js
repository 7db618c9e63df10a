// Copying, with a word for the screen reader and a note when the browser refuses.
import { announce } from "./announcer.js";
import { text } from "./text.js";

/** Whether the words are in the clipboard now. */
export async function copy(words, toasts) {
  try {
    await navigator.clipboard.writeText(words);
    announce(text.chat.copied);
    return true;
  } catch {
    toasts?.show({ text: text.chat.copyFailed, kind: "error" });
    return false;
  }
}
