// The account of somebody who is signed in: who they are, credits, usage, keys.
import { html, useEffect } from "../lib.js";
import { Icon } from "../components/icon.js";
import { EmptyState } from "../components/states.js";
import { arrive } from "./arrive.js";
import { Credits } from "./credits.js";
import { History } from "./history.js";
import { Keys } from "./keys.js";
import { text } from "./text.js";
import { Usage } from "./usage.js";

export function Overview({ account }) {
  return html`
    <${Person} account=${account} />
    ${account.scopes.includes("account") ? html`<${Parts} account=${account} />` : html`<section class="panel"><${EmptyState}
      icon="key"
      title=${text.person.narrow}
      hint=${text.person.narrowHint}
    /></section>`}
  `;
}

function Parts({ account }) {
  useEffect(() => account.refresh(), []);
  return html`
    <div class="overview">
      <div><${Credits} account=${account} /><${Keys} account=${account} /></div>
      <div><${Usage} account=${account} /><${History} account=${account} /></div>
    </div>
  `;
}

function Person({ account }) {
  const { id, name, email } = account.user;
  const leave = async () => {
    if (await account.app.attempt(() => account.logOut())) arrive(text.person.signedOut);
  };
  return html`<section class="person">
    <span class="initial" aria-hidden="true">${[...(name || email || "?")][0].toUpperCase()}</span>
    <div><h2>${name || email}</h2><p class="hint">${email}</p><p class="hint mono" title=${text.person.id}>${id}</p></div>
    <button type="button" class="button" onClick=${leave}><${Icon} name="leave" />${text.person.signOut}</button>
  </section>`;
}
