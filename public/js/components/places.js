// The way between the places of the page: a rail at its side, a bar at its foot on a phone.
import { html } from "../lib.js";
import { PLACES, address, lastTalk, place } from "../router.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";
import { lazy } from "./lazy.js";

const WaitingBadge = lazy(() => import("../runs/waiting_badge.js").then((found) => found.WaitingBadge, () => () => null));

export function Places({ app }) {
  const { name, id } = lastTalk.value;
  const badge = app.me.value?.user.kind === "account" && html`<${WaitingBadge} app=${app} />`;
  return html`<nav class="places" aria-label=${text.places.label}>
    ${PLACES.map(
      (each) => html`<a
        class="place"
        href=${each === "chat" ? address(name, id) : address(each)}
        aria-current=${each === place.value ? "page" : null}
      ><${Icon} name=${each} /><span>${text.places[each]}</span>${each === "runs" && badge}</a>`,
    )}
  </nav>`;
}
