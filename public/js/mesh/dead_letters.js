// The dead letters: messages that were given up, why, and whether they are sent again or discarded.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { ago } from "../components/measures.js";
import { EmptyState } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html, useState } from "../lib.js";
import { minute } from "../minute.js";
import { goToEvents } from "./address.js";
import { StateTree } from "./state_tree.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.dead;

export function DeadLetters({ app, mesh }) {
  return html`<div class="mesh-task"><p class="hint">${words.lead}</p>
    <${Loaded} from=${mesh.deadLetters} failed=${words.failed} rows=${3}>${(list) => html`<${Rows} app=${app} mesh=${mesh} list=${list} />`}<//>
  </div>`;
}

function Rows({ app, mesh, list }) {
  minute.value; // "2 min ago" stays true
  if (list.length === 0) return html`<${EmptyState} icon="check" title=${words.empty} hint=${words.emptyHint} />`;
  return html`<ul class="mesh-rows" aria-label=${words.label}>${list.map((letter) => html`<${Letter} key=${letter.id} app=${app} mesh=${mesh} letter=${letter} />`)}</ul>`;
}

function Letter({ app, mesh, letter }) {
  const [asking, setAsking] = useState(null); // "replay" or "discard"
  const message = letter.envelope ?? letter;
  const why = letter.error?.detail ?? letter.reason ?? letter.detail ?? letter.error?.code;
  const name = words.message(message.kind, message.from, message.to);
  const show = () => {
    mesh.replayOf({ correlationId: message.correlationId });
    goToEvents();
  };
  return html`<li class="mesh-row mesh-still">
    <${StatusDot} status="dead" />
    <div class="mesh-row-words">
      <p class="mesh-row-title mesh-wraps">${name}</p>
      <p class="facts">
        <span class="fact" title=${exactTime(letter.at)}>${ago(letter.at)}</span>
        ${letter.attempts > 0 && html`<span class="fact">${words.attempts(letter.attempts)}</span>`}
        ${letter.agent && html`<span class="fact">${letter.agent}</span>`}
      </p>
      ${why && html`<p class="mesh-bad">${why}</p>`}
      <${Message} message=${message} />
      <div class="mesh-foot">
        ${["replay", "discard"].map((action) => html`<button key=${action} type="button" class=${`button small ${action === "discard" ? "danger" : ""}`} aria-label=${`${words[action]}: ${name}`} onClick=${() => setAsking(action)}>${words[action]}</button>`)}
        ${message.correlationId && html`<button type="button" class="button small quiet" aria-label=${`${words.events}: ${name}`} onClick=${show}>${words.events}</button>`}
      </div>
    </div>
    ${asking && html`<${ConfirmDialog}
      title=${words[`${asking}Title`]}
      lines=${words[`${asking}Lines`]}
      keep=${text.keep}
      confirm=${words[`${asking}Confirm`]}
      onConfirm=${() => app.attempt(() => mesh.settle(letter, asking))}
      onClose=${() => setAsking(null)}
    />`}
  </li>`;
}

function Message({ message }) {
  const [open, setOpen] = useState(false);
  return html`<details class="fold" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.body}</summary>${open && html`<${StateTree} value=${message.body ?? {}} label=${words.body} />`}
  </details>`;
}
