// Cuts a growing Markdown text into blocks, and lexes again only the part that can still change.
// A block is settled once the next block has shown a whole line: nothing that follows can change it.
// marked is used as a lexer only; what a block looks like is render.js's business. No DOM.
import { Lexer } from "../../vendor/marked-18.2.1.js";

export class Blocks {
  constructor() {
    this.reset();
  }

  reset() {
    this.text = "";
    this.links = {};
    this.begin();
  }

  begin() {
    this.settled = [];
    this.offset = 0;
    this.level = 1; // of the last settled heading; the page's own title is 1
    this.lateLinks = false;
  }

  /** `{settled, open}`: settled blocks are the same objects as in the call before. */
  read(text, finished) {
    const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    if (!source.startsWith(this.text)) this.reset();
    this.text = source;
    if (finished && this.lateLinks) this.begin(); // references may be defined after their use
    const blocks = this.lex(source.slice(this.offset));
    giveLevels(blocks, this.level);
    const first = finished ? blocks.length : firstOpen(blocks);
    for (const block of blocks.slice(0, first)) {
      this.offset += block.raw.length;
      if (isSolid(block)) this.settled.push(block);
      if (block.level) this.level = block.level;
    }
    return { settled: this.settled, open: blocks.slice(first).filter(isSolid) };
  }

  lex(source) {
    const lexer = new Lexer({ gfm: true });
    Object.assign(lexer.tokens.links, this.links);
    const known = Object.keys(this.links).length;
    const tokens = [...lexer.lex(source)];
    this.links = { ...lexer.tokens.links };
    if (Object.keys(this.links).length > known && this.offset > 0) this.lateLinks = true;
    return tokens;
  }
}

/** Headings of an answer go down one level at a time, whatever the model wrote. */
function giveLevels(blocks, last) {
  let level = last;
  for (const block of blocks) {
    if (block.type === "heading") block.level = level = Math.min(block.depth + 1, level + 1, 6);
  }
}

const isSolid = (block) => block.type !== "space";

/** The index of the first block that more text could still change. */
function firstOpen(blocks) {
  const solid = blocks.flatMap((block, index) => (isSolid(block) ? [index] : []));
  if (solid.length === 0) return 0;
  const last = solid.at(-1);
  const tail = blocks.slice(last).map((block) => block.raw).join("");
  return tail.includes("\n") ? last : (solid.at(-2) ?? 0);
}
