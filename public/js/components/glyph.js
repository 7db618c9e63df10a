// Drawings that only places beside the talk need, like those of icon.js.
import { html } from "../lib.js";

const PATHS = {
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2",
  coin: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM14.5 9.5c-.5-1-1.400-1.300-2.500-1.300-1.500 0-2.500.7-2.500 1.900 0 2.700 5.200 1.100 5.200 3.900 0 1.200-1.100 1.900-2.700 1.900-1.200 0-2.200-.4-2.700-1.400M12 6.500v1.700M12 15.900v1.700",
  file: "M6 3.500h8l4 4v13H6zM14 3.500v4h4",
  folder: "M3.5 6.5h6l2 2.5h9v9.5h-17z",
  globe: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c2.500 2.300 3.500 5 3.500 8s-1 5.700-3.500 8c-2.500-2.300-3.500-5-3.500-8s1-5.700 3.500-8",
  pause: "M8.500 6v12M15.500 6v12",
  play: "M8 5.500l10 6.500-10 6.500z",
  question: "M9 9a3 3 0 1 1 4.200 2.800c-.9.4-1.200 1-1.200 2M12 17.300h.01",
  shield: "M12 3.500l7 2.500v5.500c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V6z",
  terminal: "M4 5h16v14H4zM8 9.500l3 2.500-3 2.500M13 15h3.500",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  dash: "M6 12h12",
};

export function Glyph({ name }) {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
  ><path d=${PATHS[name]} /></svg>`;
}
