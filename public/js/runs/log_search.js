// Looking for words in the output: where they are, how many there are, and which one is looked at.
// Blocks that have not changed are not searched again.
import { computed, signal } from "../reactive.js";

export const MOST_HITS = 2_000;

export class LogSearch {
  constructor(log) {
    this.log = log;
    this.query = signal("");
    this.stream = signal(null); // "stdout", "stderr" or null for both
    this.at = signal(0); // which hit is looked at, from 0
    this.known = new WeakMap();
    this.pattern = computed(() => toPattern(this.query.value));
    this.places = computed(() => this.findAll());
    this.count = computed(() => this.places.value.length);
  }

  look(words) {
    this.query.value = words;
    this.at.value = 0;
  }

  /** Looks at the next hit, or with -1 at the one before; round at the ends. */
  move(by) {
    const count = this.count.peek();
    if (count > 0) this.at.value = (this.at.peek() + by + count) % count;
  }

  /** Hits of a block as {line → [[from, until], …]}; null when nothing is looked for. */
  hitsOf(block) {
    const pattern = this.pattern.value;
    const stream = this.stream.value;
    const version = block.version.value;
    if (!pattern) return null;
    const known = this.known.get(block);
    if (known?.pattern === pattern && known.version === version && known.stream === stream) return known.hits;
    const hits = find(block, pattern, stream);
    this.known.set(block, { pattern, version, stream, hits });
    return hits;
  }

  /** {block, line, index} of the hit that is looked at, or null. */
  get current() {
    return this.places.value[this.at.value] ?? null;
  }

  findAll() {
    const places = [];
    for (const block of this.log.blocks.value) {
      const hits = this.hitsOf(block);
      if (!hits) return [];
      for (const [line, ranges] of hits) {
        for (let index = 0; index < ranges.length; index++) {
          places.push({ block, line, index });
          if (places.length >= MOST_HITS) return places;
        }
      }
    }
    return places;
  }
}

function toPattern(words) {
  return words.trim() ? new RegExp(words.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "gi") : null;
}

const NONE = new Map(); // one for all, so that a block without a hit is not drawn again

function find(block, pattern, stream) {
  const hits = new Map();
  block.lines.forEach((line, number) => {
    if (line.kind !== "text" || (stream && line.stream !== stream)) return;
    const ranges = [...line.text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
    if (ranges.length) hits.set(number, ranges);
  });
  return hits.size ? hits : NONE;
}
