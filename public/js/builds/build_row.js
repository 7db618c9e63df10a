// One build in the list: its state, its title, when it was touched last, how much was written.
import { ago } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { minute } from "../minute.js";
import { buildAddress } from "./address.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

export function BuildRow({ build, current }) {
  minute.value; // "2 min ago" stays true
  return html`<li class=${`build-row ${current ? "current" : ""}`}>
    <a href=${buildAddress(build.id)} aria-current=${current ? "page" : null}>
      <${StatusDot} status=${build.status} />
      <span class="build-words">
        <span class="build-title">${build.title || build.query || text.untitled}</span>
        <span class="facts">
          <span class="fact">${text.status(build.status)}</span>
          <span class="fact" title=${exactTime(build.updatedAt)}>${ago(build.updatedAt)}</span>
          ${build.files > 0 && html`<span class="fact">${text.list.files(build.files)}</span>`}
        </span>
      </span>
    </a>
  </li>`;
}
