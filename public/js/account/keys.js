// The keys of the account: those that work, those that no longer do, a new one, and revoking.
import { html, useState } from "../lib.js";
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { sorted } from "./account.js";
import { KeyForm } from "./key_form.js";
import { KeyRow } from "./key_row.js";
import { Panel } from "./panel.js";
import { RevokeDialog } from "./revoke_dialog.js";
import { text } from "./text.js";

export function Keys({ account }) {
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState(null);
  const add = html`<button type="button" class="button" onClick=${() => setMaking(true)}><${Icon} name="add" />${text.keys.add}</button>`;
  return html`<${Panel} title=${text.keys.title} class="keys" actions=${add}>
    <p class="hint">${text.keys.lead}</p>
    <${Loaded} from=${account.keys} failed=${text.keys.failed}>
      ${(keys) => html`<${List} ...${sorted(keys)} onRevoke=${setLeaving} />`}
    <//>
    ${making && html`<${KeyForm} account=${account} onClose=${() => setMaking(false)} />`}
    ${leaving && html`<${RevokeDialog} account=${account} record=${leaving} onClose=${() => setLeaving(null)} />`}
  <//>`;
}

function List({ good, past, onRevoke }) {
  const rows = (keys) => html`<ul>${keys.map((each) => html`<${KeyRow} key=${each.id} record=${each} onRevoke=${onRevoke} />`)}</ul>`;
  return html`
    ${rows(good)}
    ${past.length > 0 && html`<details class="fold"><summary><${Icon} name="chevron" />${text.keys.past(past.length)}</summary>${rows(past)}</details>`}
  `;
}
