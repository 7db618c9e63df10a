// One sandbox: its state, what it may reach, and what can be done with it.
import { html, useState } from "../lib.js";
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { ago } from "../components/measures.js";
import { minute } from "../minute.js";
import { goToPage, terminalAddress } from "./address.js";
import { EMPTY } from "./draft.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.sandboxes;
const USABLE = new Set(["ready", "asleep"]);

export function SandboxRow({ app, runs, session }) {
  const [asking, setAsking] = useState(false);
  const name = session.name || words.untitled;
  const usable = USABLE.has(session.status);
  const runHere = () => {
    runs.change({ ...EMPTY, sessionId: session.id });
    goToPage("new");
  };
  return html`<li class="sandbox">
    <${StatusDot} status=${session.status} />
    <div class="sandbox-words">
      <p class="run-title">${name}</p>
      <p class="facts">${facts(session).map((fact) => html`<span class="fact">${fact}</span>`)}</p>
    </div>
    <div class="run-actions">
      ${usable && html`<a class="button small" href=${terminalAddress(session.id)} aria-label=${words.terminalOf(name)}><${Glyph} name="terminal" />${words.terminal}</a>
      <button type="button" class="button small" aria-label=${words.runOf(name)} onClick=${runHere}><${Glyph} name="play" />${words.run}</button>`}
      ${session.status !== "stopped" && html`<button type="button" class="button small danger" aria-label=${words.stopOf(name)} onClick=${() => setAsking(true)}>
        <${Icon} name="stop" />${words.stop}
      </button>`}
    </div>
    ${asking && html`<${ConfirmDialog}
      title=${words.stopTitle(name)}
      lines=${[words.stopBody]}
      keep=${text.keep}
      confirm=${words.stopConfirm}
      onConfirm=${() => app.attempt(() => runs.stopSession(session.id))}
      onClose=${() => setAsking(false)}
    />`}
  </li>`;
}

function facts({ status, lastUsedAt, network = [], ports = [], isolation, error }) {
  minute.value; // "used 2 min ago" stays true
  return [
    text.status(status),
    lastUsedAt && words.used(ago(lastUsedAt)),
    network.length > 0 && network.join(", "),
    ports.length > 0 && words.ports(ports),
    isolation,
    error?.message,
  ].filter(Boolean);
}
