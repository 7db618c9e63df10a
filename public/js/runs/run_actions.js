// The buttons of a run. What cannot be taken back says its consequence first.
import { html, useState } from "../lib.js";
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { goToPage, goToRun } from "./address.js";
import { draftOf } from "./draft.js";
import { actionsFor } from "./states.js";
import { text } from "./text.js";

const MARKS = {
  pause: html`<${Glyph} name="pause" />`,
  resume: html`<${Glyph} name="play" />`,
  cancel: html`<${Icon} name="stop" />`,
  restart: html`<${Icon} name="repeat" />`,
  rerun: html`<${Icon} name="edit" />`,
};
const ASK_FIRST = new Set(["cancel", "restart"]);

export function RunActions({ app, runs, open, run }) {
  const [asking, setAsking] = useState(null);
  const busy = open.busy.value;
  const act = (action) =>
    app.attempt(async () => {
      const { id } = await open.act(action);
      if (id !== open.id) goToRun(id);
    });
  const press = (action) => {
    if (action === "rerun") {
      runs.change(draftOf(run));
      goToPage("new");
    } else if (ASK_FIRST.has(action)) setAsking(action);
    else act(action);
  };
  return html`<div class="run-actions">
    ${actionsFor(run.status).map(
      (action) => html`<button
        key=${action}
        type="button"
        class=${`button small ${action === "cancel" ? "danger" : ""}`}
        disabled=${busy !== null}
        onClick=${() => press(action)}
      >${MARKS[action]}${text.run.actions[action]}</button>`,
    )}
    ${asking && html`<${ConfirmDialog} ...${questions(run)[asking]} onConfirm=${() => act(asking)} onClose=${() => setAsking(null)} />`}
  </div>`;
}

/** A run that waits has not begun, so less is at stake. */
function questions({ status, startedAt }) {
  const begun = startedAt && !["queued", "planning"].includes(status);
  const { cancel, restart } = text;
  return {
    cancel: { ...cancel, lines: begun ? [cancel.running, cancel.cost] : [cancel.waiting] },
    restart: { ...restart, lines: [restart.body] },
  };
}
