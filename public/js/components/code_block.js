// A block of code: its language, a copy button, and colours once it is finished. Long code is cut into
// chunks of lines, so that a block that still grows costs only its last chunk.
import { html, useEffect, useState } from "../lib.js";
import { highlighted } from "../markdown/highlight.js";
import { text } from "../text.js";
import { CopyButton } from "./copy_button.js";

const CHUNK_LINES = 40;

export function CodeBlock({ code, language, open }) {
  const [colours, setColours] = useState(null);
  useEffect(() => {
    if (open) return undefined;
    let wanted = true;
    const begin = () => highlighted(code, language).then((tree) => wanted && setColours(tree), () => {});
    const idle = globalThis.requestIdleCallback ?? setTimeout;
    idle(begin);
    return () => {
      wanted = false;
    };
  }, [open || code]);
  const name = (language ?? "").split(/\s/)[0];
  return html`<figure class="code">
    <figcaption><span>${name}</span><${CopyButton} words=${() => code} label=${text.chat.copyCode} /></figcaption>
    <pre tabindex="0"><code>${colours ?? chunks(code).map((chunk) => html`<span class="chunk">${chunk}</span>`)}</code></pre>
  </figure>`;
}

function chunks(code) {
  const result = [];
  let from = 0;
  let lines = 0;
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) {
    if (++lines % CHUNK_LINES === 0) {
      result.push(code.slice(from, at));
      from = at + 1;
    }
  }
  result.push(code.slice(from));
  return result;
}
