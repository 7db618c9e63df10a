// Messages on their way to the server. Each has ids chosen here, so that sending one again after a
// lost connection is harmless: the server keeps the first. Entries leave when the server is known to
// have them. Survives a reload of this tab (sessionStorage), and is not shared between tabs.

export class Outbox {
  /** `storage` has getItem, setItem and removeItem; `key` names this session's entries in it. */
  constructor(storage, key) {
    this.storage = storage;
    this.key = key;
    this.entries = this.restore();
  }

  /** `entry` is {requestId, message, trigger, …}: the body of the request and its id. */
  add(entry) {
    this.entries.push(entry);
    this.save();
  }

  /** Takes out the entry of a request that the server has; undefined when there is none. */
  take(requestId) {
    const taken = this.entries.find((entry) => entry.requestId === requestId);
    if (taken) this.keep((entry) => entry !== taken);
    return taken;
  }

  /** Forgets entries whose message is among the server's, with the same words (an edit keeps its id). */
  settle(messages) {
    const known = new Map(messages.map((message) => [message.id, words(message)]));
    this.keep((entry) => known.get(entry.message.id) !== words(entry.message));
  }

  keep(wanted) {
    const left = this.entries.filter(wanted);
    if (left.length === this.entries.length) return;
    this.entries = left;
    this.save();
  }

  has(requestId) {
    return this.entries.some((entry) => entry.requestId === requestId);
  }

  restore() {
    try {
      return JSON.parse(this.storage.getItem(this.key)) ?? [];
    } catch {
      return []; // storage that is blocked or damaged costs only this convenience
    }
  }

  save() {
    try {
      if (this.entries.length) this.storage.setItem(this.key, JSON.stringify(this.entries));
      else this.storage.removeItem(this.key);
    } catch {
      // private windows and full disks: the entries live on in memory
    }
  }
}

function words({ parts }) {
  return JSON.stringify(parts.map((part) => part.text));
}
