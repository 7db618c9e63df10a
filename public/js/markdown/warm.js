// Draws one block of each kind into nothing while the page is idle: what is compiled by that need not be
// compiled when the first words of the first answer come. Nothing of it is ever in the page.
import { html, render } from "../lib.js";
import { Markdown } from "./render.js";

const SAMPLES = [
  "# a *b* **c** `d`\n\nword [e](https://example.org) &amp; f\n",
  "- a\n- [x] b\n\n1. c\n",
  "| a | b |\n|:--|--:|\n| *c* | d |\n",
  "> a\n\n```\nb\n```\n\n---\n<i>c\n",
];

/** Draws each sample as it would grow, one in each pause. */
export function warm() {
  const idle = globalThis.requestIdleCallback ?? setTimeout;
  const next = ([sample, ...others]) => idle(() => {
    grow(sample);
    if (others.length > 0) next(others);
  });
  next(SAMPLES);
}

function grow(sample) {
  const nowhere = document.createElement("div");
  for (const end of [2, sample.length / 2, sample.length]) {
    render(html`<${Markdown} text=${sample.slice(0, end)} streaming=${true} />`, nowhere);
  }
  render(null, nowhere);
}
