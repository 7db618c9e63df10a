// The state of an agent as it was after the step that is shown, and what the step changed in it.
import { html, useMemo } from "../lib.js";
import { changesBetween } from "./state_diff.js";
import { StateTree } from "./state_tree.js";
import { text } from "./text.js";

const words = text.replay;

export function FoldView({ replay }) {
  const event = replay.event.value;
  const folded = replay.folded.value;
  if (!event) return html`<section class="mesh-section"><h2>${words.stateAtStart}</h2></section>`;
  const isNow = folded?.agent === event.agent && folded.number === event.number;
  return html`<section class="mesh-section mesh-fold" aria-busy=${!isNow}>
    <h2>${words.state(event.agent, event.number)}</h2>
    <p class="hint">${isNow ? words.stateHint : words.folding}</p>
    ${folded?.error && isNow && html`<p class="mesh-bad" role="alert">${words.foldFailed} ${folded.error.message}</p>`}
    ${isNow && folded.state === null && html`<p class="hint">${words.large}</p>`}
    ${folded?.state && folded.agent === event.agent && html`<${Folded} key=${folded.agent} state=${folded.state} before=${folded.before ?? {}} isNow=${isNow} />`}
  </section>`;
}

function Folded({ state, before, isNow }) {
  const changes = useMemo(() => changesBetween(before, state), [before, state]);
  return html`<div class=${isNow ? "" : "mesh-stale"}>
    <h3>${words.changed}</h3>
    ${changes.length === 0 && html`<p class="hint">${words.unchanged}</p>`}
    <ul class="mesh-changes">${changes.map((change) => html`<${Change} key=${change.path} ...${change} />`)}</ul>
    <h3>${words.whole}</h3>
    <${StateTree} value=${state} label=${words.whole} changed=${changes.map(({ path }) => path)} />
  </div>`;
}

const LONGEST = 160;
const short = (value) => {
  const words = typeof value === "string" ? value : JSON.stringify(value);
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
};

function Change({ path, before, after }) {
  return html`<li><span class="mesh-name">${path}</span>${after === undefined ? html`<b class="mesh-bad">${words.gone}</b>` : html`<b>${short(after)}</b>`}
    <span class="hint">${before === undefined ? words.fresh : `${words.was} ${short(before)}`}</span></li>`;
}
