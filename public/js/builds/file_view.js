// One file: while it is written its text grows here; when it is saved, the saved text takes its place, with
// colours, and with what changed since it was looked at before.
import { CodeBlock } from "../components/code_block.js";
import { toEnd, useFollow } from "../components/follow.js";
import { IconButton } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { ErrorState, LoadingRows } from "../components/states.js";
import { html, useRef, useSignal, useState } from "../lib.js";
import { DiffView } from "./diff_view.js";
import { text } from "./text.js";

const words = text.files;

export function FileView({ open, file }) {
  const growing = file.status === "writing" ? open.pieces.read(file.path) : null;
  return html`<div class="file-view">
    ${growing || file.status === "writing"
      ? html`<${Growing} file=${file} growing=${growing} />`
      : file.hash
        ? html`<${Saved} open=${open} file=${file} />`
        : html`<p class="file-name-line">${file.path}</p><p class="hint">${file.status === "failed" ? words.failed : words.pending}</p>`}
  </div>`;
}

function Growing({ file, growing }) {
  const box = useRef(null);
  const inner = useRef(null);
  const following = useSignal(true);
  useFollow(box, inner, following);
  return html`<p class="file-name-line"><span>${file.path}</span><span class="badge">${words.writing}</span></p>
    ${growing?.start > 0 && html`<p class="hint">${words.missed}</p>`}
    <div class="file-scroll" ref=${box} tabindex="0" role="region" aria-label=${file.path}>
      <div ref=${inner}><${CodeBlock} code=${growing?.text ?? ""} language=${file.language} open=${true} /></div>
    </div>
    ${!following.value && html`<div class="file-jump"><${IconButton}
      icon="arrowDown"
      label=${words.jump}
      onClick=${() => ((following.value = true), toEnd(box.current))}
    /></div>`}`;
}

function Saved({ open, file }) {
  const [view, setView] = useState("text");
  const { content, error } = open.shelf.read(file).value;
  const before = content === null ? null : open.shelf.before(file);
  const changes = before !== null && before !== content;
  if (error) return html`<${ErrorState} title=${words.loadFailed} error=${error} onRetry=${() => open.shelf.retry(file)} />`;
  if (content === null) return html`<p class="file-name-line">${file.path}</p><${LoadingRows} rows=${5} />`;
  return html`<div class="file-name-line"><span>${file.path}</span>
      ${changes && html`<${Segments} label=${words.changesHint} options=${{ text: words.text, changes: words.changes }} chosen=${view} onChoose=${setView} />`}
    </div>
    ${changes && view === "changes"
      ? html`<${DiffView} before=${before} after=${content} />`
      : html`<div class="file-scroll"><${CodeBlock} key=${file.hash} code=${content} language=${file.language} /></div>`}`;
}
