// A state as a mark and a word: the shape tells it without colour too.
import { html } from "../lib.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { tone } from "./states.js";
import { text } from "./text.js";

const SHAPES = {
  good: html`<${Icon} name="check" />`,
  bad: html`<${Icon} name="close" />`,
  ask: html`<${Glyph} name="question" />`,
  over: html`<${Glyph} name="dash" />`,
};

/** The mark alone; the word beside it is another's business. */
export function StatusDot({ status }) {
  const feel = tone(status);
  const shape = status === "paused" ? html`<${Glyph} name="pause" />` : status === "unknown" ? html`<${Glyph} name="question" />` : SHAPES[feel];
  return html`<span class=${`dot ${feel}`} aria-hidden="true">${shape}</span>`;
}

export function StatusChip({ status }) {
  return html`<span class=${`chip ${tone(status)}`}><${StatusDot} status=${status} />${text.status(status)}</span>`;
}
