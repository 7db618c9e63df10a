// The place of one's account, and the door to every place that needs one: signing in or up, the key that
// was just made, or the account itself.
import { html } from "../lib.js";
import { ScreenHead } from "../components/screen_head.js";
import { place } from "../router.js";
import { text as common } from "../text.js";
import { Account } from "./account.js";
import { Door } from "./door.js";
import { freshKey } from "./fresh_key.js";
import { FreshKey } from "./fresh_key_card.js";
import "./icons.js";
import { Overview } from "./overview.js";
import { text } from "./text.js";

export function AccountScreen({ app }) {
  app.account ??= new Account(app);
  const title = place.value === "account" ? text.title : common.places[place.value];
  return html`<${ScreenHead} title=${title} /><div class="stage"><div class="account"><${Inside} account=${app.account} /></div></div>`;
}

function Inside({ account }) {
  if (freshKey.value) return html`<${FreshKey} toasts=${account.app.toasts} />`;
  return account.user?.kind === "guest" ? html`<${Door} account=${account} />` : html`<${Overview} account=${account} />`;
}
