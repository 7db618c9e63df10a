// Asks before a key is revoked, and says what follows.
import { html, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { DialogHead } from "../components/dialog_head.js";
import { Modal } from "../components/modal.js";
import { text as common } from "../text.js";
import { sorted } from "./account.js";
import { text } from "./text.js";

export function RevokeDialog({ account, record, onClose }) {
  const [busy, setBusy] = useState(false);
  const last = sorted(account.keys.value.value ?? []).good.length === 1;
  const revoke = async () => {
    setBusy(true);
    if (await account.app.attempt(() => account.revoke(record))) announce(text.revoke.done(record.name));
    onClose();
  };
  return html`<${Modal} class="small" label=${text.revoke.title(record.name)} onClose=${onClose}>
    <${DialogHead} title=${text.revoke.title(record.name)} onClose=${onClose} />
    <p>${text.revoke.body}</p>
    ${record.current && html`<p><b>${text.revoke.current}</b></p>`}
    ${last && html`<p><b>${text.revoke.last}</b></p>`}
    <div class="actions">
      <button type="button" class="button" autofocus onClick=${onClose}>${common.cancel}</button>
      <button type="button" class="button danger solid" disabled=${busy} onClick=${revoke}>${text.revoke.confirm}</button>
    </div>
  <//>`;
}
