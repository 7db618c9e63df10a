// Files while they are being written: pieces {path, offset, text} come over the socket and are joined here.
// Offsets count code points. A piece from before is taken once; one that begins after what is known leaves a
// hole, which the saved file fills later. What was begun anew (offset 0) replaces what was there.
import { signal } from "../reactive.js";

/** Longer ones are cut: a file may have 256 KB, and only its end is of interest while it grows. */
const LONGEST = 300_000;

export class Pieces {
  constructor(schedule) {
    this.schedule = schedule;
    this.files = new Map(); // path → {text, start, end, shown}
    this.paths = signal([]); // those that are growing, oldest first
  }

  /** {text, start} of a growing file as a signal's value: `start` > 0 when its beginning was not seen. */
  read(path) {
    this.paths.value; // whoever reads is drawn again when files come and go
    return this.files.get(path)?.shown.value ?? null;
  }

  /** The path that grew last. */
  get newest() {
    return this.paths.value.at(-1) ?? null;
  }

  take({ path, offset, text }) {
    const known = this.files.get(path);
    const file = known ?? { text: "", start: offset, end: offset, shown: signal({ text: "", start: offset }) };
    const points = [...text];
    const end = offset + points.length;
    if (offset === 0 || offset > file.end) Object.assign(file, { text, start: offset });
    else if (end > file.end) file.text += points.slice(file.end - offset).join("");
    else if (known) return;
    file.end = end;
    if (file.text.length > LONGEST) file.text = file.text.slice(0, LONGEST);
    this.files.set(path, file);
    this.paths.value = [...this.paths.peek().filter((each) => each !== path), path];
    this.show(file);
  }

  /** Files that are saved, or that nobody writes any more, have no pieces. */
  keepOnly(isWriting) {
    const gone = [...this.files.keys()].filter((path) => !isWriting(path));
    if (gone.length === 0) return;
    for (const path of gone) this.files.delete(path);
    this.paths.value = this.paths.peek().filter(isWriting);
  }

  show(file) {
    if (file.waiting) return;
    file.waiting = true;
    this.schedule(() => {
      file.waiting = false;
      file.shown.value = { text: file.text, start: file.start };
    });
  }
}
