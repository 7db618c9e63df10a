// What the page itself has open: dialogs, drawers, and how wide it is. Nothing here is about a session.
import { signal } from "./reactive.js";

/** The open dialog: `{name, …what it needs}` or null. components/dialogs.js draws it. */
export const dialog = signal(null);
/** The panel that is open over the page on a narrow screen: "sessions", "tasks" or null. */
export const drawer = signal(null);
/** Words for the box that came from elsewhere (?q=, a starter): taken once by the composer. */
export const prefill = signal(null);
/** Where the focus should go next: "composer" or "task", taken once by that box. */
export const focusWish = signal(null);

export const openDialog = (name, values = {}) => {
  dialog.value = { name, ...values };
};
export const closeDialog = () => {
  dialog.value = null;
};

export const wideEnoughForSessions = media("(min-width: 860px)");
export const wideEnoughForTasks = media("(min-width: 1180px)");
export const online = signal(navigator.onLine);

function media(query) {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener("change", () => {
    matches.value = list.matches;
    drawer.value = null;
  });
  return matches;
}
