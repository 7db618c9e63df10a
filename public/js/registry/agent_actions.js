// What may be done with an agent as a whole. Archiving says its consequence first; restoring needs no question.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Icon } from "../components/icon.js";
import { html, useState } from "../lib.js";
import { text } from "./text.js";

export function AgentActions({ app, open, agent }) {
  const [asking, setAsking] = useState(false);
  const busy = open.busy.value !== null;
  if (agent.archived) return html`<button type="button" class="button small" disabled=${busy} onClick=${() => app.attempt(() => open.restore())}><${Icon} name="undo" />${text.agent.restore}</button>`;
  return html`<button type="button" class="button small danger" disabled=${busy} onClick=${() => setAsking(true)}><${Icon} name="archive" />${text.agent.archive}</button>
    ${asking && html`<${ConfirmDialog} ...${text.archive} onConfirm=${() => app.attempt(() => open.archive())} onClose=${() => setAsking(false)} />`}`;
}
