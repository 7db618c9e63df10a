// One key: its name, its first and last characters, what it may do, and how it is used.
import { html } from "../lib.js";
import { exactTime } from "../dates.js";
import { minute } from "../minute.js";
import { fromNow } from "./format.js";
import { text } from "./text.js";

const SCOPES = Object.keys(text.scopes);

export function KeyRow({ record, onRevoke }) {
  const { name, prefix, lastFour, scopes, current, revokedAt, expiresAt } = record;
  const over = revokedAt || (expiresAt && Date.parse(expiresAt) <= minute.value);
  const all = SCOPES.every((scope) => scopes.includes(scope));
  return html`<li class=${`api-key ${over ? "over" : ""}`}>
    <div>
      <p class="api-key-name"><b>${name}</b>${current && html`<span class="badge">${text.keys.current}</span>`}</p>
      <p class="mono">${prefix}…${lastFour}</p>
      <p class="scopes"><span>${text.keys.scopes}:</span>${all
        ? html`<span class="scope">${text.keys.all}</span>`
        : scopes.map((scope) => html`<span class="scope" title=${text.scopes[scope]?.hint}>${text.scopes[scope]?.name ?? scope}</span>`)}</p>
      <${Times} ...${record} />
    </div>
    ${!over && html`<button
      type="button"
      class="button danger"
      aria-label=${text.keys.revokeNamed(name)}
      onClick=${() => onRevoke(record)}
    >${text.keys.revoke}</button>`}
  </li>`;
}

function Times({ createdAt, lastUsedAt, expiresAt, revokedAt }) {
  const now = minute.value;
  const when = (say, iso) => html`<span title=${exactTime(iso)}>${say(fromNow(iso, now))}</span>`;
  const end = () => {
    if (!expiresAt) return html`<span>${text.keys.endless}</span>`;
    return when(Date.parse(expiresAt) <= now ? text.keys.expired : text.keys.expires, expiresAt);
  };
  return html`<p class="measures hint">
    ${when(text.keys.created, createdAt)}
    ${lastUsedAt ? when(text.keys.used, lastUsedAt) : html`<span>${text.keys.unused}</span>`}
    ${revokedAt ? when(text.keys.revoked, revokedAt) : end()}
  </p>`;
}
