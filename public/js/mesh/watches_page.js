// Pages that are watched: the form, the list, what the notifications say, and the webhooks that are told too.
import { html } from "../lib.js";
import { BreakerList } from "./breaker_list.js";
import { NotificationList } from "./notification_list.js";
import { text } from "./text.js";
import { AddWatch } from "./watch_form.js";
import { WatchList } from "./watch_list.js";
import { Webhooks } from "./webhook_list.js";

export function WatchesPage({ app, mesh }) {
  return html`<div class="mesh-overview">
    <div class="mesh-column">
      <${AddWatch} app=${app} watches=${mesh.watches} />
      <${WatchList} app=${app} mesh=${mesh} />
    </div>
    <div class="mesh-column">
      <${NotificationList} app=${app} mesh=${mesh} />
      <${Webhooks} app=${app} watches=${mesh.watches} />
      <section class="mesh-section"><h2>${text.breakers.title}</h2><${BreakerList} mesh=${mesh} /></section>
    </div>
  </div>`;
}
