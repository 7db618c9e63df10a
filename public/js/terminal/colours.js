// The terminal's colours, light and dark. Programs choose among sixteen; xterm raises the contrast of
// those that would be hard to read (see view.js).
const dark = {
  background: "#142325", foreground: "#e4eceb", cursor: "#7fd0c2", cursorAccent: "#142325", selectionBackground: "#2c5a56",
  black: "#26393c", red: "#f6a593", green: "#9fd6a3", yellow: "#efc27a", blue: "#8cc7ec", magenta: "#d9b3ec", cyan: "#7fd0c2", white: "#e4eceb",
  brightBlack: "#8aa0a1", brightRed: "#ffc3b6", brightGreen: "#c0ebc3", brightYellow: "#ffdca3", brightBlue: "#b4dcf6", brightMagenta: "#ead0f7", brightCyan: "#a5e2d7", brightWhite: "#ffffff",
};
const light = {
  background: "#fdfcf9", foreground: "#17292b", cursor: "#0f6d66", cursorAccent: "#fdfcf9", selectionBackground: "#bfe0d8",
  black: "#17292b", red: "#a8382a", green: "#2b6a3a", yellow: "#7d5200", blue: "#1b5a8a", magenta: "#7a3f8f", cyan: "#0f6d66", white: "#6d7a79",
  brightBlack: "#4d5f60", brightRed: "#8f2d21", brightGreen: "#22592f", brightYellow: "#684400", brightBlue: "#154a73", brightMagenta: "#653377", brightCyan: "#0b5d57", brightWhite: "#3d4c4b",
};

const system = matchMedia("(prefers-color-scheme: dark)");

export function colours() {
  const chosen = document.documentElement.dataset.theme;
  return (chosen ? chosen === "dark" : system.matches) ? dark : light;
}

/** Calls back when the theme changes, here or in the page around us. */
export function onColoursChange(changed) {
  system.addEventListener("change", changed);
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== "littoral.theme") return;
    if (newValue) document.documentElement.dataset.theme = newValue;
    else delete document.documentElement.dataset.theme;
    changed();
  });
}
