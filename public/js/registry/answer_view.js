// What an agent answered, while it is written and afterwards: as Markdown through the same renderer as in the chat, with
// its marks, what went wrong, and the passages that it cites.
import { CopyButton } from "../components/copy_button.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { Markdown } from "../markdown/render.js";
import { Marks } from "./execution_marks.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const words = text.answer;

/** `written` is what came of the answer while it is not complete. */
export function AnswerView({ app, execution, written = "" }) {
  const isOver = hasEnded(execution?.status);
  const answer = isOver ? (execution.output ?? "") : (execution?.output || written);
  return html`<div class="reg-answer" aria-busy=${!isOver}>
    ${execution && html`<${Marks} execution=${execution} />`}
    ${answer && html`<${Markdown} text=${answer} streaming=${!isOver} />`}
    ${!answer && !isOver && html`<p class="hint reg-writing"><span class="pulse" aria-hidden="true"></span>${execution?.status === "running" ? words.writing : words.waiting}</p>`}
    ${!answer && execution?.status === "completed" && html`<p class="hint">${words.none}</p>`}
    ${execution?.status === "cancelled" && html`<p class="reg-note">${words.cancelled}</p>`}
    ${execution?.degraded && html`<p class="reg-note">${words.degradedHint}</p>`}
    ${execution?.error && execution.status === "failed" && html`<${Problem} error=${execution.error} />`}
    ${answer && isOver && html`<p class="reg-copy"><${CopyButton} words=${() => answer} toasts=${app.toasts} label=${words.copy} /></p>`}
    <${Citations} citations=${execution?.citations ?? []} />
  </div>`;
}

function Problem({ error }) {
  return html`<section class="card error reg-card" aria-label=${words.failed}>
    <${Icon} name="warning" />
    <div><p><b>${error.detail ?? error.message ?? error.code}</b></p>
      ${error.nextStep && html`<p>${error.nextStep}</p>`}
      ${error.retryable && html`<p>${words.retryable}</p>`}</div>
  </section>`;
}

/** The passages that went with the prompt, by the numbers that the answer cites. */
function Citations({ citations }) {
  if (citations.length === 0) return null;
  return html`<section class="reg-citations" aria-label=${words.citations}>
    <h3>${words.citations}</h3>
    <ol>${citations.map((citation, at) => html`<li key=${at} value=${citation.number ?? at + 1}><${Passage} passage=${{ ...citation, text: citation.passage }} /></li>`)}</ol>
  </section>`;
}

/** A piece of a document with its title; its words stay words. */
export function Passage({ passage }) {
  const { title, text: piece, score, cited } = passage;
  return html`<details class="fold reg-passage">
    <summary><${Icon} name="chevron" /><span>${title}</span>${cited && html`<span class="reg-mark">${words.cited}</span>`}${score != null && html`<small>${words.score(score)}</small>`}</summary>
    <blockquote>${piece}</blockquote>
  </details>`;
}
