// The form that starts a task: a goal, items, the kind of work. What is wrong is said at its field; the words stay until
// they were accepted. Its values are mesh.starter (starter.js, start_draft.js).
import { announce } from "../announcer.js";
import { Field } from "../components/field.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { goToTask } from "./address.js";
import { Refusal } from "./refusal.js";
import { EMPTY, findings, itemsOf, WORKS } from "./start_draft.js";
import { text } from "./text.js";

const words = text.start;
const NUMBERS = ["deadline", "parallel", "retries"];

export function StartForm({ app, mesh }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const { starter } = mesh;
  const draft = starter.draft.value;
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid]")?.focus();
  }, [wrong]);
  const change = (values) => {
    starter.change(values);
    setWrong((known) => (Object.keys(known).some((field) => field in values) ? Object.fromEntries(Object.entries(known).filter(([field]) => !(field in values))) : known));
  };
  const send = async (event) => {
    event.preventDefault();
    if (starter.busy.peek()) return;
    setRefusal(null);
    const found = findings(draft);
    setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    if (Object.keys(found).length) return;
    try {
      const id = await starter.start();
      announce(words.started);
      goToTask(id);
    } catch (error) {
      setRefusal(error);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.current.requestSubmit();
  };
  return html`<form class="mesh-form mesh-section" ref=${form} aria-label=${words.title} onSubmit=${send} onKeyDown=${keys} novalidate>
    <h2>${words.title}</h2>
    <${Goal} draft=${draft} change=${change} wrong=${wrong} />
    ${!draft.goal && html`<${Ideas} change=${change} />`}
    <${Work} draft=${draft} change=${change} />
    <${Numbers} draft=${draft} change=${change} wrong=${wrong} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">
      <span class="hint mesh-keys">${words.shortcut}</span>
      <button class="button primary" disabled=${starter.busy.value}><${Glyph} name="play" />${starter.busy.value ? words.going : words.go}</button>
    </div>
  </form>`;
}

function Goal({ draft, change, wrong }) {
  const area = (name, rows) => (joined) => html`<textarea ...${joined} rows=${rows} value=${draft[name]} onInput=${(event) => change({ [name]: event.target.value })}></textarea>`;
  return html`
    <${Field} name="goal" label=${words.goal} hint=${words.goalHint} wrong=${wrong.goal} box=${area("goal", 2)} />
    <${Field} name="items" label=${words.items} hint=${words.itemsHint(itemsOf(draft).length)} wrong=${wrong.items} box=${area("items", 2)} />`;
}

function Ideas({ change }) {
  return html`<ul class="examples mesh-ideas" aria-label=${words.examples}>
    ${text.ideas.map(({ title, ...idea }) => html`<li key=${title}><button type="button" class="example" onClick=${() => change({ ...EMPTY, ...idea })}><b>${title}</b> ${idea.goal}</button></li>`)}
  </ul>`;
}

function Work({ draft, change }) {
  return html`<${Field} name="work" label=${words.work} hint=${words.workHint[draft.work]} box=${(joined) => html`<select ...${joined} value=${draft.work} onChange=${(event) => change({ work: event.target.value })}>
    ${WORKS.map((each) => html`<option value=${each}>${words.works[each]}</option>`)}
  </select>`} />`;
}

function Numbers({ draft, change, wrong }) {
  const open = NUMBERS.some((field) => draft[field] || wrong[field]);
  return html`<details class="fold" open=${open}>
    <summary><${Icon} name="chevron" />${words.more}</summary>
    <div class="mesh-numbers">
      ${NUMBERS.map((field) => html`<${Field} key=${field} name=${field} label=${words[field]} wrong=${wrong[field]} box=${(joined) => html`<input
        ...${joined}
        inputmode="numeric"
        autocomplete="off"
        placeholder=${words.usual[field]}
        value=${draft[field]}
        onInput=${(event) => change({ [field]: event.target.value })}
      />`} />`)}
    </div>
    <p class="hint">${words.deadlineHint}</p>
  </details>`;
}
