// Keys that work everywhere on the page. All but Escape need a modifier, so that none gets in the way
// of typing or of a screen reader. The list that people read is made from the same table.
import { PLACES, go, goToTalk, place } from "./router.js";
import { text } from "./text.js";
import { closeDialog, dialog, drawer, focusWish, openDialog, wideEnoughForTasks } from "./ui.js";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const mod = mac ? "⌘" : "Ctrl";
const shift = mac ? "⇧" : "Shift";

export const SHORTCUTS = [
  { keys: [mod, "K"], label: text.shortcuts.palette, matches: key("k"), run: togglePalette },
  { keys: [mod, shift, "O"], label: text.shortcuts.fresh, matches: key("o", { shifted: true }), run: freshTalk },
  { keys: [mac ? "⌃" : "Ctrl", shift, `1 – ${PLACES.length}`], label: text.shortcuts.places, matches: placeOf, run: goToPlace },
  { keys: [mod, "."], label: text.shortcuts.composer, matches: key("."), run: () => wish("composer") },
  { keys: [mod, ","], label: text.shortcuts.tasks, matches: key(","), run: goToTasks },
  { keys: [mod, "/"], label: text.shortcuts.help, matches: key("/"), run: () => openDialog("shortcuts") },
];

/** Those that belong to one box or need an open answer: listed, handled where they happen. */
export const LOCAL_SHORTCUTS = [
  { keys: ["Esc"], label: text.shortcuts.stop },
  { keys: ["Enter"], label: text.shortcuts.send },
  { keys: [shift, "Enter"], label: text.shortcuts.newline },
  { keys: ["↑"], label: text.shortcuts.editLast },
];

export function listenForShortcuts(app) {
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape" && place.peek() === "chat" && !dialog.peek() && !drawer.peek() && !document.querySelector(":popover-open")) {
      app.chat.peek()?.stop();
    }
    const shortcut = SHORTCUTS.find((candidate) => candidate.matches(event));
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run(event);
  });
}

export function freshTalk() {
  drawer.value = null;
  closeDialog();
  go("new");
  wish("composer");
}

export function goToTasks() {
  closeDialog();
  goToTalk();
  if (!wideEnoughForTasks.peek()) drawer.value = "tasks";
  wish("task");
}

export function wish(box) {
  goToTalk();
  if (box === "composer") drawer.value = null;
  focusWish.value = box;
}

/** By the key's position: what Shift makes of a digit differs between layouts; other chords are the system's. */
function placeOf({ ctrlKey, shiftKey, altKey, metaKey, code }) {
  return ctrlKey && shiftKey && !altKey && !metaKey && PLACES[/^Digit(\d)$/.exec(code)?.[1] - 1];
}

function goToPlace(event) {
  const name = placeOf(event);
  drawer.value = null;
  closeDialog();
  if (name === "chat") goToTalk();
  else go(name);
}

function togglePalette() {
  if (dialog.peek()?.name === "palette") closeDialog();
  else openDialog("palette");
}

/** Layouts that need Shift for a sign such as "/" have it too. */
function key(name, { shifted = /\W/.test(name) ? null : false } = {}) {
  return (event) => command(event) && event.key.toLowerCase() === name && (shifted === null || event.shiftKey === shifted);
}

function command(event) {
  return (mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey;
}
