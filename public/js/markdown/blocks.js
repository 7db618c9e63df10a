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
    this.settled = [];
    this.offset = 0;
    this.links = {};
    this.lateLinks = false;
  }

  /** The blocks of `text`; settled ones are the same objects as in the call before. */
  read(text, finished) {
    const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    if (!source.startsWith(this.text)) this.reset();
    this.text = source;
    const open = this.lex(source.slice(this.offset));
    if (finished && this.lateLinks && this.settled.length) return this.again(source);
    const first = finished ? open.length : firstOpen(open);
    for (const block of open.slice(0, first)) {
      this.settled.push(block);
      this.offset += block.raw.length;
    }
    return [...this.settled, ...open.slice(first)].filter((block) => block.type !== "space");
  }

  lex(source) {
    const lexer = new Lexer({ gfm: true });
    Object.assign(lexer.tokens.links, this.links);
    const known = Object.keys(this.links).length;
    const tokens = [...lexer.lex(source)];
    this.links = { ...lexer.tokens.links };
    if (Object.keys(this.links).length > known) this.lateLinks = true;
    return tokens;
  }

  /** References may be defined after their use; then the finished text is lexed once as a whole. */
  again(source) {
    this.settled = this.lex(source);
    this.offset = source.length;
    this.lateLinks = false;
    return this.settled.filter((block) => block.type !== "space");
  }
}

/** The index of the first block that more text could still change. */
function firstOpen(blocks) {
  const solid = blocks.flatMap((block, index) => (block.type === "space" ? [] : [index]));
  if (solid.length === 0) return 0;
  const last = solid.at(-1);
  const tail = blocks.slice(last).map((block) => block.raw).join("");
  return tail.includes("\n") ? last : (solid.at(-2) ?? 0);
}
