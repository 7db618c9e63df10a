// The files of a build: a tree with the state of each, and the one that is looked at beside it. Unless somebody
// chose a file, the one that is being written is shown.
import { Glyph } from "../components/glyph.js";
import { bytes } from "../components/measures.js";
import { EmptyState } from "../components/states.js";
import { html } from "../lib.js";
import { treeOf } from "./file_tree.js";
import { FileView } from "./file_view.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.files;

export function FilesView({ app, open, build, phases }) {
  const files = allFiles(build, phases);
  if (files.length === 0) return html`<${EmptyState} icon="archive" title=${words.none} hint=${words.noneHint} />`;
  const saved = files.filter((file) => file.hash);
  const size = saved.reduce((sum, file) => sum + file.bytes, 0);
  const shown = shownFile(open, files);
  const follows = open.chosen.value === null;
  return html`<div class="file-parts">
    <section class="file-side" aria-label=${words.tree}>
      <ul class="file-tree">
        ${treeOf(files).map((row) => (row.folder ? html`<${Folder} key=${row.path} row=${row} />` : html`<${Row} key=${row.path} open=${open} row=${row} current=${row.path === shown?.path} />`))}
      </ul>
      <p class="hint">${words.all(saved.length, bytes(size))}</p>
      ${!follows && open.pieces.newest && html`<button type="button" class="button small" onClick=${() => (open.chosen.value = null)}>${words.follow}</button>`}
    </section>
    ${shown ? html`<${FileView} key=${shown.path} app=${app} open=${open} file=${shown} />` : html`<p class="hint">${words.choose}</p>`}
  </div>`;
}

/** Those that are there or being written, and those that are planned. */
function allFiles(build, phases) {
  const planned = phases.flatMap((phase) => phase.files.map(({ path, status }) => [path, { path, status, bytes: 0, hash: "" }]));
  const known = Object.values(build.generatedFilesMap).map((file) => [file.path, file]);
  return [...new Map([...planned, ...known]).values()];
}

function shownFile(open, files) {
  const growing = open.pieces.newest;
  const wanted = open.chosen.value ?? growing;
  return files.find(({ path }) => path === wanted) ?? files.find(({ status }) => status === "writing") ?? newest(files) ?? files[0];
}

const newest = (files) => files.filter(({ updatedAt }) => updatedAt).sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];

function Folder({ row }) {
  return html`<li class=${`file-row folder depth-${Math.min(row.depth, 5)}`}><${Glyph} name="folder" /><span>${row.name}</span></li>`;
}

function Row({ open, row, current }) {
  const { status } = row.file;
  return html`<li class=${`file-row depth-${Math.min(row.depth, 5)}`}>
    <button type="button" aria-current=${current ? "true" : null} onClick=${() => open.show(row.path)}>
      <${StatusDot} status=${status} /><span class="file-name">${row.name}</span>
      <span class="unseen">, ${words.state[status] ?? status}</span>
      ${row.file.hash && html`<span class="hint">${bytes(row.file.bytes)}</span>`}
    </button>
  </li>`;
}
