// What a function gave: its result as a tree or plain, what it printed, and the code that gave it.
import { CodeBlock } from "../components/code_block.js";
import { CopyButton } from "../components/copy_button.js";
import { Icon } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { html, useState } from "../lib.js";
import { isPlain, write } from "./json_text.js";
import { JsonTree } from "./json_tree.js";
import { text } from "./text.js";

const words = text.result;

export function ResultView({ app, result }) {
  const [view, setView] = useState("tree");
  if (result === null || result === undefined) return html`<p class="hint">${words.none}</p>`;
  const flat = isPlain(result);
  const plain = flat ? String(result) : JSON.stringify(result, null, 2);
  const take = html`<${CopyButton} words=${() => plain} toasts=${app.toasts} label=${words.copy} />`;
  if (flat) return html`<div class="fn-flat"><output class=${`fn-value ${typeof result}`}>${plain}</output>${take}</div>`;
  return html`<div class="fn-result">
    <div class="fn-part-head"><${Segments} label=${words.view} options=${words.views} chosen=${view} onChoose=${setView} />${take}</div>
    ${view === "tree" ? html`<${JsonTree} value=${result} />` : html`<pre class="fn-plain" tabindex="0">${plain}</pre>`}
  </div>`;
}

export function Printed({ stdout }) {
  if (!stdout) return null;
  return html`<section><h2 class="fn-sub">${words.stdout}</h2><pre class="fn-plain" tabindex="0">${stdout}</pre></section>`;
}

export function CodeView({ code }) {
  if (!code) return null;
  return html`<details class="fold fn-code" open=${!code.reused}>
    <summary><${Icon} name="chevron" />${words.code} <span class=${`fn-tag ${code.reused ? "kept" : ""}`}>${code.reused ? words.reused : words.written}</span></summary>
    <${CodeBlock} code=${code.source} language=${code.language} open=${false} />
    <p class="hint fn-hash" title=${code.hash}>${text.form.languages[code.language]} · ${words.hash(code.hash)}</p>
  </details>`;
}

/** An input as it was given. */
export function Given({ value }) {
  return html`<pre class="fn-plain" tabindex="0">${write(value)}</pre>`;
}
