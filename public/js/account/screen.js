// The place of one's account: signing in and up, keys, credits, usage.
import { html } from "../lib.js";
import { ScreenHead } from "../components/screen_head.js";
import { text } from "../text.js";

export function AccountScreen() {
  return html`<${ScreenHead} title=${text.places.account} /><div class="stage"></div>`;
}
