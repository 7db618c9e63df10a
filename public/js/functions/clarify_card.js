// The words can mean several things, so nothing was run: the person chooses what they mean, the likeliest first.
import { Glyph } from "../components/glyph.js";
import { html, useEffect, useRef } from "../lib.js";
import { arrive } from "./arrive.js";
import { Confidence } from "./confidence.js";
import { text } from "./text.js";

export function ClarifyCard({ error, onChoose }) {
  const heading = useRef(null);
  useEffect(() => arrive(heading.current), [error]);
  return html`<section class="card fn-card fn-clarify" role="group" aria-label=${text.clarify.title}>
    <${Glyph} name="question" />
    <div>
      <h2 ref=${heading} tabindex="-1">${text.clarify.title}</h2>
      <p>${text.clarify.lead}</p>
      <ul class="fn-ranking">
        ${error.alternatives.map(
          ({ type, confidence, why }) => html`<li key=${type}><${Confidence} type=${type} confidence=${confidence} why=${why || text.typeHint[type]}>
            <button type="button" class="button small" onClick=${() => onChoose(type)}><${Glyph} name="play" />${text.clarify.run(text.type[type])}</button>
          <//></li>`,
        )}
      </ul>
    </div>
  </section>`;
}
