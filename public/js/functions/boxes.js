// The boxes of a form: each shows one value and tells what somebody made of it. Words that are not yet a number or a
// list stay in the box; the value is then the words themselves, which the form's check refuses.
import { html, useState } from "../lib.js";
import { JsonEditor } from "./json_editor.js";
import { read, write } from "./json_text.js";
import { text } from "./text.js";

/** `joined` joins a box to its label, hint and error. `onValue(undefined)` means: nothing is given. */
export function Box({ field, joined, value, onValue }) {
  const Kind = BOXES[field.kind];
  return html`<${Kind} field=${field} joined=${joined} value=${value} onValue=${onValue} />`;
}

const BOXES = { text: TextBox, long: LongBox, date: DateBox, number: NumberBox, list: ListBox, choice: ChoiceBox };

const shown = (value) => (value === undefined || value === null ? "" : String(value));
const typed = (onValue) => (event) => onValue(event.target.value === "" ? undefined : event.target.value);

function TextBox({ field, joined, value, onValue }) {
  const type = { email: "email", uri: "url" }[field.schema.format] ?? "text";
  return html`<input ...${joined} type=${type} autocomplete="off" value=${shown(value)} onInput=${typed(onValue)} />`;
}

function LongBox({ joined, value, onValue }) {
  return html`<textarea ...${joined} rows="3" value=${shown(value)} onInput=${typed(onValue)}></textarea>`;
}

function DateBox({ joined, value, onValue }) {
  return html`<input ...${joined} type="date" value=${shown(value)} onInput=${typed(onValue)} />`;
}

/** A box whose words mean something else: while somebody types they stay as typed. */
function useWords(value, say) {
  const [words, setWords] = useState(null);
  return { words: words ?? say(value), type: setWords, leave: () => setWords(null) };
}

function NumberBox({ joined, value, onValue }) {
  const { words, type, leave } = useWords(value, shown);
  const change = (event) => {
    type(event.target.value);
    onValue(numberOf(event.target.value));
  };
  return html`<input ...${joined} inputmode="decimal" autocomplete="off" value=${words} onInput=${change} onBlur=${leave} />`;
}

function numberOf(words) {
  const plain = words.trim();
  if (plain === "") return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : words;
}

function ListBox({ field, joined, value, onValue }) {
  const { words, type, leave } = useWords(value, sayList(field.item));
  const change = (event) => {
    type(event.target.value);
    onValue(listOf(field.item, event.target.value));
  };
  return html`<textarea ...${joined} rows="2" value=${words} onInput=${change} onBlur=${leave}></textarea>`;
}

const isNumeric = (item) => item === "number" || item === "integer";
const sayList = (item) => (value) => (Array.isArray(value) ? value.map(shown).join(isNumeric(item) ? ", " : "\n") : shown(value));

function listOf(item, words) {
  const parts = words.split(isNumeric(item) ? /[,\s]+/ : "\n").map((each) => each.trim()).filter(Boolean);
  if (parts.length === 0) return undefined;
  return item === "string" ? parts : parts.map(numberOf);
}

function ChoiceBox({ field, joined, value, onValue }) {
  const at = field.choices.indexOf(value);
  return html`<select
    ...${joined}
    value=${at < 0 ? "" : String(at)}
    onChange=${(event) => onValue(event.target.value === "" ? undefined : field.choices[Number(event.target.value)])}
  >
    <option value="">${text.box.choose}</option>
    ${field.choices.map((choice, number) => html`<option value=${String(number)}>${String(choice)}</option>`)}
  </select>`;
}

/** A value that no box fits, as JSON. Words that are none mean nothing; they stay until they are put right. */
export function JsonValue({ field, name, label, hint, wrong, value, onValue }) {
  const { words, type } = useWords(value, write);
  const change = (given) => {
    type(given);
    onValue(read(given).value);
  };
  const isBroken = Boolean(read(words).fault);
  return html`<${JsonEditor} name=${name} label=${label} hint=${hint || null} wrong=${isBroken ? null : wrong} words=${words} onWords=${change} rows=${field.required ? 4 : 3} />`;
}
