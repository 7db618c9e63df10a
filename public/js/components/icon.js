// The drawings of the interface, 24 × 24, stroked in the colour of the text. Decoration only: the
// control that shows one carries the words.
import { html } from "../lib.js";

const PATHS = {
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  add: "M12 5v14M5 12h14",
  agents: "M5 9h14v10H5zM12 9V5M9.5 13.5h.01M14.5 13.5h.01M2.5 13v3M21.5 13v3M11 4.5h2",
  archive: "M4 8h16v11H4zM3 4h18v4H3zM10 12h4",
  arrowDown: "M12 5v14M6 13l6 6 6-6",
  arrowUp: "M12 19V5M6 11l6-6 6 6",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
  builds: "M4 8l8-4 8 4-8 4zM4 8v8l8 4 8-4V8M12 12v8",
  calendar: "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V7M15.5 3.5V7",
  chat: "M4 5h16v11h-9l-4 4v-4H4z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M9 6l6 6-6 6",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  flag: "M6 21V4h11l-2 4 2 4H6",
  functions: "M14.5 4.5c-3-.6-3.8 1-4.2 4L9 17c-.4 2.5-1.5 3-3.5 2.5M6.5 10.5h7M14 13l5 6M19 13l-5 6",
  image: "M4 5h16v14H4zM4 16l5-5 5 5 2-2 4 4M15.5 9.5h.01",
  keyboard: "M3 7h18v10H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M8 14h8",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  mesh: "M12 3.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M5.5 15.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M18.5 15.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M11 7.3l-4.5 8.4M13 7.3l4.5 8.4M7.5 17.5h9",
  more: "M5.5 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M11.1 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M16.7 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0",
  operations: "M3 13h4l2.5-7 4 12L16 13h5",
  outside: "M10 6H5v13h13v-5M14 4h6v6M20 4l-9 9",
  repeat: "M5 11a7 7 0 0 1 12-4l3 3M20 5v5h-5M19 13a7 7 0 0 1-12 4l-3-3M4 19v-5h5",
  runs: "M4 5h16v14H4zM8 9.5l3 2.5-3 2.5M13 15h3.5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
  stop: "M7 7h10v10H7z",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
  undo: "M8.5 5.5L4 10l4.5 4.5M4 10h10a5 5 0 0 1 0 10h-3",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17.2h.01",
  wave: "M3 9c3-3 6-3 9 0s6 3 9 0M3 15c3-3 6-3 9 0s6 3 9 0",
};

/** Drawings of a screen that is fetched later. */
export const addIcons = (more) => Object.assign(PATHS, more);

export function Icon({ name }) {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
  ><path d=${PATHS[name]} /></svg>`;
}

export function Logo() {
  return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <circle class="logo-sky" cx="16" cy="16" r="15" />
    <circle class="logo-sun" cx="21" cy="11.5" r="3.6" />
    <path
      class="logo-far"
      d="M1.2 17.4c3.4-2.6 6.6-2.6 9.9 0s6.5 2.6 9.8 0 6.5-2.6 9.9 0A15 15 0 0 1 16 31 15 15 0 0 1 1.2 17.4z"
    />
    <path
      class="logo-near"
      d="M3.1 23.6c3-2.2 5.6-2.2 8.6 0s5.6 2.2 8.6 0 5.6-2.2 8.6 0A15 15 0 0 1 16 31a15 15 0 0 1-12.9-7.4z"
    />
  </svg>`;
}

/** A button that shows only a drawing; `label` is its name. */
export function IconButton({ icon, label, class: extra = "", ...rest }) {
  return html`<button
    type="button"
    class=${`icon-button ${extra}`}
    aria-label=${label}
    title=${label}
    ...${rest}
  ><${Icon} name=${icon} /></button>`;
}
