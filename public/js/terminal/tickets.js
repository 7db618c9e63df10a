// Tickets: each opens the terminal's socket once. The owner asks with their account, a visitor with the
// text of a link that somebody shared.

/** What the address names: a session of ours, or a share. `null` when it names nothing. */
export function placeOf(fragment) {
  const named = new URLSearchParams(fragment.replace(/^#/, ""));
  if (named.get("share")) return { share: named.get("share") };
  const sessionId = named.get("session") ?? "";
  return /^[\w.-]{1,128}$/.test(sessionId) ? { sessionId, readOnly: named.get("view") === "1" } : null;
}

export class Tickets {
  constructor(api, place) {
    Object.assign(this, { api, place });
    this.readOnly = Boolean(place.share || place.readOnly);
  }

  next() {
    const { share, sessionId, readOnly } = this.place;
    if (share) return this.api.post("/api/orchestrator/shared/terminal-ticket", { share });
    return this.api.post(`/api/orchestrator/session/${encodeURIComponent(sessionId)}/terminal-ticket`, { readOnly });
  }
}
