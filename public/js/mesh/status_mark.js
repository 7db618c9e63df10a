// A state of the mesh as a mark and a word: shapes tell states without colour too.
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { tone } from "./states.js";
import { text } from "./text.js";

const SHAPES = {
  good: html`<${Icon} name="check" />`,
  bad: html`<${Icon} name="close" />`,
  ask: html`<${Glyph} name="clock" />`,
  over: html`<${Glyph} name="dash" />`,
};

/** The mark alone; the word beside it is another's business. */
export function StatusDot({ status, mood = tone(status) }) {
  return html`<span class=${`dot ${mood}`} aria-hidden="true">${SHAPES[mood]}</span>`;
}

/** `words` are those of the state where it has other ones than usual; so has `mood`. */
export function StatusChip({ status, words = text.status(status), mood = tone(status) }) {
  return html`<span class=${`chip ${mood}`}><${StatusDot} mood=${mood} />${words}</span>`;
}
