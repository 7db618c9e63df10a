// The files that a run left behind, each to be downloaded.
import { html } from "../lib.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { bytes } from "../components/measures.js";
import { EmptyState } from "../components/states.js";
import { text } from "./text.js";

export function FilesView({ open, artifacts = [], lost = false }) {
  if (lost) return html`<${EmptyState} icon="archive" title=${text.files.lost} hint=${text.files.lostHint} />`;
  if (artifacts.length === 0) return html`<${EmptyState} icon="archive" title=${text.files.empty} hint=${text.files.emptyHint} />`;
  const size = artifacts.reduce((sum, file) => sum + file.bytes, 0);
  return html`<p class="hint">${text.files.count(artifacts.length, bytes(size))}</p>
    <ul class="files">
      ${artifacts.map(
        (file) => html`<li key=${file.path}><a href=${open.artifactAddress(file.path)} download>
          <span class="unseen">${text.files.download}</span><${Glyph} name="file" />
          <span class="file-path">${file.path}</span>
          <span class="hint">${bytes(file.bytes)}</span>
          <${Icon} name="download" />
        </a></li>`,
      )}
    </ul>`;
}
