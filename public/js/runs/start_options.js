// The options of a run, folded away until somebody wants them or one of them is wrong.
import { html } from "../lib.js";
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { EMPTY } from "./draft.js";
import { text } from "./text.js";

const words = text.form;
const OPTIONS = ["title", "time", "network", "sessionId"];

export function StartOptions({ runs, draft, change, wrong }) {
  const changed = ["requireApproval", "timeUnit", ...OPTIONS].some((field) => draft[field] !== EMPTY[field]);
  const open = changed || OPTIONS.some((field) => wrong[field]);
  const typed = (field) => (event) => change({ [field]: event.target.value });
  return html`<details class="fold options" open=${open}>
    <summary><${Icon} name="chevron" />${words.options}</summary>
    <div class="options-body">
      <label class="check">
        <input type="checkbox" checked=${draft.requireApproval} onChange=${(event) => change({ requireApproval: event.target.checked })} />
        <span><b>${words.approval}</b><span class="hint">${words.approvalHint}</span></span>
      </label>
      <${Field} name="time" label=${words.time} hint=${words.timeHint} wrong=${wrong.time} box=${(joined) => html`<span class="pair">
        <input ...${joined} inputmode="decimal" autocomplete="off" value=${draft.time} onInput=${typed("time")} />
        <select aria-label=${words.timeUnit} value=${draft.timeUnit} onChange=${typed("timeUnit")}>
          ${Object.entries(words.units).map(([unit, label]) => html`<option value=${unit}>${label}</option>`)}
        </select>
      </span>`} />
      <${Field} name="sessionId" label=${words.session} wrong=${wrong.sessionId} box=${(joined) => html`<select
        ...${joined}
        value=${draft.sessionId}
        onChange=${typed("sessionId")}
      >
        <option value="">${words.sessionNew}</option>
        ${sandboxes(runs, draft).map(({ id, name }) => html`<option value=${id}>${name || id}</option>`)}
      </select>`} />
      <${Field} name="network" label=${words.network} hint=${words.networkHint} wrong=${wrong.network} box=${(joined) => html`<textarea
        ...${joined}
        class="code-box"
        rows="2"
        spellcheck=${false}
        autocapitalize="off"
        value=${draft.network}
        onInput=${typed("network")}
      ></textarea>`} />
      <${Field} name="title" label=${words.name} hint=${words.nameHint} wrong=${wrong.title} box=${(joined) => html`<input
        ...${joined}
        maxlength="120"
        autocomplete="off"
        value=${draft.title}
        onInput=${typed("title")}
      />`} />
    </div>
  </details>`;
}

/** Those that can take a run, and the one that was chosen before even if it is gone. */
function sandboxes(runs, { sessionId }) {
  const usable = (runs.live.sessions.value ?? []).filter(({ status }) => ["starting", "ready", "asleep"].includes(status));
  return !sessionId || usable.some(({ id }) => id === sessionId) ? usable : [...usable, { id: sessionId, name: sessionId }];
}
