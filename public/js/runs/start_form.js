// The form that starts a run. What is wrong is said at its field, by the form before it is sent and by the
// server after; the words stay until they were accepted. Its values are runs.draft (draft.js).
import { html, useEffect, useRef, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { Field } from "../components/field.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { wayOn } from "../limits.js";
import { accountAddress, goToRun } from "./address.js";
import { findings, fromServer, KINDS } from "./draft.js";
import { StartOptions } from "./start_options.js";
import { text } from "./text.js";

const words = text.form;

export function StartForm({ app, runs }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const draft = runs.draft.value;
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid]")?.focus();
  }, [wrong]);
  const change = (values) => {
    runs.change(values);
    setWrong((known) => Object.fromEntries(Object.entries(known).filter(([field]) => !(field in values))));
  };
  const send = async (event) => {
    event.preventDefault();
    if (runs.starting.peek()) return;
    setRefusal(null);
    const found = findings(draft);
    if (Object.keys(found).length) return setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    try {
      const id = await runs.begin();
      announce(words.started);
      goToRun(id);
    } catch (error) {
      const placed = fromServer(error.errors ?? []);
      setWrong(placed);
      if (placed[""] !== undefined || Object.keys(placed).length === 0) setRefusal(error);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.current.requestSubmit();
  };
  return html`<form class="start-form" ref=${form} onSubmit=${send} onKeyDown=${keys} novalidate>
    <${KindChoice} draft=${draft} change=${change} />
    <${What} draft=${draft} change=${change} wrong=${wrong[draft.kind]} />
    <${StartOptions} runs=${runs} draft=${draft} change=${change} wrong=${wrong} />
    ${refusal && html`<${Refusal} app=${app} refusal=${refusal} />`}
    <div class="actions">
      <span class="hint keys">${words.shortcut}</span>
      <button class="button primary" disabled=${runs.starting.value}><${Glyph} name="play" />${runs.starting.value ? words.starting : words.start}</button>
    </div>
  </form>`;
}

/** Why it was not started, and the way on where there is one. */
function Refusal({ app, refusal }) {
  const way = wayOn(refusal, { guest: app.guest });
  return html`<div class="card error" role="alert">
    <${Icon} name="warning" />
    <div>
      <p><b>${refusal.message}</b></p>
      ${refusal.nextStep && html`<p>${refusal.nextStep}</p>`}
      ${way && html`<p class="way"><a href=${accountAddress}>${way}</a></p>`}
    </div>
  </div>`;
}

function KindChoice({ draft, change }) {
  return html`<fieldset class="segments kinds">
    <legend class="unseen">${words.kind}</legend>
    ${KINDS.map(
      (kind) => html`<label><input
        type="radio"
        name="kind"
        value=${kind}
        checked=${draft.kind === kind}
        onChange=${() => change({ kind })}
      /><span>${words.kinds[kind]}</span></label>`,
    )}
  </fieldset>`;
}

function What({ draft, change, wrong }) {
  const { kind } = draft;
  const code = kind !== "task";
  return html`<${Field}
    key=${kind}
    name=${kind}
    label=${words[kind]}
    hint=${words[`${kind}Hint`]}
    wrong=${wrong}
    box=${(joined) => html`<textarea
      ...${joined}
      class=${code ? "code-box" : ""}
      rows=${kind === "command" ? 2 : 5}
      maxlength="20000"
      spellcheck=${!code}
      autocapitalize=${code ? "off" : null}
      autocomplete="off"
      value=${draft[kind]}
      onInput=${(event) => change({ [kind]: event.target.value })}
    ></textarea>`}
  />
  ${!draft[kind] && html`<ul class="examples" aria-label=${words.examples}>
    ${words.example[kind].map(
      (example) => html`<li><button type="button" class=${code ? "example code" : "example"} onClick=${() => change({ [kind]: example })}>${example}</button></li>`,
    )}
  </ul>`}`;
}
