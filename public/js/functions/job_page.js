// One job: how far it is, what it waits for or what went wrong, its result, what was asked for, and what happened.
import { Icon } from "../components/icon.js";
import { exactClock } from "../components/measures.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { CopyCall } from "./copy_call.js";
import { draftOf, toRequest } from "./draft.js";
import { Reasons } from "./explain_card.js";
import { JobAbout, JobFigures } from "./job_facts.js";
import { Degraded, GoesOn } from "./outcome_card.js";
import { CodeView, Given, Printed, ResultView } from "./result_view.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const words = text.job;

export function JobPage({ app, functions, open }) {
  const job = open?.job.value;
  if (!job && open?.error.value) return html`<${Failure} open=${open} />`;
  if (!job) return html`<${LoadingRows} rows=${6} />`;
  return html`<div class="fn-job">
    <${JobFigures} job=${job} />
    <${Problem} job=${job} />
    ${job.status === "waiting" && html`<${GoesOn} functions=${functions} answer=${{ ...job, result: job.result ?? { taskId: job.taskId, sessionId: job.sessionId } }} />`}
    <${Degraded} job=${job} />
    ${job.status === "completed" && html`<section><h2>${text.result.title}</h2><${ResultView} app=${app} result=${job.result} /></section>`}
    <${Printed} stdout=${job.stdout} />
    <${CodeView} code=${job.code} />
    <${Happened} events=${open.events.value} />
    <${Asked} app=${app} job=${job} />
    ${job.classification && html`<section><h2>${words.how}</h2><${Reasons} found=${job.classification} /></section>`}
    <${JobAbout} job=${job} />
  </div>`;
}

function Problem({ job }) {
  if (!job.error) return null;
  const { message, nextStep, fields = [] } = job.error;
  return html`<section class=${`card fn-card ${hasEnded(job.status) ? "error" : ""}`} aria-label=${words.problem}>
    <${Icon} name="warning" />
    <div>
      ${!hasEnded(job.status) && html`<p>${words.retry(job.attempts)}</p>`}
      <p><b>${message}</b></p>
      ${fields.length > 0 && html`<ul>${fields.map((each) => html`<li>${each.field}: ${each.message}</li>`)}</ul>`}
      ${nextStep && html`<p>${nextStep}</p>`}
      ${job.deadLetter && html`<p class="fn-dead">${words.deadLetter}</p>`}
    </div>
  </section>`;
}

function Happened({ events }) {
  return html`<section><h2>${words.events}</h2>
    ${events.length === 0 && html`<p class="hint">${text.events.none}</p>`}
    <ol class="fn-events" aria-label=${text.events.label}>
      ${events.map(
        (event) => html`<li key=${event.number} class=${event.type.slice("job.".length)}>
          <time datetime=${event.at} title=${exactTime(event.at)}>${exactClock(event.at)}</time>
          <span>${sentence(event)}</span>
        </li>`,
      )}
    </ol>
  </section>`;
}

function sentence({ type, data }) {
  const make = text.events.of[type];
  return make ? make(data ?? {}) : text.events.other(type);
}

function Asked({ app, job }) {
  const parts = [
    [words.args, job.args ?? undefined],
    [words.schema, job.schema ?? undefined],
    [words.examples, job.examples.length ? job.examples : undefined],
  ];
  return html`<section>
    <div class="fn-part-head"><h2>${words.asked}</h2><${CopyCall} app=${app} request=${() => toRequest(draftOf(job))} /></div>
    <p class="fn-asked">${job.description}</p>
    ${parts.map(([name, value]) => value !== undefined && html`<h3>${name}</h3><${Given} value=${value} />`)}
  </section>`;
}

function Failure({ open }) {
  const error = open.error.value;
  if (error.status === 404 || error.status === 422) return html`<${EmptyState} icon="search" title=${words.missing} hint=${words.missingHint} />`;
  return html`<${ErrorState} title=${words.failed} error=${error} onRetry=${() => open.start()} />`;
}
