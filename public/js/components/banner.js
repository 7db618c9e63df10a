// The one line about the connection. Nothing is shown while all is well.
import { html, useEffect, useState } from "../lib.js";
import { LINK } from "../socket.js";
import { place } from "../router.js";
import { text } from "../text.js";
import { online } from "../ui.js";

const PATIENCE_MS = 1_200; // a connection that is quick to come is not worth a word

export function Banner({ app }) {
  const trouble = useLasting(state(app));
  if (!trouble) return null;
  const { words, retry, calm } = trouble;
  return html`<div class=${`banner ${calm ? "calm" : ""}`} role="status">
    <span class="pulse" aria-hidden="true"></span><p>${words}</p>
    ${retry && html`<button type="button" class="button quiet" onClick=${retry}>${text.banner.retry}</button>`}
  </div>`;
}

function state(app) {
  if (!online.value) return { key: "offline", words: text.banner.offline, now: true };
  if (app.started.value === "failed") return { key: "start", words: text.banner.starting, retry: () => app.start() };
  const chat = place.value === "chat" && app.chat.value;
  if (!chat || chat.loading.value === "failed") return null;
  const status = chat.socket.status.value;
  if (status === LINK.refused) return { key: "refused", words: text.banner.refused, now: true };
  if (status === LINK.open) return chat.catchingUp.value ? { key: "catching", words: text.banner.catchingUp, calm: true } : null;
  return { key: "lost", words: text.banner.reconnecting, retry: () => chat.socket.connect() };
}

/** The state, once it has lasted; what it says may change at once afterwards. */
function useLasting(current) {
  const [, redraw] = useState(0);
  const [since, setSince] = useState(null);
  useEffect(() => {
    if (!current) return setSince(null);
    setSince((known) => known ?? Date.now());
    const timer = setTimeout(() => redraw((count) => count + 1), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [current?.key]);
  if (!current) return null;
  return current.now || (since && Date.now() - since >= PATIENCE_MS) ? current : null;
}
