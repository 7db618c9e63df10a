// How a description would be done and why: the type, how sure that is, the layer that said so, what else it may be.
// With `onAlways` each type can be remembered for these words.
import { html, useEffect, useRef } from "../lib.js";
import { arrive } from "./arrive.js";
import { Confidence } from "./confidence.js";
import { ranked } from "./states.js";
import { TypeTag } from "./status_mark.js";
import { text } from "./text.js";

const words = text.explain;

export function ExplainCard({ found, onAlways }) {
  const heading = useRef(null);
  useEffect(() => arrive(heading.current), [found]);
  return html`<section class="card fn-card" aria-label=${words.title}>
    <div>
      <h2 ref=${heading} tabindex="-1">${words.title} <${TypeTag} type=${found.type} /></h2>
      <p>${found.type ? text.typeHint[found.type] : words.unclear}</p>
      <${Reasons} found=${found} onAlways=${onAlways} />
    </div>
  </section>`;
}

/** The same without a card, as a job shows it. */
export function Reasons({ found, onAlways = null }) {
  return html`<div class="fn-reasons">
    ${found.reasoning && html`<p class="fn-why">${found.reasoning}</p>`}
    <p class="hint">${text.layer[found.layer]}${found.model ? ` ${words.model(shortName(found.model))}.` : ""}</p>
    <ul class="fn-ranking" aria-label=${words.others}>
      ${ranked(found).map(
        ({ type, confidence, why }) => html`<li key=${type}><${Confidence} type=${type} confidence=${confidence} why=${type === found.type ? "" : why}>
          ${onAlways && html`<button type="button" class="button quiet small" title=${words.alwaysHint} onClick=${() => onAlways(type)}>${words.always(text.type[type])}</button>`}
        <//></li>`,
      )}
    </ul>
  </div>`;
}

export const shortName = (model) => model.split("/").at(-1);
