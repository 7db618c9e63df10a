// How sure a type is: a bar, a number, and what that means in words.
import { html } from "../lib.js";
import { sureness } from "./states.js";
import { TypeTag } from "./status_mark.js";
import { text } from "./text.js";

export function Confidence({ type, confidence, why = "", children = null }) {
  const words = text.confidence(confidence, text.sure[sureness(confidence)]);
  return html`<div class="fn-sure">
    <div class="fn-sure-head"><${TypeTag} type=${type} /><span class="fn-sure-words">${words}</span>${children}</div>
    <progress class="fn-bar" value=${confidence} max="1" aria-label=${`${text.typeOrNone(type)}: ${words}`}></progress>
    ${why && html`<p class="hint">${why}</p>`}
  </div>`;
}
