// One execution: how far it is, its answer with marks and citations, what it was given, and what happened.
import { credits as amount, exactClock, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { agentAddress } from "./address.js";
import { AnswerView } from "./answer_view.js";
import { CopyCall } from "./copy_call.js";
import { creditsOf } from "./execution_marks.js";
import { hasEnded, pieceOf } from "./states.js";
import { text } from "./text.js";

const words = text.execution;

export function ExecutionPage({ app, open }) {
  const execution = open?.execution.value;
  if (!execution && open?.error.value) return html`<${Failure} open=${open} />`;
  if (!execution) return html`<${LoadingRows} rows=${6} />`;
  return html`<div class="reg-page">
    <${Figures} execution=${execution} />
    <section aria-labelledby="reg-output"><h2 id="reg-output">${text.answer.output}</h2><${AnswerView} app=${app} execution=${execution} written=${open.written.value} /></section>
    <${Asked} app=${app} execution=${execution} />
    <${Happened} events=${open.events.value} />
    <${About} execution=${execution} />
  </div>`;
}

function Figures({ execution }) {
  const isGoing = !hasEnded(execution.status);
  const now = useNow(isGoing);
  const { latencyMs, edgeLocation, requestedLocation, tokens, credits, startedAt, createdAt } = execution;
  const latency = latencyMs != null ? text.executions.ms(latencyMs) : isGoing ? words.going(span(now - Date.parse(startedAt ?? createdAt))) : text.agent.none;
  const figures = [
    [words.fact.latency, latency],
    [words.fact.location, edgeLocation ?? text.location(requestedLocation ?? "auto")],
    [words.fact.tokens, words.tokens(tokens?.input ?? 0, tokens?.output ?? 0)],
    [words.fact.credits, credits == null ? text.agent.none : amount(creditsOf(credits))],
  ];
  return html`<dl class="figures">${figures.map(([name, value]) => html`<div class="figure" key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${isGoing && html`<progress class="reg-progress" aria-label=${words.progress}></progress>`}`;
}

function Asked({ app, execution }) {
  const { input, variables = {}, agentId, sessionId, requestedLocation } = execution;
  const names = Object.keys(variables ?? {});
  const request = () => ({
    input,
    ...(names.length ? { variables } : {}),
    ...(sessionId ? { sessionId } : {}),
    ...(requestedLocation === "auto" ? {} : { edgeLocation: requestedLocation }),
    mode: "sync",
  });
  return html`<section>
    <div class="reg-part-head"><h2>${text.answer.input}</h2><${CopyCall} app=${app} path=${`/api/agents/${agentId}/execute`} request=${request} /></div>
    <p class="reg-words">${input}</p>
    ${names.length > 0 && html`<dl class="reg-given" aria-label=${text.answer.variables}>${names.map((name) => html`<div key=${name}><dt>${name}</dt><dd class="reg-words">${String(variables[name])}</dd></div>`)}</dl>`}
  </section>`;
}

function Happened({ events }) {
  const shown = events.filter((event) => !pieceOf(event));
  if (shown.length === 0) return null;
  return html`<section><h2>${words.events}</h2>
    <ol class="reg-events" aria-label=${words.events}>
      ${shown.map(
        ({ number, type, at, data }) => html`<li key=${number} class=${type.split(".").at(-1)}>
          <time datetime=${at} title=${exactTime(at)}>${exactClock(at)}</time>
          <span>${words.event[type.split(".").at(-1)] ?? words.eventOther(type)}${data?.error?.detail ? `: ${data.error.detail}` : ""}</span>
        </li>`,
      )}
    </ol>
  </section>`;
}

function About({ execution }) {
  const { id, agentId, agentName, agentVersion, model, requestedLocation, sessionId, createdAt } = execution;
  const lines = [
    [text.executions.agent, html`<a href=${agentAddress(agentId)}>${agentName}</a>`],
    [words.version, agentVersion],
    [words.model, model],
    [words.asked, requestedLocation && text.location(requestedLocation)],
    [words.session, sessionId],
    [words.created, exactTime(createdAt)],
    [words.id, html`<code>${id}</code>`],
  ].filter(([, value]) => value != null && value !== "");
  return html`<dl class="about" aria-label=${words.about}>${lines.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Failure({ open }) {
  const error = open.error.value;
  if (error.status === 404 || error.status === 422) return html`<${EmptyState} icon="search" title=${words.missing} hint=${words.missingHint} />`;
  return html`<${ErrorState} title=${words.failed} error=${error} onRetry=${() => open.start()} />`;
}
