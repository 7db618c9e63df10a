// Whether a run's output and its steps fit beside each other. The same width as in runs.css.
import { signal } from "../reactive.js";

const list = matchMedia("(min-width: 1180px)");
export const wideEnoughForAside = signal(list.matches);

list.addEventListener("change", () => {
  wideEnoughForAside.value = list.matches;
});
