// One number of the mesh with its name, for a list of figures.
import { html } from "../lib.js";

export function Figure({ name, value, mood = "" }) {
  return html`<div class="figure"><dt>${name}</dt><dd class=${mood}>${typeof value === "number" ? value.toLocaleString() : value}</dd></div>`;
}
