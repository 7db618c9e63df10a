// What reviews and the preview found: open issues first, each with the way to its file.
import { EmptyState } from "../components/states.js";
import { html } from "../lib.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.review;

export function ReviewView({ open, build }) {
  const { issues, reviewCycles } = build;
  const left = issues.filter((issue) => issue.status === "open");
  const fixed = issues.filter((issue) => issue.status === "fixed");
  return html`<div class="review">
    <p class="hint">${[words.cycles(reviewCycles), left.length > 0 && words.open(left.length), fixed.length > 0 && words.fixed(fixed.length)].filter(Boolean).join(" · ")}</p>
    ${issues.length === 0 && html`<${EmptyState} icon="check" title=${words.none} hint=${words.noneHint} />`}
    <ul class="issues">${[...left, ...fixed].map((issue) => html`<${Issue} key=${issue.fingerprint} open=${open} build=${build} issue=${issue} />`)}</ul>
  </div>`;
}

function Issue({ open, build, issue }) {
  const { file, line, message, source, status } = issue;
  const isThere = Boolean(build.generatedFilesMap[file]);
  const place = [file, line > 0 && words.line(line)].filter(Boolean).join(", ");
  return html`<li class=${`issue ${status}`}>
    <${StatusDot} status=${status === "fixed" ? "fixed" : "open"} />
    <div>
      <p>${message}</p>
      <p class="facts">
        <span class="fact">${words.status[status] ?? status}</span>
        <span class="fact">${words.source[source] ?? source}</span>
        ${place && !isThere && html`<span class="fact">${place}</span>`}
        ${place && isThere && html`<span class="fact"><button type="button" class="link" aria-label=${words.show(place)} onClick=${() => open.show(file)}>${place}</button></span>`}
      </p>
    </div>
  </li>`;
}
