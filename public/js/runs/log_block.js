// A hundred lines of output. A block that has not changed is not drawn again; one that is out of sight is
// not even laid out (runs.css: content-visibility). Words become text nodes, colours become classes.
import { html, useComputed } from "../lib.js";
import { bytes } from "../components/measures.js";
import { text } from "./text.js";

export function LogBlock({ block, search }) {
  const hits = useComputed(() => search.hitsOf(block));
  const current = useComputed(() => placeIn(block, search.current));
  block.version.value; // a line was added or went on
  return html`<div class="log-block">${groups(block.lines).map((group) => html`<${Group}
    key=${group.from}
    group=${group}
    hits=${hits.value}
    current=${current.value}
  />`)}</div>`;
}

function Group({ group, hits, current }) {
  const { kind, stream, lines, from } = group;
  if (kind === "command") return html`<p class="log-command">${lines[0].text}</p>`;
  if (kind === "skipped") return html`<p class="log-skipped">${text.output.skipped(bytes(lines[0].bytes))}</p>`;
  return html`<div class=${`log-${stream}`}>${drawn(lines, from, hits, current)}</div>`;
}

/** Neighbouring lines of one kind and stream. */
function groups(lines) {
  const found = [];
  lines.forEach((line, number) => {
    const last = found.at(-1);
    if (line.kind === "text" && last?.kind === "text" && last.stream === line.stream) last.lines.push(line);
    else found.push({ kind: line.kind, stream: line.stream, from: number, lines: [line] });
  });
  return found;
}

/** Text, and elements only where there is a colour or a hit. */
function drawn(lines, from, hits, current) {
  const parts = [];
  let plain = "";
  const add = (part) => {
    if (plain) parts.push(plain);
    plain = "";
    parts.push(part);
  };
  lines.forEach((line, offset) => {
    const ranges = hits?.get(from + offset);
    const cut = ranges ? split(line.pieces, ranges) : line.pieces;
    for (const { style, text: words, hit } of cut) {
      if (hit !== undefined) add(mark(words, style, current === `${from + offset}/${hit}`));
      else if (style) add(html`<span class=${style}>${words}</span>`);
      else plain += words;
    }
    if (!line.wrapped) plain += "\n";
  });
  if (plain) parts.push(plain);
  return parts;
}

const mark = (words, style, isCurrent) => html`<mark class=${`${style} ${isCurrent ? "current" : ""}`}>${words}</mark>`;

/** Pieces cut at the edges of hits; those inside have the number of their hit. */
function split(pieces, ranges) {
  const cut = [];
  let at = 0;
  for (const { style, text: words } of pieces) {
    const end = at + words.length;
    let from = at;
    ranges.forEach(([begin, until], hit) => {
      if (until <= from || begin >= end) return;
      if (begin > from) cut.push({ style, text: words.slice(from - at, begin - at) });
      cut.push({ style, text: words.slice(Math.max(begin, from) - at, Math.min(until, end) - at), hit });
      from = Math.min(until, end);
    });
    if (from < end) cut.push({ style, text: words.slice(from - at) });
    at = end;
  }
  return cut;
}

const placeIn = (block, place) => (place?.block === block ? `${place.line}/${place.index}` : "");
