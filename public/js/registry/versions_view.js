// Every version of an agent, and what changed between two of them, field by field and line by line.
import { diffLines } from "../builds/line_diff.js";
import { Loaded } from "../components/loaded.js";
import { ago } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html, useMemo, useState } from "../lib.js";
import { draftOf } from "./agent_draft.js";
import { text } from "./text.js";

const words = text.versions;
const SIGNS = { in: "+", out: "−", same: " " };

export function VersionsView({ open, agent }) {
  return html`<${Loaded} from=${open.versions} failed=${words.failed}>${(versions) => html`<${Compared} open=${open} agent=${agent} versions=${versions} />`}<//>`;
}

function Compared({ open, agent, versions }) {
  const [newer, setNewer] = useState(versions[0].version);
  const [older, setOlder] = useState((versions[1] ?? versions[0]).version);
  const one = (number) => versions.find(({ version }) => version === number) ?? versions[0];
  const edit = (version) => {
    open.beginFrom(draftOf(version));
    open.part.value = "edit";
  };
  const choice = (label, chosen, choose) => html`<select aria-label=${label} value=${chosen} onChange=${(event) => choose(Number(event.target.value))}>
    ${versions.map(({ version }) => html`<option key=${version} value=${version}>${text.agent.version(version)}</option>`)}
  </select>`;
  return html`
    <ol class="reg-versions" aria-label=${words.label}>
      ${versions.slice(0, 20).map((version) => html`<li key=${version.version}>
        <b>${text.agent.version(version.version)}</b>${version.version === agent.version && html`<span class="badge">${words.current}</span>`}
        <span class="hint" title=${exactTime(version.createdAt)}>${ago(version.createdAt)}</span>
        <span class="spring"></span>
        ${version.version !== agent.version && !agent.archived && html`<button type="button" class="button quiet small" onClick=${() => edit(version)}>${words.restore(version.version)}</button>`}
      </li>`)}
    </ol>
    ${versions.length === 1
      ? html`<p class="hint">${words.one}</p>`
      : html`<div class="reg-compare" role="group" aria-label=${words.compare}><h2>${words.compare}</h2>${choice(words.older, older, setOlder)}<span>${words.with}</span>${choice(words.newer, newer, setNewer)}</div>
        <${Changes} before=${one(older)} after=${one(newer)} />`}
  `;
}

function Changes({ before, after }) {
  const changed = useMemo(() => changesOf(before, after), [before, after]);
  if (changed.length === 0) return html`<p class="hint">${words.same}</p>`;
  return html`<div class="reg-diff">${changed.map(({ field, lines }) => html`<section key=${field}>
    <h3>${words.field[field]}</h3>
    <pre tabindex="0" aria-label=${`${words.diff}: ${words.field[field]}`}>${lines.map(({ kind, text: line }, at) => html`<span key=${at} class=${`diff-${kind}`}>${`${SIGNS[kind]} ${line}\n`}</span>`)}</pre>
  </section>`)}</div>`;
}

/** [{field, lines}] of every field that differs. */
export function changesOf(before, after) {
  return Object.keys(words.field)
    .map((field) => ({ field, was: spoken(before[field]), is: spoken(after[field]) }))
    .filter(({ was, is }) => was !== is)
    .map(({ field, was, is }) => ({ field, lines: diffLines(was, is) }));
}

function spoken(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join("\n");
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, each]) => `${name}: ${each}`).join("\n");
}
