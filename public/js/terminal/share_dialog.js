// Links by which others watch: make one, copy it, end it.
import { DialogHead } from "../components/dialog_head.js";
import { Modal } from "../components/modal.js";
import { ErrorState, LoadingRows } from "../components/states.js";
import { html, useEffect, useRef } from "../lib.js";
import { text } from "./text.js";

const words = text.shares;
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function ShareDialog({ shares, copy, onClose }) {
  useEffect(() => {
    shares.load();
  }, []);
  return html`<${Modal} label=${words.title} class="small" onClose=${onClose}>
    <${DialogHead} title=${words.title} onClose=${onClose} />
    <p>${words.lead}</p>
    <${NewShare} shares=${shares} />
    ${shares.error.value && html`<${ErrorState} title=${shares.error.value.message} error=${shares.error.value} onRetry=${shares.load} />`}
    <h3>${words.list}</h3>
    ${shares.list.value ? html`<${List} shares=${shares} copy=${copy} />` : !shares.error.value && html`<${LoadingRows} rows=${1} />`}
  <//>`;
}

function NewShare({ shares }) {
  const name = useRef(null);
  const life = useRef(null);
  const submit = async (event) => {
    event.preventDefault();
    if (await shares.add(name.current.value.trim(), Number(life.current.value))) name.current.value = "";
  };
  return html`<form class="terminal-share-form" onSubmit=${submit}>
    <label class="field"><span>${words.name}</span><input ref=${name} maxlength="80" autocomplete="off" /></label>
    <label class="field"><span>${words.life}</span>
      <select ref=${life}>${words.lives.map(({ seconds, label }) => html`<option value=${seconds} selected=${seconds === 3_600}>${label}</option>`)}</select>
    </label>
    <button class="button primary" disabled=${shares.busy.value}>${words.create}</button>
  </form>`;
}

function List({ shares, copy }) {
  if (!shares.list.value.length) return html`<p class="hint">${words.none}</p>`;
  return html`<ul class="terminal-shares">
    ${shares.list.value.map(({ id, name, url, expiresAt }) => {
      const title = name || words.untitled;
      return html`<li key=${id}>
        <span><strong>${title}</strong> <span class="hint">${words.ends(moment.format(new Date(expiresAt)))}</span></span>
        <input readonly value=${url} aria-label=${title} onFocus=${(event) => event.target.select()} />
        <span class="actions">
          <button type="button" class="button small" aria-label=${words.copy(title)} onClick=${() => copy(url)}>${text.copy.split(" ")[0]}</button>
          <button type="button" class="button small" aria-label=${words.revokeLabel(title)} onClick=${() => shares.revoke(id)}>${words.revoke}</button>
        </span>
      </li>`;
    })}
  </ul>`;
}
