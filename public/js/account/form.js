// A form that says what is wrong beside each field, before and after the server was asked, and sends once.
import { html, useId, useRef, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { Icon } from "../components/icon.js";
import { refusal } from "./rules.js";
import { text } from "./text.js";

/** `check(values)` gives {field: words}; `send(values)` may fail. Returns what a form needs. */
export function useForm({ first, check, send }) {
  const [values, setValues] = useState(first);
  const [problems, setProblems] = useState({});
  const [words, setWords] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  const refuse = (found, sentence = "") => {
    setProblems(found);
    setWords(sentence);
    if (sentence) announce(sentence);
    requestAnimationFrame(() => form.current?.querySelector("[aria-invalid=true]")?.focus());
  };
  const set = (name) => (value) => {
    setValues((known) => ({ ...known, [name]: value }));
    setProblems(({ [name]: gone, ...rest }) => rest);
  };
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const found = check(values);
    if (Object.keys(found).length) return refuse(found);
    setBusy(true);
    refuse({});
    try {
      await send(values);
    } catch (error) {
      const { problems: named, words: sentence } = refusal(error, Object.keys(first));
      refuse(named, sentence);
    }
    setBusy(false);
  };
  return { values, problems, words, busy, set, form, submit };
}

export function Field({ label, hint, problem, value, onValue, after = null, ...input }) {
  const id = useId();
  const about = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <div class="field-box"><input
      id=${id}
      value=${value}
      aria-invalid=${Boolean(problem)}
      aria-describedby=${about || null}
      onInput=${(event) => onValue(event.target.value)}
      ...${input}
    />${after}</div>
    ${problem && html`<p class="field-problem" id=${`${id}-problem`}>${problem}</p>`}
    ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}

export function Check({ label, hint, checked, onChecked, ...input }) {
  const id = useId();
  return html`<div class="choice">
    <input
      id=${id}
      type="checkbox"
      checked=${checked}
      aria-describedby=${hint ? `${id}-hint` : null}
      onChange=${(event) => onChecked(event.target.checked)}
      ...${input}
    />
    <label for=${id}>${label}</label>
    ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}

export function Refusal({ words }) {
  return words ? html`<div class="card error" role="alert"><${Icon} name="warning" /><div><p>${words}</p></div></div>` : null;
}

export function Submit({ busy, label }) {
  return html`<button class="button primary wide" aria-disabled=${busy}>${busy ? text.door.working : label}</button>`;
}
