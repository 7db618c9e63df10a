// The plan: what it will be, what it can do, and its phases with their files. Before anything is built it can
// be changed (plan_editor.js).
import { Icon } from "../components/icon.js";
import { LoadingRows } from "../components/states.js";
import { html, useState } from "../lib.js";
import { PlanEditor } from "./plan_editor.js";
import { isActive } from "./states.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.plan;

export function PlanView({ app, open, build, phases }) {
  const [editing, setEditing] = useState(false);
  const { blueprint, status } = build;
  if (!blueprint) return isActive(status)
    ? html`<p class="hint">${words.none}</p><${LoadingRows} rows=${4} />`
    : html`<p class="hint">${words.noneEnded}</p>`;
  if (editing && status === "waiting") return html`<${PlanEditor} app=${app} open=${open} blueprint=${blueprint} onDone=${() => setEditing(false)} />`;
  return html`<div class="plan">
    <div class="plan-head">
      <div><p class="plan-kind"><span class="badge">${words.kinds[blueprint.kind] ?? blueprint.kind}</span></p><p>${blueprint.description}</p></div>
      ${status === "waiting" && html`<button type="button" class="button small" onClick=${() => setEditing(true)}><${Icon} name="edit" />${words.edit}</button>`}
    </div>
    ${blueprint.features.length > 0 && html`<section><h2>${words.features}</h2>
      <ul class="features">${blueprint.features.map((feature) => html`<li>${feature}</li>`)}</ul></section>`}
    <section><h2>${words.phases}</h2>
      <ol class="phases">${phases.map((phase) => html`<${Phase} key=${phase.index} open=${open} build=${build} phase=${phase} />`)}</ol>
    </section>
    <details class="fold"><summary><${Icon} name="chevron" />${text.build.asked}</summary><p class="asked">${build.query}</p></details>
  </div>`;
}

function Phase({ open, build, phase }) {
  return html`<li class=${`phase ${phase.status}`}>
    <div class="phase-head"><${StatusDot} status=${phase.status} /><h3>${phase.name}</h3></div>
    ${phase.messages.map((message) => html`<p class="phase-message"><span class="unseen">${words.messages}: </span>${message}</p>`)}
    ${phase.description && html`<p class="hint">${phase.description}</p>`}
    <ul class="phase-files">
      ${phase.files.map(
        (file) => html`<li key=${file.path} class=${file.status}>
          <${StatusDot} status=${file.status} />
          ${build.generatedFilesMap[file.path]
            ? html`<button type="button" class="link mono" onClick=${() => open.show(file.path)}>${file.path}</button>`
            : html`<span class="mono">${file.path}</span>`}
          <span class="hint">${file.purpose}</span>
        </li>`,
      )}
    </ul>
  </li>`;
}
