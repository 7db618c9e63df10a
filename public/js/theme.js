// Light, dark, or what the system says. theme_boot.js applies the choice before the first paint.
import { signal } from "./reactive.js";

const KEY = "littoral.theme";
export const THEMES = ["system", "light", "dark"];
export const theme = signal(document.documentElement.dataset.theme ?? "system");

export function chooseTheme(name) {
  theme.value = name;
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  try {
    if (name === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // the choice lasts until the page is left
  }
}
