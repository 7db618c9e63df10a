// What may be done with a job. What cannot be taken back says its consequence first.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Icon } from "../components/icon.js";
import { html, useRef, useState } from "../lib.js";
import { goToJob, goToTry } from "./address.js";
import { draftOf } from "./draft.js";
import { actionsFor } from "./states.js";
import { text } from "./text.js";

const MARKS = { edit: "edit", replay: "repeat", cancel: "stop" };

export function JobActions({ app, functions, open, job }) {
  const [asking, setAsking] = useState(null);
  const key = useRef(null); // pressing again after a lost answer makes no second job
  const act = (action, body) =>
    app.attempt(async () => {
      key.current ??= app.newId();
      const answer = await open.act(action, body, action === "replay" ? { "idempotency-key": key.current } : {});
      key.current = null;
      if (answer.jobId !== open.id) goToJob(answer.jobId);
    });
  const edit = () => {
    functions.change(draftOf(job));
    functions.outcome.value = functions.explained.value = null;
    goToTry();
  };
  return html`<div class="fn-actions">
    ${actionsFor(job.status).map(
      (action) => html`<button
        key=${action}
        type="button"
        class=${`button small ${action === "cancel" ? "danger" : ""}`}
        disabled=${open.busy.value !== null}
        onClick=${() => (action === "edit" ? edit() : setAsking(action))}
      ><${Icon} name=${MARKS[action]} />${text.job.actions[action]}</button>`,
    )}
    ${asking === "cancel" && html`<${ConfirmDialog}
      ...${text.cancel}
      lines=${[consequence(job), text.cancel.last]}
      onConfirm=${(reason) => act("cancel", reason ? { reason } : {})}
      onClose=${() => setAsking(null)}
    />`}
    ${asking === "replay" && html`<${ConfirmDialog} ...${text.replay} lines=${[text.replay.body]} onConfirm=${() => act("replay")} onClose=${() => setAsking(null)} />`}
  </div>`;
}

function consequence({ taskId, sessionId, status }) {
  if (status !== "waiting") return text.cancel.running;
  return taskId ? text.cancel.person : sessionId ? text.cancel.build : text.cancel.running;
}
