// The form that begins a build. What is wrong is said at its field; the words stay until they were accepted.
// Its values are builds.draft (draft.js).
import { announce } from "../announcer.js";
import { Field } from "../components/field.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { goToBuild } from "./address.js";
import { BUDGETS, EMPTY, findings, LONGEST_QUERY, MODES } from "./draft.js";
import { Examples } from "./examples.js";
import { Refusal } from "./refusal.js";
import { text } from "./text.js";

const words = text.form;
const NEAR_THE_END = LONGEST_QUERY * 0.8;

export function StartForm({ app, builds }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const draft = builds.draft.value;
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid]")?.focus();
  }, [wrong]);
  const change = (values) => {
    builds.change(values);
    setWrong((known) => Object.fromEntries(Object.entries(known).filter(([field]) => !(field in values))));
  };
  const send = async (event) => {
    event.preventDefault();
    if (builds.starting.peek()) return;
    setRefusal(null);
    const found = findings(draft);
    setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    if (Object.keys(found).length) return;
    try {
      const id = await builds.begin();
      announce(words.started);
      goToBuild(id);
    } catch (error) {
      setRefusal(error);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.current.requestSubmit();
  };
  return html`<form class="build-form" ref=${form} onSubmit=${send} onKeyDown=${keys} novalidate>
    <div class="build-hero"><${Icon} name="builds" /><h2>${words.title}</h2><p>${words.lead}</p></div>
    <${Query} draft=${draft} change=${change} wrong=${wrong.query} />
    ${!draft.query && html`<${Examples} builds=${builds} />`}
    <${Mode} draft=${draft} change=${change} />
    <label class="check">
      <input type="checkbox" checked=${draft.look} onChange=${(event) => change({ look: event.target.checked })} />
      <span><b>${words.look}</b><span class="hint">${words.lookHint}</span></span>
    </label>
    <${Limits} draft=${draft} change=${change} wrong=${wrong} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">
      <span class="hint keys">${words.shortcut}</span>
      <button class="button primary" disabled=${builds.starting.value}><${Glyph} name="play" />${builds.starting.value ? words.starting : words.start[draft.look]}</button>
    </div>
  </form>`;
}

function Query({ draft, change, wrong }) {
  const { length } = draft.query;
  const left = length > NEAR_THE_END && html`<p class=${length > LONGEST_QUERY ? "field-wrong" : "hint"}>${words.left(length, LONGEST_QUERY)}</p>`;
  return html`<div><${Field} name="query" label=${words.query} hint=${words.queryHint} wrong=${wrong} box=${(joined) => html`<textarea
    ...${joined}
    rows="4"
    value=${draft.query}
    onInput=${(event) => change({ query: event.target.value })}
  ></textarea>`} />${left}</div>`;
}

function Mode({ draft, change }) {
  return html`<div class="build-mode"><fieldset class="segments">
      <legend>${words.mode}</legend>
      ${MODES.map(
        (mode) => html`<label><input
          type="radio"
          name="mode"
          value=${mode}
          checked=${draft.mode === mode}
          onChange=${() => change({ mode })}
        /><span>${words.modes[mode]}</span></label>`,
      )}
    </fieldset>
    <p class="hint">${words.modeHint[draft.mode]}</p></div>`;
}

function Limits({ draft, change, wrong }) {
  const fields = Object.keys(BUDGETS);
  const open = fields.some((field) => draft[field] !== EMPTY[field] || wrong[field]);
  return html`<details class="fold" open=${open}>
    <summary><${Icon} name="chevron" />${words.options}</summary>
    <div class="build-limits">
      ${fields.map(
        (field) => html`<${Field} key=${field} name=${field} label=${words.budgets[field]} wrong=${wrong[field]} box=${(joined) => html`<input
          ...${joined}
          inputmode="numeric"
          autocomplete="off"
          placeholder=${words.usual[field]}
          value=${draft[field]}
          onInput=${(event) => change({ [field]: event.target.value })}
        />`} />`,
      )}
      <p class="hint">${words.budgetHint}</p>
    </div>
  </details>`;
}
