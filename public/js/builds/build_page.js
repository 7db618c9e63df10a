// One build: how far it is, what it used, what its state means, its parts behind tabs (plan, files, preview, review, history),
// and the box for what should change.
import { Tabs } from "../components/tabs.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { html } from "../lib.js";
import { FilesView } from "./files_view.js";
import { HistoryView } from "./history_view.js";
import { MessageBox } from "./message_box.js";
import { Meters } from "./meters.js";
import { Degraded, Outcome } from "./outcome.js";
import { PlanView } from "./plan_view.js";
import { PreviewView } from "./preview_view.js";
import { ReviewView } from "./review_view.js";
import { StageStrip } from "./stage_strip.js";
import { firstPart, isActive, progress, shownPhases } from "./states.js";
import { text } from "./text.js";

export function BuildPage({ app, open }) {
  const build = open?.build.value;
  if (!build && open?.error.value) return html`<${Failure} open=${open} />`;
  if (!build) return html`<${LoadingRows} rows=${6} />`;
  const phases = shownPhases(build);
  const chosen = open.part.value ?? firstPart(build);
  return html`<div class="build-page">
    <div class="build-top">
      <${StageStrip} build=${build} phases=${phases} />
      <${Facts} build=${build} phases=${phases} />
      <${Degraded} build=${build} />
      <${Outcome} build=${build} />
    </div>
    <${Tabs} label=${text.build.parts.label} tabs=${parts({ app, open, build, phases }, chosen)} chosen=${chosen} onChoose=${(part) => (open.part.value = part)} />
    <div class="build-foot"><${MessageBox} app=${app} open=${open} build=${build} /></div>
  </div>`;
}

function parts(properties, chosen) {
  const views = { plan: PlanView, files: FilesView, preview: PreviewView, review: ReviewView, history: HistoryView };
  const left = properties.build.issues.filter((issue) => issue.status === "open").length;
  const label = (name) => html`${text.build.parts[name]}${name === "review" && left > 0 && html` <span class="badge warn">${left}<span class="unseen"> ${text.review.status.open}</span></span>`}`;
  return Object.fromEntries(
    Object.entries(views).map(([name, View]) => [name, { label: label(name), content: name === chosen && html`<${View} ...${properties} />` }]),
  );
}

function Facts({ build, phases }) {
  const { done, total } = progress(phases);
  return html`<div class="build-facts">
    <p class="facts">
      ${total > 0 && html`<span class="fact">${text.build.progress(done, total)}</span>`}
      ${build.decision && isActive(build.status) && html`<span class="fact">${text.build.decided(build.decision)}</span>`}
      ${build.model && html`<span class="fact">${text.build.model(build.model.split("/").at(-1))}</span>`}
    </p>
    <${Meters} budget=${build.budget} isGoing=${isActive(build.status) || build.status === "budget_exceeded"} />
  </div>`;
}

function Failure({ open }) {
  const error = open.error.value;
  if (error.status === 404) return html`<${EmptyState} icon="search" title=${text.build.missing} hint=${text.build.missingHint} />`;
  return html`<${ErrorState} title=${text.build.failed} error=${error} onRetry=${() => open.start()} />`;
}
