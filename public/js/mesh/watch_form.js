// The fields of a watch, and the form that begins one. What is wrong is said at its field.
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { Refusal } from "./refusal.js";
import { text } from "./text.js";
import { findings, UNITS } from "./watch_draft.js";

const words = text.watches;

export function AddWatch({ app, watches }) {
  return html`<section class="mesh-section"><h2>${words.title}</h2><p class="hint">${words.lead}</p>
    <${WatchForm} app=${app} watches=${watches} name="watch" draft=${watches.draft.value} onChange=${(values) => watches.change(values)} onSend=${() => watches.add()} words=${{ go: words.add, going: words.adding }} />
  </section>`;
}

/** A form of a watch: `draft` and `onChange` are its values, `onSend()` does it. `name` tells forms apart. */
export function WatchForm({ app, watches, name, draft, onChange, onSend, words: said, children }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid]")?.focus();
  }, [wrong]);
  const send = async (event) => {
    event.preventDefault();
    setRefusal(null);
    const found = findings(draft);
    setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    if (Object.keys(found).length || busy) return;
    setBusy(true);
    try {
      await onSend();
    } catch (error) {
      setRefusal(error);
    }
    setBusy(false);
  };
  const change = (values) => {
    onChange(values);
    setWrong({});
  };
  const input = (field, more = {}) => (joined) => html`<input ...${joined} autocomplete="off" value=${draft[field]} onInput=${(event) => change({ [field]: event.target.value })} ...${more} />`;
  return html`<form class="mesh-form" ref=${form} onSubmit=${send} novalidate>
    <${Field} name=${`${name}-url`} label=${words.url} wrong=${wrong.url} box=${input("url", { type: "url", inputmode: "url", placeholder: "https://example.com/news" })} />
    <div class="mesh-pair">
      <${Field} name=${`${name}-every`} label=${words.every} wrong=${wrong.every} box=${input("every", { inputmode: "decimal" })} />
      <${Field} name=${`${name}-unit`} label=${words.unit} box=${(joined) => html`<select ...${joined} value=${draft.unit} onChange=${(event) => change({ unit: event.target.value })}>
        ${UNITS.map((each) => html`<option value=${each}>${words.units[each]}</option>`)}
      </select>`} />
    </div>
    <${Field} name=${`${name}-question`} label=${words.question} hint=${words.questionHint} wrong=${wrong.question} box=${(joined) => html`<textarea ...${joined} rows="2" value=${draft.question} onInput=${(event) => change({ question: event.target.value })}></textarea>`} />
    <div class="mesh-pair">
      <${Field} name=${`${name}-name`} label=${words.name} wrong=${wrong.name} box=${input("name")} />
      <${HookChoice} name=${name} watches=${watches} value=${draft.webhookId} onChoose=${(webhookId) => change({ webhookId })} />
    </div>
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">${children}<button class="button primary" disabled=${busy}><${Icon} name="check" />${busy ? said.going : said.go}</button></div>
  </form>`;
}

function HookChoice({ name, watches, value, onChoose }) {
  const hooks = watches.webhooks.value.value ?? [];
  return html`<${Field} name=${`${name}-hook`} label=${words.webhook} box=${(joined) => html`<select ...${joined} value=${value} onChange=${(event) => onChoose(event.target.value)}>
    <option value="">${words.noWebhook}</option>
    ${hooks.map((each) => html`<option key=${each.id} value=${each.id} selected=${each.id === value}>${each.url}</option>`)}
  </select>`} />`;
}
