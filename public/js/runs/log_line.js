// One line of output as a terminal shows it: pieces of equal style, and a column at which the next
// words are written. A progress bar writes over itself; only what it shows in the end is kept.

export class LogLine {
  /** `kind`: "text", "command" (the line that names a step) or "skipped". */
  constructor({ kind = "text", step = null, stream = "stdout", words = "", bytes = 0 }) {
    Object.assign(this, { kind, step, stream, bytes });
    this.pieces = words ? [{ style: "", text: words }] : [];
    this.length = words.length;
    this.column = 0;
    this.wrapped = false; // whether it goes on in the next line because it was too long
  }

  get text() {
    return this.pieces.length === 1 ? this.pieces[0].text : this.pieces.map((piece) => piece.text).join("");
  }

  write(text, style) {
    const from = this.column;
    this.column += text.length;
    if (from === this.length) return this.push(text, style);
    const known = this.pieces;
    const length = this.length;
    this.pieces = [];
    this.length = 0;
    this.copy(known, 0, from);
    this.push(text, style);
    this.copy(known, this.column, length);
  }

  /** `mode` as in a terminal: 0 from the cursor to the end, 1 up to the cursor, 2 everything. */
  erase(mode) {
    const known = this.pieces;
    const length = this.length;
    if (mode !== 0 && this.column > 0) {
      const column = this.column;
      this.column = 0;
      this.write(" ".repeat(Math.min(column, length)), "");
      this.column = column;
    }
    if (mode === 1 || this.column >= length) return;
    this.pieces = [];
    this.length = 0;
    this.copy(mode === 2 ? [{ style: "", text: " ".repeat(length) }] : known, 0, this.column);
  }

  copy(pieces, from, until) {
    let at = 0;
    for (const { style, text } of pieces) {
      const part = text.slice(Math.max(0, from - at), Math.max(0, until - at));
      if (part) this.push(part, style);
      at += text.length;
    }
  }

  push(text, style) {
    const last = this.pieces.at(-1);
    if (last?.style === style) last.text += text;
    else this.pieces.push({ style, text });
    this.length += text.length;
  }
}
