// What an agent remembers: documents that are added, listed and taken away, and passages found for a question.
import { Loadable } from "../loadable.js";
import { signal } from "../reactive.js";

export const LONGEST_DOCUMENT = 1_048_576; // bytes of UTF-8
const LOOK_AGAIN_MS = 2_000;
const UNFINISHED = ["embedding", "indexing"];

export class Memory {
  constructor({ api, path, later = (action) => setTimeout(action, LOOK_AGAIN_MS) }) {
    Object.assign(this, { api, path, later });
    this.documents = new Loadable(() => this.list());
    this.question = signal("");
    this.passages = new Loadable(() => this.find());
    this.draft = signal({ title: "", text: "" });
    this.busy = signal(false);
  }

  /** Every document; asked for again while one of them is not ready. */
  async list() {
    const { documents } = await this.api.get(this.path);
    clearTimeout(this.timer);
    if (documents.some(({ status }) => UNFINISHED.includes(status))) this.timer = this.later(() => this.documents.load());
    return documents;
  }

  async find() {
    return this.api.get(this.path, { q: this.question.peek().trim(), count: 5 });
  }

  write(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null;
  }

  /** Adds what is written; repeating after a lost answer adds nothing twice. `key` is a new id. */
  async add(key) {
    const { title, text } = this.draft.peek();
    this.key ??= key;
    this.busy.value = true;
    try {
      await this.api.post(this.path, { title: title.trim(), text }, { "idempotency-key": this.key });
      this.write({ title: "", text: "" });
      await this.documents.load();
    } finally {
      this.busy.value = false;
    }
  }

  async remove(documentId) {
    await this.api.delete(`${this.path}/${encodeURIComponent(documentId)}`);
    await this.documents.load();
  }

  /** Stops looking again. */
  close() {
    clearTimeout(this.timer);
  }
}

/** What a file becomes: {title, text}, or {wrong: "size" | "kind"} when it cannot be one. */
export async function documentOf(file) {
  if (file.size > LONGEST_DOCUMENT) return { wrong: "size" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return text.includes("\0") ? { wrong: "kind" } : { title: file.name.replace(/\.\w{1,8}$/, ""), text };
  } catch {
    return { wrong: "kind" };
  }
}

export const bytesOf = (text) => new TextEncoder().encode(text).length;
