// What is known of a run in a few figures, and the rest in words: isolation, network, limits.
import { html } from "../lib.js";
import { credits, elapsed, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { exactTime } from "../dates.js";
import { runAddress, terminalAddress } from "./address.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const { fact: names } = text.run;

export function RunFigures({ run }) {
  const isGoing = Boolean(run.startedAt) && !hasEnded(run.status);
  const now = useNow(isGoing);
  const took = elapsed(run, now);
  return html`<dl class="figures">
    <${Figure} name=${isGoing ? names.running : names.took} value=${took === null ? "–" : span(took)} />
    <${Figure} name=${names.exit} value=${exitWords(run)} class=${run.exitCode === 0 ? "good" : run.exitCode === null ? "" : "bad"} />
    <${Figure} name=${names.credits} value=${paid(run)} />
    <${Figure} name=${names.limit} value=${span((run.input?.timeoutSeconds ?? 0) * 1000)} />
  </dl>`;
}

function Figure({ name, value, class: feel = "" }) {
  return html`<div class="figure"><dt>${name}</dt><dd class=${feel}>${value}</dd></div>`;
}

function exitWords({ exitCode, status }) {
  if (exitCode === "unknown") return text.run.exitUnknown;
  if (exitCode === null || exitCode === undefined) return hasEnded(status) ? "–" : text.run.notYet;
  return String(exitCode);
}

/** Set aside while it runs, paid when it is over. */
function paid({ credits: { reserved, settled } = {} }) {
  const isSettled = settled !== null && settled !== undefined;
  return isSettled ? text.run.settled(credits(settled)) : text.run.reserved(credits(reserved));
}

export function RunAbout({ run }) {
  const hosts = run.input?.network ?? [];
  return html`<dl class="about">
    ${run.exitCode === "unknown" && html`<${Line} name=${names.exit} value=${text.run.exitUnknownHint} />`}
    ${run.artifactsLost && html`<${Line} name=${text.run.tabs.files} value=${text.files.lostHint} />`}
    ${run.isolation && html`<${Line} name=${names.isolation} value=${run.isolation} />`}
    <${Line} name=${names.network} value=${hosts.length ? hosts.join(", ") : text.run.noNetwork} />
    <${Line} name=${names.started} value=${exactTime(run.startedAt ?? run.createdAt)} />
    ${run.sessionId && html`<${Line} name=${names.sandbox} value=${html`<a href=${terminalAddress(run.sessionId)}>${run.sessionId}</a>`} />`}
    ${run.restartedFrom && html`<${Line} name=${text.run.restartedFrom} value=${html`<a href=${runAddress(run.restartedFrom)}>${run.restartedFrom}</a>`} />`}
    ${run.kind === "task" && html`<${Line} name=${text.run.asked} value=${run.input?.task} />`}
  </dl>`;
}

const Line = ({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
