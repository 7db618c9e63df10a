// The way between the places of the page: a rail at its side, a bar at its foot on a phone.
import { html } from "../lib.js";
import { address, lastTalk, place } from "../router.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";
import { lazy } from "./lazy.js";

const WaitingBadge = lazy(() => import("../runs/waiting_badge.js").then((found) => found.WaitingBadge, () => () => null));

export function Places({ app }) {
  const { name, id } = lastTalk.value;
  const badge = app.me.value?.user.kind === "account" && html`<${WaitingBadge} app=${app} />`;
  const targets = { chat: address(name, id), runs: address("runs"), account: address("account") };
  return html`<nav class="places" aria-label=${text.places.label}>
    ${Object.entries(targets).map(
      ([each, href]) => html`<a class="place" href=${href} aria-current=${each === place.value ? "page" : null}
      ><${Icon} name=${each} /><span>${text.places[each]}</span>${each === "runs" && badge}</a>`,
    )}
  </nav>`;
}
