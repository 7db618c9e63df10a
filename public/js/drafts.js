// What was typed and not sent, one draft a session, kept in this browser. Drafts are words that the
// person wrote, never credentials. Storage that refuses costs the draft, nothing else.

const PREFIX = "littoral.draft.";

export class Drafts {
  constructor(storage) {
    this.storage = storage;
  }

  /** `sessionId` is null for the talk that has not begun. */
  read(sessionId) {
    try {
      return this.storage.getItem(PREFIX + (sessionId ?? "new")) ?? "";
    } catch {
      return "";
    }
  }

  write(sessionId, draft) {
    try {
      if (draft) this.storage.setItem(PREFIX + (sessionId ?? "new"), draft);
      else this.storage.removeItem(PREFIX + (sessionId ?? "new"));
    } catch {
      // nothing to do: the words are still in the box
    }
  }

  /** The person leaves this browser, and what they typed with them. */
  forget() {
    for (const key of Object.keys(this.storage)) if (key.startsWith(PREFIX)) this.storage.removeItem(key);
  }
}
