// Blocks → vnodes. The vnode of a settled block is kept, so that an answer that grows costs only its
// last block. Model text reaches the page as text nodes; no HTML is ever made from it.
import { html, useRef } from "../lib.js";
import { CodeBlock } from "../components/code_block.js";
import { Blocks } from "./blocks.js";
import { inline } from "./inline.js";

const RUN = 4; // blocks that are kept, and left out of layout and painting, as one
const kept = new WeakMap(); // block → vnode
const runsKept = new WeakMap(); // first block of a run → vnode

/** One text part of a message; `streaming` while more may come. */
export function Markdown({ text, streaming }) {
  const blocks = useRef(null);
  blocks.current ??= new Blocks();
  const { settled, open } = blocks.current.read(text, !streaming);
  const runs = [];
  for (let at = 0; at < settled.length + open.length; at += RUN) {
    const whole = at + RUN <= settled.length;
    runs.push(whole ? keepRun(settled, at) : run(settled, open, at));
  }
  return html`<div class="markdown">${runs}</div>`;
}

// The view library passes over a vnode that it knows where a component stands, never where an element
// does: runs and blocks are components for that reason alone.
const Run = ({ blocks }) => html`<div class="run">${blocks}</div>`;
const Block = ({ block, open }) => draw(block, open);

function keepRun(settled, at) {
  const first = settled[at];
  if (!runsKept.has(first)) runsKept.set(first, run(settled, [], at));
  return runsKept.get(first);
}

/** Blocks keep their place when they settle, so that the page changes nothing but words. */
function run(settled, open, at) {
  const done = settled.slice(at, at + RUN).map(keep);
  const growing = open.slice(Math.max(0, at - settled.length), at + RUN - settled.length);
  const drawn = growing.map((block) => html`<${Block} block=${block} open=${true} />`);
  return html`<${Run} blocks=${[...done, ...drawn]} />`;
}

function keep(block) {
  if (!kept.has(block)) kept.set(block, html`<${Block} block=${block} open=${false} />`);
  return kept.get(block);
}

function draw(block, open) {
  return BLOCK[block.type]?.(block, open) ?? html`<p>${block.raw}</p>`;
}

const children = (tokens) => tokens.filter((token) => token.type !== "space").map((token) => draw(token, false));

const BLOCK = {
  paragraph: (token) => html`<p>${inline(token.tokens)}</p>`,
  text: (token) => html`<span>${token.tokens ? inline(token.tokens) : token.text}</span>`,
  heading: (token) => heading(token),
  code: (token, open) => html`<${CodeBlock} code=${token.text} language=${token.lang} open=${open} />`,
  blockquote: (token) => html`<blockquote>${children(token.tokens)}</blockquote>`,
  list: (token) => list(token),
  table: (token) => table(token),
  hr: () => html`<hr />`,
  html: (token) => html`<p class="raw">${token.raw.trimEnd()}</p>`,
  checkbox: (token) => inline([token]),
  def: () => null,
};

/** Its level comes from blocks.js, its size from what the model wrote; inside other blocks it is a line. */
function heading({ level, depth, tokens }) {
  const Tag = level ? `h${level}` : "p";
  return html`<${Tag} class=${`heading depth-${depth}`}>${inline(tokens)}<//>`;
}

function list({ ordered, start, items }) {
  const rows = items.map((item) => html`<li class=${item.task ? "todo" : null}>${children(item.tokens)}</li>`);
  return ordered ? html`<ol start=${start}>${rows}</ol>` : html`<ul>${rows}</ul>`;
}

function table({ header, rows }) {
  const cell = (Tag) => (data) => html`<${Tag} class=${data.align && `align-${data.align}`}>${inline(data.tokens)}<//>`;
  return html`<div class="table" tabindex="0" role="region" aria-label=${header.map((data) => data.text).join(", ")}>
    <table>
      <thead><tr>${header.map(cell("th"))}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map(cell("td"))}</tr>`)}</tbody>
    </table>
  </div>`;
}
