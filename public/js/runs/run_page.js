// One run: what it is, how far it is, what it asks, what went wrong, and its parts (output, steps, timeline,
// files), beside each other where there is room, else behind tabs.
import { html, useState } from "../lib.js";
import { Icon } from "../components/icon.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { Tabs } from "../components/tabs.js";
import { ApprovalCard } from "./approval_card.js";
import { FilesView } from "./files_view.js";
import { OutputView } from "./output_view.js";
import { RunAbout, RunFigures } from "./run_facts.js";
import { hasEnded, progress } from "./states.js";
import { StepsView } from "./steps_view.js";
import { text } from "./text.js";
import { TimelineView } from "./timeline_view.js";
import { wideEnoughForAside } from "./width.js";

export function RunPage({ app, runs, open }) {
  const run = open?.run.value;
  if (!run && open?.error.value) return html`<${Failure} open=${open} />`;
  if (!run) return html`<${LoadingRows} rows=${6} />`;
  return html`<div class="run-page">
    <div class="run-top">
      <${Progress} run=${run} />
      <${RunFigures} run=${run} />
      ${waitingOf(run).map((approval) => html`<${ApprovalCard}
        key=${approval.id}
        app=${app}
        runs=${runs}
        approval=${{ ...approval, runId: run.id }}
        command=${commandOf(run, approval)}
      />`)}
      <${Problem} run=${run} />
    </div>
    ${wideEnoughForAside.value ? html`<${Beside} app=${app} open=${open} run=${run} />` : html`<${Behind} app=${app} open=${open} run=${run} />`}
  </div>`;
}

function Beside(properties) {
  const { output, ...others } = parts(properties);
  return html`<div class="run-parts">
    ${output.content}
    <div class="run-aside" tabindex="0" role="region" aria-label=${text.run.facts}>
      ${Object.values(others).map(({ label, content }) => html`<section><h2>${label}</h2>${content}</section>`)}
    </div>
  </div>`;
}

function Behind(properties) {
  const [chosen, choose] = useState("output");
  const all = parts(properties);
  return html`<${Tabs} label=${text.run.tabs.label} tabs=${all} chosen=${chosen} onChoose=${choose} />`;
}

function parts({ app, open, run }) {
  const { tabs } = text.run;
  return {
    output: { label: tabs.output, content: html`<${OutputView} key=${run.id} app=${app} open=${open} ended=${hasEnded(run.status)} />` },
    steps: { label: tabs.steps, content: html`<${StepsView} steps=${run.steps} ended=${hasEnded(run.status)} /><${RunAbout} run=${run} />` },
    files: { label: tabs.files, content: html`<${FilesView} open=${open} artifacts=${run.artifacts} lost=${run.artifactsLost} />` },
    timeline: { label: tabs.timeline, content: html`<${TimelineView} timeline=${open.view.value.timeline} />` },
  };
}

function Progress({ run }) {
  const { done, total } = progress(run.steps);
  if (hasEnded(run.status) || total < 2) return null;
  return html`<label class="run-progress">
    <span class="hint">${text.run.progress(done, total)}</span><progress value=${done} max=${total}></progress>
  </label>`;
}

function Problem({ run }) {
  const note = (run.approvals ?? []).findLast((each) => each.state === "rejected")?.note;
  if (!run.error && !(run.status === "rejected" && note)) return null;
  const { message, nextStep } = run.error ?? { message: note };
  return html`<section class="card error" aria-label=${text.run.problem}>
    <${Icon} name="warning" />
    <div><p><b>${message}</b></p>${nextStep && html`<p>${nextStep}</p>`}</div>
  </section>`;
}

function Failure({ open }) {
  const error = open.error.value;
  if ([403, 404].includes(error.status)) {
    return html`<${EmptyState} icon="search" title=${text.run.missing} hint=${text.run.missingHint} />`;
  }
  return html`<${ErrorState} title=${text.run.failed} error=${error} onRetry=${() => open.start()} />`;
}

const waitingOf = (run) => (run.approvals ?? []).filter((each) => each.state === "waiting");

function commandOf(run, { step }) {
  const known = (run.steps ?? []).find((each) => each.index === step);
  return known?.command ?? (run.steps ?? []).map((each) => each.command).join("\n") ?? "";
}
