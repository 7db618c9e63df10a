// One bar for each kind or model, the largest first.
import { html } from "../lib.js";
import { number } from "./format.js";
import { text } from "./text.js";
import { measureOf, sumsBy } from "./usage_figures.js";

export function Bars({ rows, range, dimension, measure }) {
  const sums = sumsBy(rows, dimension, range, measure);
  const most = Math.max(...sums.map((sum) => measureOf(sum, measure)), Number.MIN_VALUE);
  const label = text.usage.bars(text.usage.measures[measure], text.usage.dimensions[dimension]);
  return html`<ul class="bars" aria-label=${label}>
    ${sums.map((sum) => {
      const value = measureOf(sum, measure);
      return html`<li key=${sum.name}>
        <span class="bar-name">${nameOf(sum.name, dimension)}</span><span class="bar-value">${number(value)}</span>
        <span class="bar" aria-hidden="true"><i style=${{ width: `${(100 * value) / most}%` }}></i></span>
      </li>`;
    })}
  </ul>`;
}

/** The words for a kind or model. */
export function nameOf(name, dimension) {
  if (dimension === "kind") return text.kind(name);
  return name || text.usage.none;
}
