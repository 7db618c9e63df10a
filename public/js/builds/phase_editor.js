// One phase of a plan that is being changed: its name, its place among the others, its files.
import { Icon, IconButton } from "../components/icon.js";
import { html } from "../lib.js";
import { addFile, changeFile, changePhase, MOST, movePhase, removeFile, removePhase } from "./blueprint_draft.js";
import { text } from "./text.js";

const words = text.plan;

export function PhaseEditor({ plan, at, edit, wrong }) {
  const phase = plan.phases[at];
  const number = at + 1;
  return html`<li class="phase editing">
    <div class="phase-head">
      <${Box}
        label=${words.phaseName(number)}
        value=${phase.name}
        most=${MOST.line}
        wrong=${wrong(`${at}.name`)}
        onInput=${(name) => edit(changePhase(plan, at, { name }))}
      />
      <${IconButton} icon="arrowUp" label=${words.up(number)} disabled=${at === 0} onClick=${() => edit(movePhase(plan, at, -1))} />
      <${IconButton} icon="arrowDown" label=${words.down(number)} disabled=${number === plan.phases.length} onClick=${() => edit(movePhase(plan, at, 1))} />
      <${IconButton} icon="trash" class="danger" label=${words.removePhase(number)} onClick=${() => edit(removePhase(plan, at))} />
    </div>
    <${Box}
      label=${words.phaseWords(number)}
      value=${phase.description}
      most=${MOST.words}
      onInput=${(description) => edit(changePhase(plan, at, { description }))}
    />
    ${wrong(`${at}.files`) && html`<p class="field-wrong">${wrong(`${at}.files`)}</p>`}
    <ul class="phase-files">
      ${phase.files.map((file, index) => html`<li key=${index}>
        <${Box}
          label=${words.path(index + 1)}
          class="mono"
          value=${file.path}
          most=${MOST.path}
          example=${words.pathExample}
          wrong=${wrong(`${at}.${index}.path`)}
          onInput=${(path) => edit(changeFile(plan, at, index, { path: path.trim() }))}
        />
        <${Box}
          label=${words.purpose(index + 1)}
          value=${file.purpose}
          most=${MOST.line}
          example=${words.purposeExample}
          onInput=${(purpose) => edit(changeFile(plan, at, index, { purpose }))}
        />
        <${IconButton} icon="trash" class="danger" label=${words.removeFile(file.path)} onClick=${() => edit(removeFile(plan, at, index))} />
      </li>`)}
    </ul>
    <button
      type="button"
      class="button quiet small"
      aria-label=${words.addFile(number)}
      disabled=${phase.files.length >= MOST.files}
      onClick=${() => edit(addFile(plan, at))}
    ><${Icon} name="add" />${words.addFileShort}</button>
  </li>`;
}

function Box({ label, value, most, wrong = null, example = null, class: extra = "", onInput }) {
  return html`<label class=${`plan-box ${wrong ? "wrong" : ""}`}>
    <span class="unseen">${label}</span>
    <input
      class=${extra}
      value=${value}
      maxlength=${most}
      placeholder=${example}
      spellcheck=${extra !== "mono"}
      autocapitalize=${extra === "mono" ? "off" : null}
      autocomplete="off"
      aria-invalid=${wrong ? "true" : null}
      onInput=${(event) => onInput(event.target.value)}
    />
    ${wrong && html`<span class="field-wrong">${wrong}</span>`}
  </label>`;
}
