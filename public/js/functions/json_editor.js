// A box for JSON: says at once where it stops being JSON, and leads there.
import { Field } from "../components/field.js";
import { html, useRef } from "../lib.js";
import { read } from "./json_text.js";
import { text } from "./text.js";

/** `label` may be null where the box has its name from somewhere else (`named`). */
export function JsonEditor({ name, label, hint = null, wrong = null, words, onWords, rows = 4, named = null }) {
  const area = useRef(null);
  const { fault } = read(words);
  const go = () => {
    area.current.focus();
    area.current.setSelectionRange(fault.at, Math.min(fault.at + 1, words.length));
  };
  const complaint = fault
    ? html`${faultWords(fault)} <button type="button" class="fn-link" onClick=${go}>${text.json.show}</button>`
    : wrong;
  return html`<${Field} name=${name} label=${label} hint=${hint} wrong=${complaint} box=${(joined) => html`<textarea
    ...${joined}
    ref=${area}
    class="code-box"
    rows=${rows}
    aria-label=${named}
    spellcheck=${false}
    autocapitalize="off"
    autocomplete="off"
    value=${words}
    onInput=${(event) => onWords(event.target.value)}
  ></textarea>`} />`;
}

export const faultWords = ({ line, column, kind }) => text.json.at(line, column, text.json.faults[kind]);
