// The one line about the connection on the screens of runs. Nothing while all is well.
import { html, useEffect, useState } from "../lib.js";
import { online } from "../ui.js";
import { FEED } from "./run_feed.js";
import { text } from "./text.js";

const PATIENCE_MS = 1_500; // what is over sooner is not worth a word

export function RunsBanner({ open }) {
  const trouble = state(open);
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

function state(open) {
  if (!online.value) return { words: text.banner.offline, now: true };
  const status = open?.feed.status.value;
  if (status === FEED.lost) return { words: text.banner.lost, retry: () => open.feed.check() };
  if (status === FEED.polling) return { words: text.banner.polling, calm: true };
  return null;
}
