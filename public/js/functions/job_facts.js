// What is known of a job in a few figures, and the rest in words.
import { credits, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { jobAddress } from "./address.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const { fact: names } = text.job;

export function JobFigures({ job }) {
  const isGoing = !hasEnded(job.status);
  const now = useNow(isGoing);
  const took = job.latencyMs ?? now - Date.parse(job.createdAt);
  return html`<dl class="figures">
    <${Figure} name=${isGoing ? names.running : names.took} value=${span(took)} />
    <${Figure} name=${names.type} value=${text.typeOrNone(job.type)} />
    <${Figure} name=${names.attempts} value=${job.attempts} />
    <${Figure} name=${names.credits} value=${paid(job)} />
  </dl>`;
}

const Figure = ({ name, value }) => html`<div class="figure"><dt>${name}</dt><dd>${value}</dd></div>`;

/** Set aside while it goes on, paid when that is settled. */
function paid({ credits: { reserved, settled } }) {
  return settled === null || settled === undefined ? text.result.reserved(credits(reserved)).replace(/ credits/, "") : credits(settled);
}

export function JobAbout({ job }) {
  const tokens = job.usage.inputTokens + job.usage.outputTokens;
  const hosts = job.options.network ?? [];
  return html`<dl class="about" aria-label=${text.job.about}>
    ${job.model && html`<${Line} name=${text.job.model} value=${job.model} />`}
    ${tokens > 0 && html`<${Line} name=${names.tokens} value=${tokens.toLocaleString()} />`}
    ${hosts.length > 0 && html`<${Line} name=${text.form.network} value=${hosts.join(", ")} />`}
    <${Line} name=${text.job.mode} value=${text.form.modes[job.mode]} />
    <${Line} name=${text.job.created} value=${exactTime(job.createdAt)} />
    ${job.replayOf && html`<${Line} name=${text.job.replayOf} value=${html`<a href=${jobAddress(job.replayOf)}>${job.replayOf}</a>`} />`}
  </dl>`;
}

const Line = ({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
