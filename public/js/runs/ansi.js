// Reads the text of a terminal: words, line ends, carriage returns, and the escape sequences that set
// colours. Everything else that an escape sequence may ask for (titles, links, the cursor) is left out.
// Sequences may be cut anywhere between two pieces. What the pieces become is output_log.js's business.

import { classes, nearest, ofPalette } from "./ansi_colours.js";

const LONGEST_ESCAPE = 4_096; // an escape sequence without an end is given up after this many characters

/** One stream's reader. `read(text, screen)` calls `screen` {write, newLine, carriageReturn, back, erase}. */
export class AnsiReader {
  constructor() {
    this.pending = "";
    this.pen = { ...PLAIN };
    this.style = "";
  }

  read(piece, screen) {
    const text = this.pending + piece;
    this.pending = "";
    let at = 0;
    while (at < text.length) {
      CONTROL.lastIndex = at;
      const found = CONTROL.exec(text);
      const until = found ? found.index : text.length;
      if (until > at) screen.write(text.slice(at, until), this.style);
      if (!found) return;
      const next = text[until] === ESCAPE ? this.escape(text, until, screen) : control(text, until, screen);
      if (next === UNFINISHED) {
        if (text.length - until < LONGEST_ESCAPE) this.pending = text.slice(until);
        return;
      }
      at = next;
    }
  }

  /** Acts on the sequence that begins at `from`; where the text goes on, or UNFINISHED. */
  escape(text, from, screen) {
    const kind = text[from + 1];
    if (kind === undefined) return UNFINISHED;
    if (kind === "[") return this.sequence(text, from, screen);
    if ("]PX^_".includes(kind)) return afterString(text, from);
    if ("()*+-./#%".includes(kind)) return text[from + 2] === undefined ? UNFINISHED : from + 3;
    return from + 2;
  }

  sequence(text, from, screen) {
    SEQUENCE.lastIndex = from;
    const found = SEQUENCE.exec(text);
    if (!found) return COMPLETE_SO_FAR.test(text.slice(from)) ? UNFINISHED : from + 2;
    const [all, parameters, final] = found;
    if (final === "m") this.paint(parameters);
    else if (final === "K") screen.erase(Number(parameters) || 0);
    return from + all.length;
  }

  paint(parameters) {
    const flat = parameters.replace(WITH_COLOUR_SPACE, "$1;2;");
    const codes = flat.split(/[;:]/).map((code) => Number(code) || 0);
    for (let at = 0; at < codes.length; at++) at += select(this.pen, codes, at);
    this.style = classes(this.pen);
  }
}

const ESCAPE = "\u001b";
const UNFINISHED = -1;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/g; // tabs are left to the page
const SEQUENCE = /\u001b\[([\d;:<=>?]*)[ -/]*([@-~])/y;
const COMPLETE_SO_FAR = /^\u001b\[[\d;:<=>?]*[ -/]*$/;
const WITH_COLOUR_SPACE = /([34]8):2:\d*:(?=\d+:\d+:\d+)/g; // "38:2::r:g:b" is "38;2;r;g;b"
const PLAIN = { ink: null, ground: null, bold: false, dim: false, italic: false, underline: false, strike: false, inverse: false };

function control(text, at, screen) {
  const sign = text[at];
  if (sign === "\n") screen.newLine();
  else if (sign === "\b") screen.back();
  else if (sign === "\r") {
    if (text[at + 1] === undefined) return UNFINISHED; // "\r\n" may have been cut in the middle
    if (text[at + 1] !== "\n") screen.carriageReturn();
  }
  return at + 1;
}

/** Past a sequence that ends with BEL or ESC \ (titles, links). */
function afterString(text, from) {
  STRING_END.lastIndex = from + 2;
  const found = STRING_END.exec(text);
  return found ? found.index + found[0].length : UNFINISHED;
}
const STRING_END = /\u0007|\u001b\\/g;

/** Takes one code of a colour sequence; how many further codes it used. */
function select(pen, codes, at) {
  const code = codes[at];
  if (code === 0) Object.assign(pen, PLAIN);
  else if (code === 38 || code === 48) return extended(pen, code === 38 ? "ink" : "ground", codes, at);
  else if (code >= 30 && code <= 37) pen.ink = code - 30;
  else if (code >= 40 && code <= 47) pen.ground = code - 40;
  else if (code >= 90 && code <= 97) pen.ink = code - 82;
  else if (code >= 100 && code <= 107) pen.ground = code - 92;
  else Object.assign(pen, ATTRIBUTES[code]);
  return 0;
}

const ATTRIBUTES = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { ink: null },
  49: { ground: null },
};

function extended(pen, place, codes, at) {
  if (codes[at + 1] === 5) {
    pen[place] = ofPalette(codes[at + 2] ?? 0);
    return 2;
  }
  if (codes[at + 1] !== 2) return 0;
  pen[place] = nearest(codes.slice(at + 2, at + 5));
  return 4;
}
