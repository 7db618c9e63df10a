// Making an agent: the form, and ideas to begin with.
import { announce } from "../announcer.js";
import { html } from "../lib.js";
import { goToAgent } from "./address.js";
import { EMPTY } from "./agent_draft.js";
import { AgentForm } from "./agent_form.js";
import { text } from "./text.js";

const LABELS = { rest: text.form.create, busy: text.form.creating };

export function NewAgent({ app, registry }) {
  const draft = registry.draft.value;
  const change = (values) => registry.change(values);
  const submit = async (request) => {
    const agent = await registry.create(request);
    announce(text.done.create);
    goToAgent(agent.id, { replace: true });
  };
  return html`<div class="reg-page">
    ${draft === EMPTY && html`<${Ideas} change=${change} />`}
    <${AgentForm} app=${app} draft=${draft} change=${change} submit=${submit} labels=${LABELS} />
  </div>`;
}

function Ideas({ change }) {
  const { label, list, hints } = text.examples;
  return html`<ul class="examples reg-ideas" aria-label=${label}>
    ${list.map((idea, at) => html`<li key=${idea.name}><button type="button" class="example" onClick=${() => change(idea)}><b>${idea.name}</b><span>${hints[at]}</span></button></li>`)}
  </ul>`;
}
