// Contents of saved files, fetched once for each hash. The content that was looked at before stays for a
// while, so that what a later phase or a restored revision changed can be shown.
import { signal } from "../reactive.js";

const MOST = 60; // contents; those used longest ago leave first

export class FileShelf {
  /** `fetchFile(path)` resolves to {path, hash, content}. */
  constructor(fetchFile) {
    this.fetchFile = fetchFile;
    this.contents = new Map(); // "path\nhash" → signal of {content, error}
    this.seen = new Map(); // path → hashes in the order in which they were looked at
  }

  /** {content, error} of a saved file as a signal; both null while it is on its way. */
  read({ path, hash }) {
    const key = `${path}\n${hash}`;
    const known = this.contents.get(key) ?? signal({ content: null, error: null });
    const isNew = !this.contents.delete(key);
    this.contents.set(key, known); // used last
    if (isNew) this.load(path, hash, known);
    return known;
  }

  retry({ path, hash }) {
    const known = this.contents.get(`${path}\n${hash}`);
    known.value = { content: null, error: null };
    return this.load(path, hash, known);
  }

  /** The content of the version that was looked at before this one, or null. */
  before({ path, hash }) {
    const hashes = this.seen.get(path) ?? [];
    const earlier = hashes[hashes.indexOf(hash) - 1];
    return earlier ? (this.contents.get(`${path}\n${earlier}`)?.value.content ?? null) : null;
  }

  async load(path, hash, into) {
    try {
      const file = await this.fetchFile(path);
      if (file.hash === hash) this.remember(path, hash);
      into.value = { content: file.content, error: null }; // a newer one is as good: its state is on its way
    } catch (error) {
      into.value = { content: null, error };
    }
    while (this.contents.size > MOST) this.contents.delete(this.contents.keys().next().value);
  }

  remember(path, hash) {
    const hashes = this.seen.get(path) ?? [];
    this.seen.set(path, [...hashes.filter((each) => each !== hash), hash]);
  }
}
