// What came into the account and went out of it, newest first.
import { html, useState } from "../lib.js";
import { Loaded } from "../components/loaded.js";
import { EmptyState } from "../components/states.js";
import { text as common } from "../text.js";
import { momentWords, signed } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

export function History({ account }) {
  return html`<${Panel} title=${text.credits.history} class="history">
    <${Loaded} from=${account.credits} failed=${text.credits.failed}>
      ${({ entries, cursor }) =>
        entries.length
          ? html`<${Entries} entries=${entries} /><${More} account=${account} cursor=${cursor} />`
          : html`<${EmptyState} icon="wave" title=${text.credits.historyEmpty} hint=${text.credits.historyHint} />`}
    <//>
  <//>`;
}

function Entries({ entries }) {
  return html`<table class="account-table">
    <thead><tr><th scope="col">${text.credits.when}</th><th scope="col">${text.credits.what}</th><th scope="col" class="amount">${text.credits.amount}</th></tr></thead>
    <tbody>${entries.map(
      (entry) => html`<tr key=${entry.id}>
        <td>${momentWords(entry.at)}</td>
        <td title=${entry.ref}>${text.credits.entries[entry.entry](text.kind(entry.kind), entry.note)}</td>
        <td class=${`amount ${entry.credits > 0 ? "gain" : ""}`}>${signed(entry.credits)}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

function More({ account, cursor }) {
  const [busy, setBusy] = useState(false);
  if (!cursor) return null;
  const more = async () => {
    setBusy(true);
    await account.app.attempt(() => account.moreEntries());
    setBusy(false);
  };
  return html`<button type="button" class="button quiet wide" disabled=${busy} onClick=${more}>${common.more}</button>`;
}
