// What was built, running in a frame of its own: without this page's origin, so without its cookies, storage and
// API. Errors come by postMessage and count only from this frame's window; they can be sent back to be fixed.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Glyph } from "../components/glyph.js";
import { Icon, IconButton } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { announce } from "../announcer.js";
import { clockTime } from "../dates.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { PreviewProblems } from "./preview_problems.js";
import { text } from "./text.js";

const words = text.preview;
const SANDBOX = "allow-scripts allow-forms allow-modals";

export function PreviewView({ app, open, build }) {
  const { preview } = open;
  const status = preview.status.value;
  if (build.blueprint?.kind === "script") return html`<${EmptyState} icon="download" title=${words.script} hint=${words.scriptHint} />`;
  if (!build.revision) return html`<${EmptyState} icon="builds" title=${words.none} hint=${words.noneHint} />`;
  if (status === "failed") return html`<${ErrorState} title=${words.failed} error=${preview.error.value} onRetry=${() => preview.open()} />`;
  if (status === "opening" && !preview.link.value) return html`<${LoadingRows} rows=${4} />`;
  if (!preview.link.value) return html`<div class="preview-closed">
    <${EmptyState} icon="builds" title=${build.title} hint=${words.openHint} />
    <button type="button" class="button primary" onClick=${() => preview.open()}><${Glyph} name="play" />${words.open}</button>
  </div>`;
  return html`<${Open} app=${app} open=${open} build=${build} preview=${preview} />`;
}

function Open({ app, open, build, preview }) {
  const [width, setWidth] = useState("desktop");
  const [asking, setAsking] = useState(false);
  const { url, expiresAt } = preview.link.value;
  const revoke = async () => {
    if (await app.attempt(() => preview.revoke())) announce(words.revoked);
  };
  return html`<section class="preview" aria-label=${words.label}>
    <div class="preview-bar">
      <${IconButton} icon="repeat" label=${words.refresh} onClick=${() => preview.reload()} />
      <${Segments} label=${words.width} options=${words.widths} chosen=${width} onChoose=${setWidth} />
      <span class="hint">${words.until(clockTime(expiresAt))}</span>
      <a class="icon-button" href=${url} target="_blank" rel="noopener noreferrer" aria-label=${words.tab} title=${words.tab}><${Icon} name="outside" /></a>
      <button type="button" class="button quiet small" onClick=${() => setAsking(true)}>${words.revoke}</button>
    </div>
    ${preview.stale.value && html`<p class="preview-stale" role="status">${words.stale} <button type="button" class="button quiet small" onClick=${() => preview.reload()}>${words.staleAction}</button></p>`}
    <${PreviewProblems} app=${app} open=${open} build=${build} preview=${preview} />
    <div class=${`preview-stage ${width}`}><${Frame} key=${`${url} ${preview.loads.value}`} url=${url} title=${words.title(build.title)} preview=${preview} /></div>
    ${asking && html`<${ConfirmDialog}
      title=${words.revokeTitle}
      lines=${words.revokeLines}
      keep=${words.keep}
      confirm=${words.revokeConfirm}
      onConfirm=${revoke}
      onClose=${() => setAsking(false)}
    />`}
  </section>`;
}

function Frame({ url, title, preview }) {
  const frame = useRef(null);
  useEffect(() => {
    const hear = (event) => event.source === frame.current?.contentWindow && preview.hear(event.data);
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, [preview]);
  return html`<iframe ref=${frame} src=${url} title=${title} sandbox=${SANDBOX} referrerpolicy="no-referrer"></iframe>`;
}
