// Wiring of the terminal's own document (public/terminal/): the line, the screen, the bar.
import { Api } from "../api.js";
import { EmptyState } from "../components/states.js";
import { html, render, signal } from "../lib.js";
import { effect } from "../reactive.js";
import { LINE, TerminalLine } from "./line.js";
import { TerminalPage } from "./page.js";
import { Shares } from "./shares.js";
import { text } from "./text.js";
import { Tickets, placeOf } from "./tickets.js";
import { TerminalView } from "./view.js";

const READER_KEY = "littoral.terminal.reader";
const root = document.getElementById("terminal");
const place = placeOf(location.hash);

function begin() {
  const api = new Api();
  const desk = {
    aloud: signal(remembered()),
    said: signal(""),
    first: { current: null },
    shares: place.sessionId ? new Shares(api, place.sessionId) : null,
    copy,
    toggleReader,
  };
  const view = new TerminalView({
    onType: (words) => line.type(words),
    onSize: (size) => line.resize(size),
    onLeave: () => desk.first.current.focus(),
    onCopy: copy,
  });
  const line = new TerminalLine({ tickets: new Tickets(api, place), view });

  async function copy(words) {
    if (!words) return say(text.copyNothing);
    await navigator.clipboard.writeText(words).then(
      () => say(text.copied),
      () => say(text.copyFailed),
    );
  }
  function say(words) {
    desk.said.value = words;
    line.note.value = words;
    setTimeout(() => line.note.peek() === words && (line.note.value = ""), 2_500);
  }
  function toggleReader() {
    desk.aloud.value = !desk.aloud.value;
    remember(desk.aloud.value);
  }

  effect(() => view.read(desk.aloud.value));
  effect(() => view.watchOnly(line.readOnly.value));
  effect(() => {
    if (line.status.value === LINE.open && document.activeElement === document.body) view.focus();
  });
  addEventListener("online", () => line.check());
  addEventListener("visibilitychange", () => document.hidden || line.check());
  addEventListener("hashchange", () => location.reload());
  render(html`<${TerminalPage} line=${line} view=${view} desk=${desk} />`, root);
  line.connect();
}

function remembered() {
  try {
    return localStorage.getItem(READER_KEY) === "1";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(READER_KEY, on ? "1" : "0");
  } catch {
    // the choice lasts until the page is left
  }
}

root.replaceChildren();
if (place) begin();
else render(html`<main class="terminal-page"><h1 class="unseen">${text.title}</h1><${EmptyState} icon="warning" title=${text.nowhere} hint=${text.nowhereHint} /></main>`, root);
