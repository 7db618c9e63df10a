// The terminal's document: a bar that says how things are, and the screen below it.
import { Icon, addIcons } from "../components/icon.js";
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { lazy } from "../components/lazy.js";
import { LINE } from "./line.js";
import { text } from "./text.js";

addIcons({ aloud: "M4 10v4h3.5L12 18V6l-4.5 4zM15.5 9.5a4 4 0 0 1 0 5M18 7a8 8 0 0 1 0 10" });
const ShareDialog = lazy(async () => (await import("./share_dialog.js")).ShareDialog);

export function TerminalPage({ line, view, desk }) {
  const sharing = useSignal(false);
  return html`<main class="terminal-page" aria-label=${text.title}>
    <h1 class="unseen">${text.title}</h1>
    <div class="terminal-bar" role="toolbar" aria-label=${text.toolbar}>
      <${Status} line=${line} />
      ${line.viewers.value > 1 && html`<span class="badge">${text.viewers(line.viewers.value)}</span>`}
      ${line.readOnly.value && html`<span class="badge warn" title=${text.readOnlyHint}>${text.readOnly}</span>`}
      <span class="spring"></span>
      <button type="button" class="icon-button" ref=${desk.first} aria-label=${text.copy} title=${text.copy} onClick=${() => desk.copy(view.selection())}><${Icon} name="copy" /></button>
      <button type="button" class="icon-button" aria-pressed=${String(desk.aloud.value)} aria-label=${text.reader} title=${text.reader} onClick=${desk.toggleReader}><${Icon} name="aloud" /></button>
      ${desk.shares && html`<button type="button" class="button small" onClick=${() => (sharing.value = true)}>${text.share}</button>`}
    </div>
    <${Screen} view=${view} />
    <p class="terminal-keys" id="keys"><span class="unseen">${text.keys}</span><span aria-hidden="true">${text.leave}</span></p>
    <p class="unseen" role="status">${desk.said.value}</p>
    ${sharing.value && html`<${ShareDialog} shares=${desk.shares} copy=${desk.copy} onClose=${() => (sharing.value = false)} />`}
  </main>`;
}

function Status({ line }) {
  const status = line.status.value;
  const words = text.status[status];
  const value = status === LINE.ended ? line.exit.value : line.reason.value;
  const action = text.action[status];
  const mayAct = action && !(status === LINE.ended && line.readOnly.value);
  return html`<p class=${`terminal-status ${status}`} role="status">
      <span class="dot" aria-hidden="true"></span><span>${line.note.value || (typeof words === "function" ? words(value) : words)}</span>
    </p>
    ${mayAct && html`<button type="button" class="button small" onClick=${() => line.connect({ restart: status === LINE.ended })}>${action}</button>`}`;
}

function Screen({ view }) {
  const box = useRef(null);
  useEffect(() => view.open(box.current), []);
  return html`<div class="terminal-screen" ref=${box}></div>`;
}
