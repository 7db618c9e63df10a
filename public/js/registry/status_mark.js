// A state as a mark and a word: shapes tell states without colour too.
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { tone } from "./states.js";
import { text } from "./text.js";

const SHAPES = {
  good: html`<${Icon} name="check" />`,
  bad: html`<${Icon} name="close" />`,
  over: html`<${Glyph} name="dash" />`,
};

/** The mark alone; the word beside it is another's business. */
export function StatusDot({ status }) {
  return html`<span class=${`dot ${tone(status)}`} aria-hidden="true">${SHAPES[tone(status)]}</span>`;
}

export function StatusChip({ status }) {
  return html`<span class=${`chip ${tone(status)}`}><${StatusDot} status=${status} />${text.status(status)}</span>`;
}
