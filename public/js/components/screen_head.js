// The head of a place beside the talk: its title, which is the page's too, and what can be done there.
// Whoever comes here from another place finds the focus on the title.
import { html, useEffect, useRef } from "../lib.js";
import { moved } from "../router.js";
import { text } from "../text.js";

export function ScreenHead({ title, before = null, children }) {
  const heading = useRef(null);
  useEffect(() => {
    if (moved) heading.current.focus();
  }, []);
  useEffect(() => {
    document.title = `${title} · ${text.name}`;
  }, [title]);
  return html`<header class="talk-head">${before}<h1 ref=${heading} tabindex="-1">${title}</h1>${children}</header>`;
}
