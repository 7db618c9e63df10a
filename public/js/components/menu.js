// A button with a menu: native popover (closes itself), arrow keys, Home and End.
// `items` are {label, icon, run, danger?} or {label, icon, href} for a download.
import { html, useRef, useState } from "../lib.js";
import { Icon, IconButton } from "./icon.js";

export function Menu({ label, items, class: extra = "" }) {
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const list = useRef(null);
  const toggled = (event) => {
    setOpen(event.newState === "open");
    if (event.newState === "open") place(list.current, button.current);
  };
  const choose = (item) => {
    list.current.hidePopover();
    button.current.querySelector("button").focus();
    item.run?.();
  };
  return html`<span class=${`menu ${extra}`} ref=${button}>
    <${IconButton}
      icon="more"
      label=${label}
      aria-haspopup="menu"
      aria-expanded=${open}
      onClick=${() => list.current.togglePopover()}
    />
    <div
      ref=${list}
      class="menu-list"
      popover="auto"
      role="menu"
      aria-label=${label}
      onToggle=${toggled}
      onKeyDown=${(event) => move(event, list.current)}
    >
      ${open && items.map((item) => html`<${Item} item=${item} choose=${choose} />`)}
    </div>
  </span>`;
}

function Item({ item, choose }) {
  const content = html`<${Icon} name=${item.icon} />${item.label}`;
  const shape = `menu-item ${item.danger ? "danger" : ""}`;
  if (item.href) return html`<a
    role="menuitem"
    tabindex="-1"
    class=${shape}
    href=${item.href}
    download
    onClick=${() => choose(item)}
  >${content}</a>`;
  return html`<button
    type="button"
    role="menuitem"
    tabindex="-1"
    class=${shape}
    onClick=${() => choose(item)}
  >${content}</button>`;
}

/** Below the button, or above it where there is no room, and inside the window. */
function place(list, button) {
  requestAnimationFrame(() => {
    const anchor = button.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const below = anchor.bottom + 4;
    const top = below + height > innerHeight - 8 ? Math.max(8, anchor.top - height - 4) : below;
    list.style.top = `${top}px`;
    list.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
    list.querySelector("[role=menuitem]")?.focus();
  });
}

function move(event, list) {
  const items = [...list.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items.at(target % items.length).focus();
}
