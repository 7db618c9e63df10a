// Who sent what to whom: as a drawing, or as a table for those who read rather than look. Both show the same part of
// the steps, around the current one.
import { Segments } from "../components/segments.js";
import { html, useMemo, useState } from "../lib.js";
import { messagesIn, sequenceOf, windowOf } from "./sequence.js";
import { SequenceTable } from "./sequence_table.js";
import { SequenceView } from "./sequence_view.js";
import { text } from "./text.js";

const words = text.picture;
const SIZE = 80;

/** `current` is the number of the step that is looked at (0: none); `onStep(number)` looks at another. */
export function Picture({ events, current, onStep }) {
  const [view, setView] = useState("picture");
  const { lifelines, steps } = useMemo(() => sequenceOf(events), [events]);
  if (steps.length === 0) return html`<p class="hint">${words.empty}</p>`;
  const { start, end } = windowOf(steps, current, SIZE);
  const shown = { lifelines, steps: steps.slice(start, end), current, onStep };
  return html`<div class="mesh-picture">
    <div class="mesh-head">
      <p class="hint">${words.summary(lifelines.length, messagesIn(steps))}</p>
      <${Segments} label=${words.view} options=${words.views} chosen=${view} onChoose=${setView} />
    </div>
    ${view === "picture" ? html`<${SequenceView} ...${shown} />` : html`<${SequenceTable} ...${shown} />`}
    ${steps.length > SIZE && html`<${Pages} start=${start} end=${end} all=${steps.length} onStep=${onStep} />`}
  </div>`;
}

function Pages({ start, end, all, onStep }) {
  return html`<div class="mesh-foot">
    <button type="button" class="button small" disabled=${start === 0} onClick=${() => onStep(Math.max(1, start))}>${words.earlier}</button>
    <p class="hint">${words.shown(start + 1, end, all)}</p>
    <button type="button" class="button small" disabled=${end === all} onClick=${() => onStep(Math.min(all, end + 1))}>${words.later}</button>
  </div>`;
}
