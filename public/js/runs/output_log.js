// The output of a run as lines in blocks. A block that is full is never drawn again; a new piece touches
// the last block only. stdout and stderr are read apart, each with its own colours and its own open line,
// so that a line of one is not broken by the other. Search is log_search.js, drawing is log_block.js.
import { signal } from "../reactive.js";
import { AnsiReader } from "./ansi.js";
import { LogLine } from "./log_line.js";

export const BLOCK_LINES = 100;
export const LINE_COLUMNS = 2_000; // a longer line goes on in the next

export class OutputLog {
  constructor() {
    this.blocks = signal([]);
    this.printed = signal(false); // whether a program has printed anything
    this.hasText = false;
    this.streams = new Map(); // "step/stream" → {reader, line, block}
    this.changed = new Set();
  }

  /** The line that says what runs now. */
  command(step, words) {
    this.add(new LogLine({ kind: "command", step, words }));
  }

  /** The mark where output was not kept. */
  skipped(step, bytes) {
    this.finish(step);
    this.add(new LogLine({ kind: "skipped", step, bytes }));
  }

  append(step, stream, text) {
    this.hasText = true;
    const screen = this.screenOf(step, stream);
    screen.reader.read(text, screen);
  }

  /** The streams of a step are over: what comes next begins on a new line. */
  finish(step) {
    for (const [key, screen] of this.streams) if (screen.step === step) this.streams.delete(key);
  }

  /** Makes what was added visible. Called once a frame, however much came. */
  flush() {
    for (const block of this.changed) block.version.value++;
    this.printed.value = this.hasText;
    this.changed.clear();
    if (this.grown) this.blocks.value = this.grown;
    this.grown = null;
  }

  /** Everything that is shown, without colours. `stream` leaves the other one out. */
  text(stream = null) {
    const lines = this.blocks.peek().flatMap((block) => block.lines);
    const wanted = lines.filter((line) => line.kind === "text" && (!stream || line.stream === stream));
    return wanted.map((line) => line.text + (line.wrapped ? "" : "\n")).join("");
  }

  screenOf(step, stream) {
    const key = `${step}/${stream}`;
    if (!this.streams.has(key)) this.streams.set(key, new Screen(this, step, stream));
    return this.streams.get(key);
  }

  add(line) {
    const blocks = this.grown ?? this.blocks.peek();
    let block = blocks.at(-1);
    if (!block || block.lines.length >= BLOCK_LINES) {
      block = { number: blocks.length, lines: [], version: signal(0) };
      this.grown = [...blocks, block];
    }
    block.lines.push(line);
    this.changed.add(block);
    return block;
  }
}

/** What one stream writes on: always its own open line. */
class Screen {
  constructor(log, step, stream) {
    Object.assign(this, { log, step, stream, line: null, block: null, reader: new AnsiReader() });
  }

  write(text, style) {
    for (let at = 0; at < text.length; ) {
      const line = this.open();
      const part = text.slice(at, at + Math.max(0, LINE_COLUMNS - line.column));
      line.write(part, style);
      at += part.length;
      if (line.column >= LINE_COLUMNS) {
        line.wrapped = true;
        this.line = null;
      }
    }
  }

  newLine() {
    this.open();
    this.line = null;
  }

  carriageReturn() {
    this.open().column = 0;
  }

  back() {
    const line = this.open();
    line.column = Math.max(0, line.column - 1);
  }

  erase(mode) {
    this.open().erase(mode);
  }

  open() {
    if (this.line) this.log.changed.add(this.block);
    else {
      this.line = new LogLine({ step: this.step, stream: this.stream });
      this.block = this.log.add(this.line);
    }
    return this.line;
  }
}
