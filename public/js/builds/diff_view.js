// What changed in a file, line by line: taken out and put in, with a sign beside the colour.
import { html, useMemo } from "../lib.js";
import { diffLines, hunks } from "./line_diff.js";
import { text } from "./text.js";

const SIGNS = { in: "+", out: "−", same: " " };

export function DiffView({ before, after }) {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  const number = (kind) => lines.filter((line) => line.kind === kind).length;
  return html`<div class="diff">
    <p class="hint">${text.files.added(number("in"))} · ${text.files.removed(number("out"))}</p>
    <pre tabindex="0" aria-label=${text.files.changes}>${hunks(lines).map((line, at) =>
      line.kind === "gap"
        ? html`<span key=${at} class="diff-gap">${text.files.gap(line.count)}\n</span>`
        : html`<span key=${at} class=${`diff-${line.kind}`}>${`${SIGNS[line.kind]} ${line.text}\n`}</span>`,
    )}</pre>
  </div>`;
}
