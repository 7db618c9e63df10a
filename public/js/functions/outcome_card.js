// What came of a call: its result with everything around it, or where it goes on (a person, a build, later).
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { ago, credits, span } from "../components/measures.js";
import { html, useEffect, useRef } from "../lib.js";
import { buildAddress, inboxAddress, jobAddress } from "./address.js";
import { arrive } from "./arrive.js";
import { Reasons, shortName } from "./explain_card.js";
import { CodeView, Printed, ResultView } from "./result_view.js";
import { StatusChip, TypeTag } from "./status_mark.js";
import { text } from "./text.js";

const words = text.result;

export function OutcomeCard({ app, functions, outcome }) {
  const { answer } = outcome;
  const heading = useRef(null);
  useEffect(() => arrive(heading.current), [outcome]);
  const isDone = answer.status === "completed";
  return html`<section class="fn-outcome" aria-label=${words.title}>
    <header class="fn-outcome-head">
      <h2 ref=${heading} tabindex="-1">${words.title}</h2><${StatusChip} status=${answer.status} /><${TypeTag} type=${answer.type} />
      <span class="spring"></span><a class="button quiet small" href=${jobAddress(answer.jobId)}>${words.job}</a>
    </header>
    ${isDone ? html`<${Done} app=${app} functions=${functions} answer=${answer} />` : html`<${GoesOn} functions=${functions} answer=${answer} />`}
  </section>`;
}

function Done({ app, functions, answer }) {
  return html`
    <${ResultView} app=${app} result=${answer.result} />
    <${Facts} answer=${answer} summary=${functions.live.jobs.value.find((job) => job.jobId === answer.jobId)} />
    <${Degraded} job=${answer} />
    <${Printed} stdout=${answer.stdout} />
    <${CodeView} code=${answer.code} />
    ${answer.classification && html`<details class="fold"><summary><${Icon} name="chevron" />${text.job.how}</summary><${Reasons} found=${answer.classification} /></details>`}
  `;
}

function Facts({ answer, summary }) {
  const tokens = (answer.usage?.inputTokens ?? 0) + (answer.usage?.outputTokens ?? 0);
  const settled = summary?.credits.settled;
  const facts = [
    words.took(span(answer.latencyMs)),
    answer.model && shortName(answer.model),
    tokens > 0 && words.tokens(tokens),
    settled !== null && settled !== undefined && words.credits(credits(settled)),
  ].filter(Boolean);
  return html`<p class="facts">${facts.map((fact) => html`<span class="fact">${fact}</span>`)}</p>`;
}

/** A simpler model answered than was wanted. */
export function Degraded({ job }) {
  const isOffline = /offline/.test(job.model ?? "");
  if (!job.degraded && !isOffline) return null;
  return html`<p class="fn-note">${job.degraded ? words.degraded : words.offline}</p>`;
}

/** Where a job waits, and the way there. */
export function GoesOn({ functions, answer }) {
  const { taskId, sessionId, dueAt } = answer.result ?? {};
  const [title, hint, link] = taskId
    ? [words.person, dueAt && words.personHint(ago(dueAt)), html`<a class="button primary" href=${inboxAddress} onClick=${() => (functions.openTask.value = taskId)}>${words.answer}</a>`]
    : sessionId
      ? [words.build, words.buildHint, html`<a class="button primary" href=${buildAddress(sessionId)}>${words.openBuild}</a>`]
      : [words.going, words.goingHint, html`<a class="button primary" href=${jobAddress(answer.jobId)}>${words.job}</a>`];
  return html`<div class="card fn-card fn-waits">
    <${Glyph} name="clock" />
    <div><p><b>${title}</b></p>${hint && html`<p>${hint}</p>`}<p class="fn-way">${link}</p></div>
  </div>`;
}
