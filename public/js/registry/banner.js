// The one line about the connection on the registry's screens. Nothing while all is well.
import { html, useEffect, useState } from "../lib.js";
import { LINK } from "../socket.js";
import { online } from "../ui.js";
import { text } from "./text.js";

const PATIENCE_MS = 2_000; // what is over sooner is not worth a word

export function LiveBanner({ live }) {
  const trouble = state(live);
  const [lasting, setLasting] = useState(null);
  useEffect(() => {
    if (!trouble) return setLasting(null);
    const timer = setTimeout(() => setLasting(trouble.words), trouble.now ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [trouble?.words]);
  if (!trouble || lasting !== trouble.words) return null;
  return html`<div class=${`banner ${trouble.calm ? "calm" : ""}`} role="status">
    <span class="pulse" aria-hidden="true"></span><p>${trouble.words}</p>
    ${trouble.retry && html`<button type="button" class="button quiet" onClick=${trouble.retry}>${text.banner.retry}</button>`}
  </div>`;
}

function state(live) {
  if (!online.value) return { words: text.banner.offline, now: true };
  if ([LINK.open, LINK.closed].includes(live.socket.status.value)) return null;
  if (live.error.value) return { words: text.banner.lost, retry: () => live.again() };
  return { words: text.banner.polling, calm: true };
}
