// How far a build is, as one picture: the plan, each phase with a mark for each of its files, the review, the
// end. It is a list in words, too.
import { html } from "../lib.js";
import { hasEnded } from "./states.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.build;

export function StageStrip({ build, phases }) {
  const stages = [planStage(build), ...phases.map(phaseStage), reviewStage(build), doneStage(build)];
  return html`<ol class="stages" aria-label=${words.stages} tabindex="0">
    ${stages.map(
      ({ key, name, state, mark = state, files = [] }) => html`<li key=${key} class=${`stage-step ${state}`} aria-current=${state === "running" ? "step" : null}>
        <span class="stage-head"><${StatusDot} status=${mark} /><span class="stage-name">${name}</span></span>
        <span class="unseen">: ${words.stageState[state] ?? state}</span>
        ${files.length > 0 && html`<span class="stage-files" aria-hidden="true">${files.map((file) => html`<i key=${file.path} class=${file.status} title=${file.path}></i>`)}</span>`}
      </li>`,
    )}
  </ol>`;
}

function planStage({ blueprint, status }) {
  const running = status === "drafting" ? "running" : "stopped";
  return { key: "plan", name: words.stage.plan, state: blueprint ? (status === "waiting" ? "waiting" : "completed") : running };
}

const phaseStage = ({ index, name, status, files }) => ({ key: index, name, state: status, files });

function reviewStage({ status, currentDevState, reviewCycles }) {
  const isRunning = status === "reviewing" || (status === "building" && currentDevState === "review");
  const isOver = reviewCycles > 0 && hasEnded(status);
  return { key: "review", name: words.stage.review, state: isRunning ? "running" : isOver ? "completed" : "pending" };
}

function doneStage({ status }) {
  if (!hasEnded(status)) return { key: "done", name: words.stage.done, state: "pending" };
  const isBuilt = status === "completed" || status === "completed_with_issues";
  return { key: "done", name: isBuilt ? words.stage.done : text.status(status), state: isBuilt ? status : "bad", mark: status };
}
