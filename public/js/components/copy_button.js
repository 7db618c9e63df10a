// Copies words and says for a moment that it did.
import { html, useState } from "../lib.js";
import { copy } from "../clipboard.js";
import { text } from "../text.js";
import { IconButton } from "./icon.js";

export function CopyButton({ words, toasts, label }) {
  const [done, setDone] = useState(false);
  const press = async () => {
    if (!(await copy(words(), toasts))) return;
    setDone(true);
    setTimeout(() => setDone(false), 1_500);
  };
  return html`<${IconButton}
    icon=${done ? "check" : "copy"}
    label=${done ? text.chat.copied : label}
    class=${done ? "done" : ""}
    onClick=${press}
  />`;
}
