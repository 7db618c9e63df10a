// The webhooks that notifications are sent to: adding one (its secret is shown once), testing, last deliveries.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { CopyButton } from "../components/copy_button.js";
import { Field } from "../components/field.js";
import { Loaded } from "../components/loaded.js";
import { ago } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { Refusal } from "./refusal.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";
import { isAddress } from "./watch_draft.js";

const words = text.webhooks;

export function Webhooks({ app, watches }) {
  const fresh = watches.secret.value;
  return html`<section class="mesh-section"><h2>${words.title}</h2><p class="hint">${words.lead}</p>
    ${fresh ? html`<${Secret} app=${app} watches=${watches} fresh=${fresh} />` : html`<${Add} app=${app} watches=${watches} />`}
    <${Loaded} from=${watches.webhooks} failed=${words.failed} rows=${1}>${(list) =>
      list.length === 0
        ? html`<p class="hint">${words.empty}</p>`
        : html`<ul class="mesh-rows" aria-label=${words.label}>${list.map((hook) => html`<${Hook} key=${hook.id} app=${app} watches=${watches} hook=${hook} />`)}</ul>`}<//>
  </section>`;
}

function Add({ app, watches }) {
  const [url, setUrl] = useState("");
  const [wrong, setWrong] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const [busy, setBusy] = useState(false);
  const send = async (event) => {
    event.preventDefault();
    setRefusal(null);
    if (!isAddress(url)) return setWrong(words.wrong);
    setBusy(true);
    await watches.addWebhook(url.trim()).catch(setRefusal);
    return setBusy(false);
  };
  const box = (joined) => html`<input ...${joined} type="url" inputmode="url" autocomplete="off" value=${url} onInput=${(event) => (setUrl(event.target.value), setWrong(null))} />`;
  return html`<form class="mesh-form" onSubmit=${send} novalidate>
    <${Field} name="webhook-url" label=${words.url} wrong=${wrong} box=${box} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions"><button class="button" disabled=${busy}>${busy ? words.adding : words.add}</button></div>
  </form>`;
}

function Secret({ app, watches, fresh }) {
  const heading = useRef(null);
  useEffect(() => heading.current.focus(), []);
  return html`<div class="mesh-secret">
    <h3 ref=${heading} tabindex="-1">${words.secret}</h3>
    <p class="mesh-id">${fresh.url}</p>
    <p>${words.secretOnce}</p>
    <p class="mesh-secret-row"><code>${fresh.secret}</code><${CopyButton} words=${() => fresh.secret} toasts=${app.toasts} label=${words.secretCopy} /></p>
    <button type="button" class="button primary" onClick=${() => (watches.secret.value = null)}>${words.secretStored}</button>
  </div>`;
}

function Hook({ app, watches, hook }) {
  const [removing, setRemoving] = useState(false);
  const act = (action) => () => app.attempt(() => watches.alterWebhook(hook, action));
  return html`<li class="mesh-row mesh-still">
    <${StatusDot} status=${hook.status ?? "active"} />
    <div class="mesh-row-words">
      <p class="mesh-row-title mesh-wraps">${hook.url}</p>
      ${hook.status === "disabled" && html`<p class="mesh-bad">${hook.disabledBecause ?? words.disabled}</p>`}
      <${Deliveries} list=${hook.deliveries ?? []} />
      <div class="mesh-foot">
        <button type="button" class="button small" aria-label=${`${words.test}: ${hook.url}`} onClick=${act("test")}>${words.test}</button>
        ${hook.status === "disabled" && html`<button type="button" class="button small" aria-label=${`${words.enable}: ${hook.url}`} onClick=${act("enable")}>${words.enable}</button>`}
        <button type="button" class="button small danger" aria-label=${`${words.remove}: ${hook.url}`} onClick=${() => setRemoving(true)}>${words.remove}</button>
      </div>
    </div>
    ${removing && html`<${ConfirmDialog} title=${words.removeTitle} lines=${[hook.url, ...words.removeLines]} keep=${text.keep} confirm=${words.removeConfirm} onConfirm=${() => app.attempt(() => watches.removeWebhook(hook))} onClose=${() => setRemoving(false)} />`}
  </li>`;
}

function Deliveries({ list }) {
  if (list.length === 0) return html`<p class="hint">${words.noDelivery}</p>`;
  return html`<ul class="mesh-deliveries" aria-label=${words.last}>${list.slice(0, 5).map((each) => html`<li key=${each.id}>
    <${StatusDot} status=${each.status} /><span>${text.status(each.status)}${each.httpStatus ? `, ${words.http(each.httpStatus)}` : ""}</span>
    <span class="hint" title=${exactTime(each.at)}>${ago(each.at)}${each.attempts > 1 ? `, ${text.dead.attempts(each.attempts)}` : ""}</span>
    ${each.error && html`<span class="mesh-bad">${each.error.detail ?? each.error}</span>`}
  </li>`)}</ul>`;
}
