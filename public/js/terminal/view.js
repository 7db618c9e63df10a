// The screen of the terminal: xterm in an element, its size, its colours, its keys. What is typed and
// what size it takes go to callbacks.
import { FitAddon } from "../../vendor/xterm-addon-fit-0.11.0.js";
import { Terminal } from "../../vendor/xterm-6.0.0.js";
import { colours, onColoursChange } from "./colours.js";
import { text } from "./text.js";

const FONT = 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace';
const LINES_KEPT = 5_000;
const LEAST_CONTRAST = 4.5;
const CANCEL_SEQUENCE = "\x18\x1b[0m";

export class TerminalView {
  /** `onType(words)`, `onSize({columns, rows})`, `onLeave()`, `onCopy(words)`. */
  constructor({ onType, onSize, onLeave, onCopy }) {
    Object.assign(this, { onSize, onLeave, onCopy });
    this.follows = false;
    this.fit = new FitAddon();
    this.terminal = new Terminal({
      fontFamily: FONT, fontSize: 14, scrollback: LINES_KEPT, theme: colours(), minimumContrastRatio: LEAST_CONTRAST,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.onData(onType);
    this.terminal.onBinary((words) => onType(Uint8Array.from(words, (character) => character.charCodeAt(0))));
    this.terminal.attachCustomKeyEventHandler((event) => this.isForTheShell(event));
    onColoursChange(() => {
      this.terminal.options.theme = colours();
    });
  }

  open(element) {
    this.terminal.open(element);
    this.terminal.textarea.setAttribute("aria-label", text.screen);
    this.terminal.textarea.setAttribute("aria-describedby", "keys");
    this.terminal.textarea.addEventListener("focus", () => this.fill());
    new ResizeObserver(() => requestAnimationFrame(() => this.fill())).observe(element);
    this.fill();
  }

  /** Takes the room there is, unless the size is somebody else's to choose. */
  fill() {
    if (this.follows) return;
    this.fit.fit();
    this.onSize({ columns: this.terminal.cols, rows: this.terminal.rows });
  }

  /** The size that the shell has now: another window of ours may have changed it. */
  follow({ columns, rows }) {
    if (columns !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(columns, rows);
  }

  watchOnly(watchOnly) {
    this.follows = watchOnly;
    this.terminal.options.disableStdin = watchOnly;
  }

  read(aloud) {
    this.terminal.options.screenReaderMode = aloud;
  }

  write = (bytes, done) => this.terminal.write(bytes, done);
  reset = () => this.terminal.reset();
  focus = () => this.terminal.focus();
  selection = () => this.terminal.getSelection();

  /** A line of ours amid the output, where something is missing. */
  mark({ older = false, skipped = 0 }) {
    const words = older ? text.older : text.skipped(skipped);
    this.terminal.write(`${CANCEL_SEQUENCE}\r\n\x1b[2m[${words}]\x1b[0m\r\n`);
  }

  isForTheShell(event) {
    if (!(event.ctrlKey && event.shiftKey) || event.altKey || event.metaKey) return true;
    if (event.code === "KeyV") return false; // the browser pastes
    if (event.code !== "KeyC" && event.code !== "KeyE") return true;
    event.preventDefault();
    if (event.type === "keydown" && event.code === "KeyC") this.onCopy(this.selection());
    if (event.type === "keydown" && event.code === "KeyE") this.onLeave();
    return false;
  }
}
