// The way between the places of the page: a rail at its side, a bar at its foot. A phone's bar shows the first
// few and opens the rest; layout.css knows how many have room, and hides either the rest or the way to it.
import { html } from "../lib.js";
import { PLACES, address, lastTalk, place } from "../router.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";
import { lazy } from "./lazy.js";

const WaitingBadge = lazy(() => import("../runs/waiting_badge.js").then((found) => found.WaitingBadge, () => () => null));

const FIRST = 4;

export function Places({ app }) {
  const { name, id } = lastTalk.value;
  const badge = app.me.value?.user.kind === "account" && html`<${WaitingBadge} app=${app} />`;
  const link = (shape, onClick) => (each) => html`<a
    class=${shape}
    href=${each === "chat" ? address(name, id) : address(each)}
    aria-current=${each === place.value ? "page" : null}
    onClick=${onClick}
  ><${Icon} name=${each} /><span>${text.places[each]}</span>${each === "runs" && badge}</a>`;
  return html`<nav class="places" aria-label=${text.places.label}>
    ${PLACES.map(link("place"))}
    <button type="button" class="place more" popovertarget="more-places" aria-current=${PLACES.indexOf(place.value) < FIRST ? null : "true"}>
      <${Icon} name="more" /><span>${text.places.more}</span>
    </button>
    <div id="more-places" class="menu-list" popover="auto">
      ${PLACES.slice(FIRST).map(link("menu-item", (event) => event.currentTarget.parentNode.hidePopover()))}
    </div>
  </nav>`;
}
