// Links and images that the model wrote. Neither does anything by itself: a link opens a dialog first,
// an image is a chip that says what it would have shown and from where.
import { html } from "../lib.js";
import { talkText } from "../talk_text.js";
import { text } from "../text.js";
import { openDialog } from "../ui.js";
import { Icon } from "./icon.js";

export function OutsideLink({ href, host, children }) {
  const ask = (event) => {
    event.preventDefault(); // also for the middle button, which would open it at once
    openDialog("link", { href, host });
  };
  return html`<a
    href=${href}
    rel="noopener noreferrer nofollow"
    title=${host}
    onClick=${ask}
    onAuxClick=${ask}
    draggable=${false}
  >${children}</a>`;
}

export function ImageChip({ description, target }) {
  const label = talkText.links.imageChip(description);
  if (!target) return html`<span class="image-chip"><${Icon} name="image" />${label}</span>`;
  const ask = () => openDialog("link", { ...target, image: true });
  return html`<button type="button" class="image-chip" onClick=${ask}>
    <${Icon} name="image" /><span>${label}</span><small>${target.host} · ${talkText.links.notLoaded}</small>
  </button>`;
}
