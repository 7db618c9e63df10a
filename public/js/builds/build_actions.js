// The buttons of a build. What stops it says its consequence first.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { html, useState } from "../lib.js";
import { canResume, hasEnded, isActive } from "./states.js";
import { text } from "./text.js";

const words = text.build.actions;

export function BuildActions({ app, open, build }) {
  const [asking, setAsking] = useState(false);
  const { status } = build;
  const busy = open.busy.value !== null;
  const act = (action, body) => app.attempt(() => open.act(action, body));
  const hasFiles = Object.values(build.generatedFilesMap).some((file) => file.hash);
  const button = (action, mark, extra = "", press = () => act(action)) => html`<button
    type="button"
    class=${`button small ${extra}`}
    disabled=${busy}
    onClick=${press}
  >${mark}${words[action]}</button>`;
  return html`<div class="build-actions">
    ${status === "waiting" && button("generate", html`<${Glyph} name="play" />`, "primary")}
    ${canResume(status) && button("resume", html`<${Glyph} name="play" />`, "primary")}
    ${hasEnded(status) && !canResume(status) && hasOpen(build) && button("fix", html`<${Icon} name="repeat" />`)}
    ${hasFiles && html`<a class="button small" href=${open.zipAddress} download><${Icon} name="download" />${words.zip}</a>`}
    ${(isActive(status) || status === "waiting") && button("cancel", html`<${Icon} name="stop" />`, "danger", () => setAsking(true))}
    ${asking && html`<${ConfirmDialog}
      ...${text.cancel}
      lines=${status === "waiting" ? text.cancel.waiting : text.cancel.lines}
      onConfirm=${(reason) => act("cancel", reason ? { reason } : {})}
      onClose=${() => setAsking(false)}
    />`}
  </div>`;
}

const hasOpen = ({ issues }) => issues.some((issue) => issue.status === "open");
