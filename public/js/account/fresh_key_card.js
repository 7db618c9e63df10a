// A key that was just made: the one time that it is shown. It stays until its owner says it is stored.
import { html, useEffect, useRef, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { copy } from "../clipboard.js";
import { Icon } from "../components/icon.js";
import { arrive } from "./arrive.js";
import { freshKey } from "./fresh_key.js";
import { text } from "./text.js";

const SHOWN_MS = 2_000;

export function FreshKey({ toasts }) {
  const { apiKey, first } = freshKey.value;
  const [copied, setCopied] = useState(false);
  const title = useRef(null);
  useEffect(() => {
    title.current.focus();
    announce(text.fresh.said);
  }, []);
  const take = async () => {
    if (!(await copy(apiKey, toasts))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  const done = () => {
    freshKey.value = null;
    arrive();
  };
  return html`<section class="panel fresh-key" aria-labelledby="fresh-key">
    <span class="medal"><${Icon} name="key" /></span>
    <h2 id="fresh-key" ref=${title} tabindex="-1">${first ? text.fresh.first : text.fresh.title}</h2>
    <p>${text.fresh.once}</p>
    <label class="key-box"><span class="unseen">${text.fresh.label}</span><textarea
      class="mono"
      readonly
      rows="2"
      spellcheck="false"
      value=${apiKey}
      onFocus=${(event) => event.target.select()}
    ></textarea></label>
    <div class="actions">
      <button type="button" class="button" onClick=${take}><${Icon} name=${copied ? "check" : "copy"} />${copied ? text.fresh.copied : text.fresh.copy}</button>
      <button type="button" class="button primary" onClick=${done}>${text.fresh.stored}</button>
    </div>
  </section>`;
}
