// Changing the plan before it is built. The steps and the rules are blueprint_draft.js; what is wrong is said at
// its field, and nothing is sent until it is right.
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { addPhase, change, findings, MOST } from "./blueprint_draft.js";
import { PhaseEditor } from "./phase_editor.js";
import { Refusal } from "./refusal.js";
import { text } from "./text.js";

const words = text.plan;

export function PlanEditor({ app, open, blueprint, onDone }) {
  const form = useRef(null);
  const [plan, setPlan] = useState(blueprint);
  const [shown, setShown] = useState({}); // what is wrong, once somebody wanted to save
  const [refusal, setRefusal] = useState(null);
  const [saving, setSaving] = useState(false);
  const wrong = (place) => shown[place] && words.wrong[shown[place]];
  const edit = (next) => {
    setPlan(next);
    if (Object.keys(shown).length) setShown(findings(next));
  };
  useEffect(() => form.current.querySelector("input").focus(), []);
  const save = async (event) => {
    event.preventDefault();
    const found = findings(plan);
    setShown(found);
    setRefusal(null);
    if (Object.keys(found).length) return void requestAnimationFrame(() => form.current?.querySelector("[aria-invalid]")?.focus());
    setSaving(true);
    try {
      await open.savePlan(plan);
      onDone();
    } catch (error) {
      setRefusal(error);
      setSaving(false);
    }
  };
  return html`<form class="plan-editor" ref=${form} onSubmit=${save} novalidate>
    <${Field} name="plan-title" label=${words.title} wrong=${wrong("title")} box=${(joined) => html`<input
      ...${joined}
      maxlength=${MOST.title}
      value=${plan.title}
      onInput=${(event) => edit(change(plan, { title: event.target.value }))}
    />`} />
    <${Field} name="plan-words" label=${words.description} box=${(joined) => html`<textarea
      ...${joined}
      rows="3"
      maxlength=${MOST.words}
      value=${plan.description}
      onInput=${(event) => edit(change(plan, { description: event.target.value }))}
    ></textarea>`} />
    <h2>${words.phases}</h2>
    ${wrong("phases") && html`<p class="field-wrong">${wrong("phases")}</p>`}
    <ol class="phases">
      ${plan.phases.map((_, at) => html`<${PhaseEditor} key=${at} plan=${plan} at=${at} edit=${edit} wrong=${wrong} />`)}
    </ol>
    <button
      type="button"
      class="button small"
      disabled=${plan.phases.length >= MOST.phases}
      onClick=${() => edit(addPhase(plan, words.newPhase))}
    ><${Icon} name="add" />${words.addPhase}</button>
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">
      <button type="button" class="button" onClick=${onDone}>${words.discard}</button>
      <button class="button primary" disabled=${saving}>${saving ? words.saving : words.save}</button>
    </div>
  </form>`;
}
